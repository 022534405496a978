-- From version 1 of the schema to version 2, which was never given out by itself. Foreign keys are off while it runs.
ALTER TABLE holding ADD COLUMN chain BLOB NOT NULL DEFAULT x'';
ALTER TABLE share ADD COLUMN look INTEGER DEFAULT 0;
CREATE TABLE manifest (
    share INTEGER PRIMARY KEY REFERENCES share (id),
    der   BLOB NOT NULL
) STRICT;
INSERT INTO manifest SELECT id, manifest FROM share;
ALTER TABLE share DROP COLUMN manifest;
CREATE TABLE holding_grant (
    holding INTEGER PRIMARY KEY REFERENCES holding (id),
    der     BLOB NOT NULL
) STRICT;
INSERT INTO holding_grant SELECT id, grant_der FROM holding WHERE grant_der IS NOT NULL;
ALTER TABLE holding DROP COLUMN grant_der;
CREATE INDEX share_look ON share (look);
CREATE INDEX share_arriving ON share (id) WHERE state = 'arriving';
CREATE INDEX part_missing ON part (share) WHERE wanted = 1 AND held = 0;
CREATE INDEX holding_unreceipted ON holding (share) WHERE state = 'live' AND receipted = 0;
ALTER TABLE letter_seen ADD COLUMN unread INTEGER NOT NULL DEFAULT 0;

CREATE TABLE destination_2 (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    share    INTEGER NOT NULL REFERENCES share (id),
    contact  TEXT NOT NULL REFERENCES contact (fingerprint),
    mailbox  TEXT NOT NULL,
    letter   TEXT NOT NULL,
    issued   INTEGER NOT NULL,
    permit   BLOB NOT NULL,
    stations TEXT NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('waiting', 'queued', 'sent', 'delivered', 'refused', 'failed', 'revoked', 'deleted')),
    error    TEXT,
    changed  INTEGER NOT NULL,
    ancestors BLOB NOT NULL DEFAULT x'',
    passed_by TEXT,
    bounce   TEXT,
    UNIQUE (share, contact)
) STRICT;
INSERT INTO destination_2 (id, share, contact, mailbox, letter, issued, permit, stations, state, error, changed)
    SELECT id, share, contact, mailbox, letter, issued, permit, stations, state, error, changed FROM destination;
DROP TABLE destination;
ALTER TABLE destination_2 RENAME TO destination;
CREATE INDEX revocation_share ON revocation (origin, share);
CREATE INDEX outbox_destination ON outbox_recipient (destination);

-- What a person of the house passed on to another one of the same house: without mail, within the holding.
CREATE TABLE local_grant (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    holding   INTEGER NOT NULL REFERENCES holding (id),
    station   TEXT NOT NULL,
    passed_by TEXT NOT NULL,
    rules     TEXT NOT NULL,
    issued    INTEGER NOT NULL,
    UNIQUE (holding, station, passed_by)
) STRICT;
CREATE TABLE local_grant_item (
    local_grant INTEGER NOT NULL REFERENCES local_grant (id),
    item        INTEGER NOT NULL REFERENCES share_item (id),
    PRIMARY KEY (local_grant, item)
) STRICT, WITHOUT ROWID;

-- Copies further on, of which receipts told: below a destination of this household.
CREATE TABLE onward_copy (
    permit  TEXT PRIMARY KEY,
    share   INTEGER NOT NULL REFERENCES share (id),
    branch  TEXT NOT NULL,
    holder  TEXT NOT NULL,
    chain   BLOB NOT NULL,
    state   TEXT NOT NULL CHECK (state IN ('forwarded', 'revoked', 'deleted')),
    changed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX onward_copy_share ON onward_copy (share, branch);

-- Revocations that are told to other households, daily until they say `deleted`.
CREATE TABLE recall (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    share   INTEGER NOT NULL REFERENCES share (id),
    contact TEXT NOT NULL REFERENCES contact (fingerprint),
    digest  TEXT NOT NULL,
    signed  BLOB NOT NULL,
    begun   INTEGER NOT NULL,
    next    INTEGER NOT NULL,
    UNIQUE (contact, digest)
) STRICT;

-- Shares of which parts are missing, and how far the search for them is.
CREATE TABLE search (
    share INTEGER PRIMARY KEY REFERENCES share (id),
    since INTEGER NOT NULL,
    asked INTEGER NOT NULL,
    next  INTEGER NOT NULL
) STRICT;

-- Parts that were sent because a household asked for them, so that none is sent for ever.
CREATE TABLE part_answer (
    contact TEXT NOT NULL,
    digest  TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX part_answer_who ON part_answer (contact, digest, at);

-- Stations that ask for more: of other households (`incoming`), and of this one.
CREATE TABLE request (
    ref      TEXT PRIMARY KEY,
    incoming INTEGER NOT NULL,
    letter   TEXT NOT NULL,
    contact  TEXT NOT NULL,
    share    INTEGER NOT NULL REFERENCES share (id),
    station  TEXT NOT NULL,
    rules    TEXT NOT NULL,
    message  TEXT NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('open', 'yes', 'no')),
    answer   TEXT NOT NULL DEFAULT '',
    at       INTEGER NOT NULL,
    UNIQUE (contact, letter)
) STRICT, WITHOUT ROWID;

-- What was handed in: so that a bounce about it is known, and how much goes out in a day. Kept for 30 days.
CREATE TABLE sent (
    message_id  TEXT NOT NULL,
    mailbox     TEXT NOT NULL,
    destination INTEGER,
    at          INTEGER NOT NULL,
    PRIMARY KEY (message_id, mailbox)
) STRICT, WITHOUT ROWID;
CREATE INDEX sent_at ON sent (at);

-- What a person is told of in one mail, once it has been quiet long enough.
CREATE TABLE gathered (
    station TEXT NOT NULL,
    share   INTEGER NOT NULL REFERENCES share (id),
    at      INTEGER NOT NULL,
    PRIMARY KEY (station, share)
) STRICT, WITHOUT ROWID;

-- Until when a person is left alone after a notice.
CREATE TABLE quiet (
    station TEXT PRIMARY KEY,
    until   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
