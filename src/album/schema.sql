-- The album of one home server. Names, titles and dates are plain rows, for search; media and content keys are not
-- here: parts lie sealed in the blob folder, grants lie sealed to the server's own encryption key.
-- Times are whole seconds since 1970, UTC. Digests, fingerprints and ids are text as on the wire.

-- Single values: 'clock_floor', 'clock_boot', 'clock_uptime', 'clock_wall', 'clock_confirmed'.
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Other home servers, keyed by identity.
CREATE TABLE contact (
    fingerprint  TEXT PRIMARY KEY,
    mailbox      TEXT NOT NULL,             -- where mail for it goes
    name         TEXT NOT NULL,             -- what it calls itself
    identity     BLOB NOT NULL,             -- DER of its identity certificate
    encryption   BLOB NOT NULL DEFAULT x'', -- DERs of its encryption certificates, one after another
    trust        TEXT NOT NULL CHECK (trust IN ('pending', 'seen', 'verified')),
    blocked      INTEGER NOT NULL DEFAULT 0,
    accepted     INTEGER NOT NULL DEFAULT 0, -- the keeper wants to hear from it
    card_issued  INTEGER NOT NULL DEFAULT 0, -- of the newest card; older ones are passed over
    card_answered INTEGER NOT NULL DEFAULT 0, -- when it was last sent our card
    added        INTEGER NOT NULL,
    announced    TEXT NOT NULL DEFAULT '', -- what of this household's people and words it was last sent; empty: none
    unproven     INTEGER NOT NULL DEFAULT 0, -- it came by an invitation, and its mailbox has not answered yet
    answered     INTEGER NOT NULL DEFAULT 0 -- it answered from a mailbox of its own
) STRICT;
CREATE INDEX contact_mailbox ON contact (mailbox);
CREATE INDEX contact_typed ON contact (mailbox COLLATE NOCASE); -- however it is spelled
-- Whom is to be told anew, and who waits, without a look at all that are known: a household may know thousands.
CREATE INDEX contact_announced ON contact (announced, added, fingerprint) WHERE accepted = 1 AND blocked = 0;
CREATE INDEX contact_waiting ON contact (blocked, card_answered) WHERE accepted = 0;
CREATE INDEX contact_card_answered ON contact (card_answered);

-- Card-requests that were sent and not yet answered.
CREATE TABLE card_request (
    nonce   TEXT PRIMARY KEY,
    mailbox TEXT NOT NULL,
    sent    INTEGER NOT NULL,
    message_id TEXT NOT NULL DEFAULT '', -- of the mail, so that one that came back is known
    trouble TEXT                -- why it did not arrive, in words
) STRICT, WITHOUT ROWID;

-- Another identity that claims a known contact's mailbox: shown, never taken. It is over once the claimant is blocked.
CREATE TABLE claim (
    fingerprint TEXT PRIMARY KEY,
    mailbox     TEXT NOT NULL,
    seen        INTEGER NOT NULL,
    wrote       INTEGER NOT NULL DEFAULT 1, -- it is known by more than the directory
    directory   INTEGER NOT NULL DEFAULT 0  -- the directory says so
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_directory ON claim (mailbox) WHERE directory = 1;

-- Where a household was before it moved by its own identity: who means it by that mailbox means it still.
CREATE TABLE former_mailbox (
    mailbox TEXT PRIMARY KEY,
    contact TEXT NOT NULL REFERENCES contact (fingerprint) ON DELETE CASCADE,
    moved   INTEGER NOT NULL -- when it left
) STRICT, WITHOUT ROWID;
CREATE INDEX former_mailbox_contact ON former_mailbox (contact);

-- A key word names station addresses.
CREATE TABLE keyword (
    word    TEXT NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (word, address)
) STRICT, WITHOUT ROWID;

-- The people of the house.
CREATE TABLE person (
    station TEXT PRIMARY KEY,
    mail    TEXT NOT NULL, -- where notices go; empty: nowhere
    added   INTEGER NOT NULL,
    notices TEXT NOT NULL DEFAULT 'at-once' CHECK (notices IN ('at-once', 'daily', 'none')), -- when they are told
    language TEXT NOT NULL DEFAULT '' -- of the pages; empty: as the browser says
) STRICT, WITHOUT ROWID;

-- This household's own items: sealed files under the storage key.
CREATE TABLE item (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    ref         TEXT NOT NULL UNIQUE, -- what people type
    file        TEXT NOT NULL UNIQUE, -- id of the sealed file, part of its key's derivation
    sha256      TEXT NOT NULL,        -- of the plaintext: who is the same as whom
    size        INTEGER NOT NULL,     -- bytes of plaintext
    kind        TEXT NOT NULL,
    name        TEXT NOT NULL,
    media_type  TEXT NOT NULL,        -- by our own look at the first bytes
    taken       TEXT,                 -- local time, offset only where known
    width       INTEGER,
    height      INTEGER,
    source      TEXT NOT NULL,        -- path it came from, for the record
    added       INTEGER NOT NULL,
    caption     TEXT NOT NULL DEFAULT '',
    added_by    TEXT,                 -- the person of the house who added it; NULL: somebody at the command line
    private     INTEGER NOT NULL DEFAULT 0, -- for that person alone
    deleted     INTEGER,              -- since when it lies in the bin
    shown       TEXT NOT NULL DEFAULT '', -- where it stands in the album: when it was taken, else when it was added (UTC)
    words       TEXT NOT NULL DEFAULT '', -- name and caption in small letters, for search
    goes_with   INTEGER REFERENCES item (id) ON DELETE SET NULL -- the picture it belongs to: its sound, its raw file, its clip
) STRICT;
CREATE INDEX item_goes_with ON item (goes_with) WHERE goes_with IS NOT NULL;
-- Not unique: what is one person's alone must not be found out by adding it too.
CREATE INDEX item_content ON item (sha256);
CREATE INDEX item_shown ON item (shown, id);
CREATE INDEX item_bin ON item (deleted) WHERE deleted IS NOT NULL;

-- Who else added the same content, so that it is theirs too.
CREATE TABLE item_also (
    item   INTEGER NOT NULL REFERENCES item (id),
    person TEXT NOT NULL, -- empty: somebody at the command line
    PRIMARY KEY (item, person)
) STRICT, WITHOUT ROWID;

-- Pictures of own items for grid and screen, made once: sealed one behind the other in one file under the storage key.
-- They can be made again at any time.
CREATE TABLE own_picture (
    item          INTEGER PRIMARY KEY REFERENCES item (id),
    file          TEXT UNIQUE,      -- id of the sealed file; NULL: none can be made
    thumb_size    INTEGER NOT NULL, -- bytes of plaintext
    thumb_width   INTEGER NOT NULL,
    thumb_height  INTEGER NOT NULL,
    screen_size   INTEGER NOT NULL, -- bytes of plaintext
    screen_width  INTEGER NOT NULL,
    screen_height INTEGER NOT NULL,
    trouble       TEXT              -- why none can be made
) STRICT;

-- Files that come in by pieces. The sealed file grows; `received` says how much of it counts.
CREATE TABLE upload (
    id       TEXT PRIMARY KEY,     -- chance
    person   TEXT,                 -- who of the house sends it; NULL: somebody at the command line
    name     TEXT NOT NULL,
    private  INTEGER NOT NULL,     -- becomes an item for that person alone
    size     INTEGER NOT NULL,     -- bytes of plaintext in all
    received INTEGER NOT NULL,     -- bytes of plaintext that are sealed and on disk
    file     TEXT NOT NULL UNIQUE, -- id of the sealed file, part of its key's derivation
    touched  INTEGER NOT NULL      -- when something came last
) STRICT, WITHOUT ROWID;

-- Uploads that became items, so that who asks for it once more gets the same item. Kept for three days.
CREATE TABLE finished_upload (
    id     TEXT PRIMARY KEY,     -- of the upload
    person TEXT,                 -- who of the house sent it; NULL: somebody at the command line
    item   INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    known  INTEGER NOT NULL,     -- the item was there before
    at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX finished_upload_item ON finished_upload (item);

-- Named selections of own items.
CREATE TABLE collection (
    ref   TEXT PRIMARY KEY,
    name  TEXT NOT NULL UNIQUE,
    added INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE collection_item (
    collection TEXT NOT NULL REFERENCES collection (ref),
    item       INTEGER NOT NULL REFERENCES item (id),
    PRIMARY KEY (collection, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX collection_item_item ON collection_item (item);

-- How often what pages of the album show became other: for all of the house, and for the one person who sees it alone.
CREATE TABLE album_change (
    person TEXT PRIMARY KEY, -- empty: all of the house
    count  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER item_came AFTER INSERT ON item BEGIN
    INSERT INTO album_change (person, count) VALUES (iif(NEW.private, coalesce(NEW.added_by, ''), ''), 1)
    ON CONFLICT (person) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER item_changed
AFTER UPDATE OF name, caption, private, added_by, deleted, shown, width, height, goes_with ON item BEGIN
    INSERT INTO album_change (person, count) VALUES
        (iif(OLD.private, coalesce(OLD.added_by, ''), ''), 1), (iif(NEW.private, coalesce(NEW.added_by, ''), ''), 1)
    ON CONFLICT (person) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER item_went AFTER DELETE ON item BEGIN
    INSERT INTO album_change (person, count) VALUES (iif(OLD.private, coalesce(OLD.added_by, ''), ''), 1)
    ON CONFLICT (person) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER collection_came AFTER INSERT ON collection BEGIN
    INSERT INTO album_change (person, count) VALUES ('', 1) ON CONFLICT (person) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER collection_changed AFTER UPDATE ON collection BEGIN
    INSERT INTO album_change (person, count) VALUES ('', 1) ON CONFLICT (person) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER collection_went AFTER DELETE ON collection BEGIN
    INSERT INTO album_change (person, count) VALUES ('', 1) ON CONFLICT (person) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER collection_item_came AFTER INSERT ON collection_item BEGIN
    INSERT INTO album_change (person, count)
    SELECT iif(private, coalesce(added_by, ''), ''), 1 FROM item WHERE id = NEW.item
    ON CONFLICT (person) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER collection_item_went AFTER DELETE ON collection_item BEGIN
    INSERT INTO album_change (person, count)
    SELECT iif(private, coalesce(added_by, ''), ''), 1 FROM item WHERE id = OLD.item
    ON CONFLICT (person) DO UPDATE SET count = count + 1;
END;

-- Shares known here, own and received. A share is the pair (origin, wire id).
CREATE TABLE share (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    ref        TEXT NOT NULL UNIQUE,
    origin     TEXT NOT NULL,
    wire       TEXT NOT NULL,
    manifest_digest TEXT NOT NULL,
    title      TEXT NOT NULL DEFAULT '', -- that of the holding by which it is called here
    message    TEXT NOT NULL DEFAULT '', -- of the same
    created    INTEGER NOT NULL,
    arrived    INTEGER NOT NULL,       -- first grant taken here, or made here
    state      TEXT NOT NULL CHECK (state IN ('arriving', 'complete', 'expired', 'revoked')),
    ended      INTEGER,                -- tombstone: when
    look       INTEGER DEFAULT 0,      -- when something of it may be over; NULL: not by the clock alone
    UNIQUE (origin, wire)
) STRICT;
CREATE INDEX share_look ON share (look);
CREATE INDEX share_arriving ON share (id) WHERE state = 'arriving';
-- Apart from the rows that are listed, for it is large.
CREATE TABLE manifest (
    share INTEGER PRIMARY KEY REFERENCES share (id),
    der   BLOB NOT NULL         -- SignedData
) STRICT;

-- The items of a share with what their `about` says, once it could be opened.
CREATE TABLE share_item (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    ref        TEXT NOT NULL UNIQUE,
    share      INTEGER NOT NULL REFERENCES share (id),
    wire       TEXT NOT NULL,
    position   INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    name       TEXT,
    media_type TEXT,
    caption    TEXT,
    taken      TEXT,
    width      INTEGER,
    height     INTEGER,
    own        INTEGER REFERENCES item (id), -- of an own share: which own item it was made from
    goes_with  TEXT,                         -- id on the wire of the item of this share that it belongs to
    UNIQUE (share, wire)
) STRICT;
CREATE INDEX share_item_own ON share_item (own) WHERE own IS NOT NULL;

-- The parts of a share. `held`: its blob is in the folder.
CREATE TABLE part (
    share    INTEGER NOT NULL REFERENCES share (id),
    item     INTEGER NOT NULL REFERENCES share_item (id),
    tier     TEXT NOT NULL,
    position INTEGER NOT NULL,
    digest   TEXT NOT NULL,
    len      INTEGER NOT NULL, -- DER bytes: follows from the size in the manifest
    wanted   INTEGER NOT NULL DEFAULT 0, -- some grant here makes us expect it
    held     INTEGER NOT NULL DEFAULT 0,
    opened   INTEGER NOT NULL DEFAULT 0, -- it was opened once with its key
    PRIMARY KEY (share, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX part_digest ON part (digest);
CREATE INDEX part_item ON part (item, tier, position);
CREATE INDEX part_missing ON part (share) WHERE wanted = 1 AND held = 0;

-- What one granter has granted of one share to this server. An own share has one from this server to itself.
CREATE TABLE holding (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    share     INTEGER NOT NULL REFERENCES share (id),
    granter   TEXT NOT NULL,
    letter    TEXT NOT NULL,     -- id of the grant letter
    issued    INTEGER NOT NULL,
    permit    TEXT NOT NULL,     -- digest of the last permit
    passed_on INTEGER NOT NULL,  -- the permit allows passing on
    chain     BLOB NOT NULL DEFAULT x'', -- DERs of the permits it stands on, origin first; empty for an own share
    state     TEXT NOT NULL CHECK (state IN ('live', 'expired', 'revoked')),
    receipted INTEGER NOT NULL DEFAULT 0, -- `complete` was put into the outbox for this letter
    title     TEXT NOT NULL DEFAULT '',  -- as its granter wrote it
    message   TEXT NOT NULL DEFAULT '',  -- as its granter wrote it
    UNIQUE (share, granter)
) STRICT;
CREATE INDEX holding_unreceipted ON holding (share) WHERE state = 'live' AND receipted = 0;
-- Its keys, as they came. They go when the holding ends; it stays as a tombstone.
CREATE TABLE holding_grant (
    holding INTEGER PRIMARY KEY REFERENCES holding (id),
    der     BLOB NOT NULL       -- the grant letter, enveloped to this server's encryption key
) STRICT;

-- The rules of a holding, per station and item. Rules are the same for all items of a holding.
CREATE TABLE holding_station (
    holding INTEGER NOT NULL REFERENCES holding (id),
    station TEXT NOT NULL,
    rules   TEXT NOT NULL,      -- JSON of PROTOCOL 5
    PRIMARY KEY (holding, station)
) STRICT, WITHOUT ROWID;

-- Which items a holding's keys open, and up to which tier.
CREATE TABLE holding_item (
    holding INTEGER NOT NULL REFERENCES holding (id),
    item    INTEGER NOT NULL REFERENCES share_item (id),
    tier    TEXT NOT NULL,
    PRIMARY KEY (holding, item)
) STRICT, WITHOUT ROWID;

-- When the first item of a share became viewable to a person. Never restarts.
CREATE TABLE viewable (
    share   INTEGER NOT NULL REFERENCES share (id),
    station TEXT NOT NULL,
    since   INTEGER NOT NULL,
    PRIMARY KEY (share, station)
) STRICT, WITHOUT ROWID;

-- Views that were counted. Never restarts.
CREATE TABLE view (
    item    INTEGER NOT NULL REFERENCES share_item (id),
    station TEXT NOT NULL,
    views   INTEGER NOT NULL,
    last    INTEGER NOT NULL,
    PRIMARY KEY (item, station)
) STRICT, WITHOUT ROWID;

-- Who was told of which share.
CREATE TABLE noticed (
    share   INTEGER NOT NULL REFERENCES share (id),
    station TEXT NOT NULL,
    told    INTEGER NOT NULL,
    PRIMARY KEY (share, station)
) STRICT, WITHOUT ROWID;

-- What was granted to others, one row a share and household.
CREATE TABLE destination (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    share    INTEGER NOT NULL REFERENCES share (id),
    contact  TEXT NOT NULL REFERENCES contact (fingerprint),
    mailbox  TEXT NOT NULL,
    letter   TEXT NOT NULL,     -- id of the grant letter
    issued   INTEGER NOT NULL,
    permit   BLOB NOT NULL,     -- the signed permit given
    stations TEXT NOT NULL,     -- JSON list of {name, rules}
    state    TEXT NOT NULL CHECK (state IN ('waiting', 'queued', 'sent', 'delivered', 'refused', 'failed', 'revoked', 'deleted')),
    error    TEXT,              -- why it was refused or failed, in words
    changed  INTEGER NOT NULL,
    ancestors BLOB NOT NULL DEFAULT x'', -- DERs of the permits before that one, origin first; none of an own share
    passed_by TEXT,             -- the person of the house who passed it on last; NULL: nobody did, or who has left the house
    bounce   TEXT,              -- what a bounce said, until a receipt says otherwise
    went     INTEGER NOT NULL DEFAULT 0, -- whether anything may have left the house: 0 nothing, 1 of a grant before, 2 of this one, 3: it says that it has this one
    UNIQUE (share, contact)
) STRICT;

-- What each person of the house passed on to a household: what that one is granted is made of all of it. Of another's share.
CREATE TABLE given_by (
    destination INTEGER NOT NULL REFERENCES destination (id),
    person   TEXT NOT NULL,     -- who of the house; with a dot before it: who has left it
    stations TEXT NOT NULL,     -- JSON list of {name, rules}; empty: it only carries it
    items    TEXT,              -- which items, JSON list of their ids on the wire; NULL: those of the permit given
    onward   TEXT,              -- what may travel on: JSON of PROTOCOL 5; NULL: it was not said
    ended    INTEGER,           -- when the person took it back; NULL: it stands
    PRIMARY KEY (destination, person)
) STRICT, WITHOUT ROWID;

-- What somebody chose for a person elsewhere who has other rights since by a yes to a request: what is chosen next begins with
-- the choice. Without a row, what the person has was chosen.
CREATE TABLE chosen (
    destination INTEGER NOT NULL REFERENCES destination (id),
    station TEXT NOT NULL,  -- that person
    rules   TEXT,           -- JSON of PROTOCOL 5; NULL: nothing was chosen by that share
    PRIMARY KEY (destination, station)
) STRICT, WITHOUT ROWID;

-- Messages to be submitted. A message of parts is a frame; its parts are streamed from the blob folder.
CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL CHECK (kind IN ('letter', 'parts', 'notice')),
    message_id TEXT NOT NULL,
    date       INTEGER NOT NULL,
    body       BLOB,               -- the whole message of a letter or notice; NULL for parts
    size       INTEGER NOT NULL,
    share      INTEGER REFERENCES share (id)
) STRICT;
CREATE INDEX outbox_message_id ON outbox (message_id);
CREATE TABLE outbox_part (
    message  INTEGER NOT NULL REFERENCES outbox (id),
    position INTEGER NOT NULL,
    digest   TEXT NOT NULL,
    len      INTEGER NOT NULL,
    PRIMARY KEY (message, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE outbox_recipient (
    message     INTEGER NOT NULL REFERENCES outbox (id),
    mailbox     TEXT NOT NULL,
    destination INTEGER REFERENCES destination (id), -- whose state follows
    state       TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'failed')),
    tries       INTEGER NOT NULL DEFAULT 0,
    next_try    INTEGER NOT NULL DEFAULT 0,
    error       TEXT,
    returned    INTEGER NOT NULL DEFAULT 0, -- how often a full mailbox sent it back
    carried     INTEGER REFERENCES holding (id), -- it is passed on for the household that granted that
    asked       BLOB,       -- it was asked for: the DERs of the permits that were shown, origin first; empty: not known which
    PRIMARY KEY (message, mailbox)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_destination ON outbox_recipient (destination);
CREATE INDEX outbox_due ON outbox_recipient (state, next_try);

-- How far each folder of the mailbox was read.
CREATE TABLE folder (
    name         TEXT PRIMARY KEY,
    uid_validity INTEGER NOT NULL,
    next_uid     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What was found about a message or body part, so that nothing is fetched or judged twice. `part`: the IMAP section,
-- empty for the message. Ordinary mail has no row.
CREATE TABLE verdict (
    folder  TEXT NOT NULL REFERENCES folder (name),
    uid     INTEGER NOT NULL,
    section TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('pending', 'unclaimed', 'refused', 'taken')),
    digest  TEXT,           -- of the part that lies there
    size    INTEGER NOT NULL DEFAULT 0,
    waits   TEXT,           -- fingerprint or 'clock': what a pending letter waits for
    reason  TEXT,
    at      INTEGER NOT NULL,
    PRIMARY KEY (folder, uid, section)
) STRICT, WITHOUT ROWID;
CREATE INDEX verdict_digest ON verdict (digest);

-- Letters that were acted on, so that a replay is passed over.
CREATE TABLE letter_seen (
    id TEXT NOT NULL,
    sender TEXT NOT NULL,
    at INTEGER NOT NULL,
    unread INTEGER NOT NULL DEFAULT 0, -- it could not be read, and that was answered
    PRIMARY KEY (sender, id)
) STRICT, WITHOUT ROWID;

-- Revocations that came; some of them before their grant.
CREATE TABLE revocation (
    digest  TEXT PRIMARY KEY,
    origin  TEXT NOT NULL,
    share   TEXT NOT NULL,
    signed  BLOB NOT NULL,
    sender  TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX revocation_share ON revocation (origin, share);

-- What a person of the house passed on to another one of the same house: without mail, within the holding.
CREATE TABLE local_grant (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    holding   INTEGER NOT NULL REFERENCES holding (id),
    station   TEXT NOT NULL,    -- to whom
    passed_by TEXT NOT NULL,    -- by whom
    rules     TEXT NOT NULL,    -- JSON of PROTOCOL 5
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
    permit  TEXT PRIMARY KEY,   -- digest of the last permit of its chain
    share   INTEGER NOT NULL REFERENCES share (id),
    branch  TEXT NOT NULL,      -- to whom this household gave what it stands on
    holder  TEXT NOT NULL,      -- to whom that permit is
    chain   BLOB NOT NULL,      -- DERs of its permits, origin first
    state   TEXT NOT NULL CHECK (state IN ('forwarded', 'revoked', 'deleted')),
    changed INTEGER NOT NULL,
    never_went INTEGER NOT NULL DEFAULT 0, -- whether it is gone because it was taken back before anything of it had left
    confirmed INTEGER NOT NULL DEFAULT 0 -- whether its holder itself said that it has it: no word of others undoes that
) STRICT, WITHOUT ROWID;
CREATE INDEX onward_copy_share ON onward_copy (share, branch);

-- Every permit that was given to a household and not taken back: copies further on may stand on any of them.
CREATE TABLE given_permit (
    permit  TEXT PRIMARY KEY,   -- its digest
    share   INTEGER NOT NULL REFERENCES share (id),
    contact TEXT NOT NULL REFERENCES contact (fingerprint)
) STRICT, WITHOUT ROWID;
CREATE INDEX given_permit_share ON given_permit (share, contact);

-- People elsewhere who may have kept files by a grant that was replaced or taken back since: nothing recalls those.
CREATE TABLE kept_elsewhere (
    share   INTEGER NOT NULL REFERENCES share (id), -- of which they had files
    contact TEXT NOT NULL REFERENCES contact (fingerprint), -- the household
    station TEXT NOT NULL,      -- the person there
    PRIMARY KEY (share, contact, station)
) STRICT, WITHOUT ROWID;

-- Revocations that are told to other households, daily until they say `deleted`.
CREATE TABLE recall (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    share   INTEGER NOT NULL REFERENCES share (id),
    contact TEXT NOT NULL REFERENCES contact (fingerprint),
    digest  TEXT NOT NULL,      -- of the revocation
    signed  BLOB NOT NULL,      -- the revocation as it was signed
    begun   INTEGER NOT NULL,
    next    INTEGER NOT NULL,   -- when it is told again
    UNIQUE (contact, digest)
) STRICT;

-- Shares of which parts are missing, and how far the search for them is.
CREATE TABLE search (
    share INTEGER PRIMARY KEY REFERENCES share (id),
    since INTEGER NOT NULL,     -- the last part that came, or the grant
    asked INTEGER NOT NULL,     -- how many households were asked since
    next  INTEGER NOT NULL      -- when the next one is
) STRICT;

-- Parts that were sent because a household asked for them, so that none is sent for ever.
CREATE TABLE part_answer (
    contact TEXT NOT NULL,
    digest  TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX part_answer_who ON part_answer (contact, digest, at);
CREATE INDEX part_answer_at ON part_answer (at);

-- Stations that ask for more: of other households (`incoming`), and of this one.
CREATE TABLE request (
    ref      TEXT PRIMARY KEY,  -- what people type
    incoming INTEGER NOT NULL,
    letter   TEXT NOT NULL,     -- id of the letter that asks
    contact  TEXT NOT NULL,     -- who asks, or who is asked
    share    INTEGER NOT NULL REFERENCES share (id),
    station  TEXT NOT NULL,
    rules    TEXT NOT NULL,     -- JSON of PROTOCOL 5
    message  TEXT NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('open', 'yes', 'no')),
    answer   TEXT NOT NULL DEFAULT '', -- the words that came with it
    at       INTEGER NOT NULL,
    UNIQUE (contact, letter)
) STRICT, WITHOUT ROWID;

-- What was handed in: so that a bounce about it is known, and how much goes out in a day. Kept for 30 days.
CREATE TABLE sent (
    message_id  TEXT NOT NULL,
    mailbox     TEXT NOT NULL,
    destination INTEGER,    -- about whose share it was
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

-- Who may sign in at the station.
CREATE TABLE account (
    station  TEXT PRIMARY KEY REFERENCES person (station) ON DELETE CASCADE,
    password TEXT NOT NULL,     -- argon2id, as a PHC string
    keeper   INTEGER NOT NULL,  -- manages households, people and settings
    changed  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Browsers that are signed in.
CREATE TABLE session (
    digest     TEXT PRIMARY KEY,  -- SHA-256 of what the browser holds
    station    TEXT NOT NULL REFERENCES account (station) ON DELETE CASCADE,
    remembered INTEGER NOT NULL,  -- it stays for a year of silence, not for a fortnight
    browser    TEXT NOT NULL,     -- what it calls itself, for the list of them
    begun      INTEGER NOT NULL,
    used       INTEGER NOT NULL   -- to within an hour
) STRICT, WITHOUT ROWID;
CREATE INDEX session_station ON session (station);

-- Browsers in which a person was signed in before: what strangers try does not keep them out.
CREATE TABLE known_browser (
    digest  TEXT NOT NULL,        -- SHA-256 of what the browser holds
    station TEXT NOT NULL REFERENCES account (station) ON DELETE CASCADE,
    used    INTEGER NOT NULL,
    PRIMARY KEY (digest, station)
) STRICT, WITHOUT ROWID;

-- Links that open once: to make the first account, or to choose a password.
CREATE TABLE welcome (
    digest  TEXT PRIMARY KEY,     -- SHA-256 of the secret in the link
    station TEXT REFERENCES person (station) ON DELETE CASCADE, -- NULL: whoever comes first, as the keeper
    ends    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Shares that a person has opened in the browser: the others are new to them.
CREATE TABLE seen (
    share   INTEGER NOT NULL REFERENCES share (id),
    station TEXT NOT NULL,
    PRIMARY KEY (share, station)
) STRICT, WITHOUT ROWID;

-- Who of the house shared something in the browser; what is not here was shared at the command line.
CREATE TABLE shared_by (
    share   INTEGER PRIMARY KEY REFERENCES share (id),
    station TEXT NOT NULL -- empty: who has left the house
) STRICT;

-- Households that want something, and whom of the house that is still to be told.
CREATE TABLE knock (
    station TEXT NOT NULL,      -- who is to be told
    contact TEXT NOT NULL,      -- the household, by its fingerprint
    kind    TEXT NOT NULL CHECK (kind IN ('request', 'stranger', 'ended', 'claim')), -- it asks for more, waits to be accepted, its identity has ended, or it claims the mailbox of another
    at      INTEGER NOT NULL,   -- since when
    PRIMARY KEY (station, contact, kind)
) STRICT, WITHOUT ROWID;

-- What programs act with for a person.
CREATE TABLE token (
    digest  TEXT PRIMARY KEY,     -- SHA-256 of what the program holds
    station TEXT NOT NULL REFERENCES person (station) ON DELETE CASCADE,
    name    TEXT NOT NULL,        -- what the person calls the program
    scopes  TEXT NOT NULL,        -- what it may do, with spaces between
    made    INTEGER NOT NULL,
    used    INTEGER,              -- to within an hour; NULL: never
    ends    INTEGER,              -- NULL: with the person alone
    UNIQUE (station, name)
) STRICT, WITHOUT ROWID;

-- What programs ask for with a key of theirs, so that it is done once. Kept for a day.
CREATE TABLE asked_once (
    station TEXT NOT NULL REFERENCES person (station) ON DELETE CASCADE,
    key     TEXT NOT NULL,        -- the program's, as it was sent
    request TEXT NOT NULL,        -- SHA-256 of all that was asked for
    answer  TEXT,                 -- JSON; NULL: begun, and nobody knows how it ended
    at      INTEGER NOT NULL,
    PRIMARY KEY (station, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX asked_once_at ON asked_once (at);

-- What an album program has chosen for a person to share. Kept for a day.
CREATE TABLE selection (
    id      TEXT PRIMARY KEY,     -- chance, so that nobody guesses it
    station TEXT NOT NULL REFERENCES person (station) ON DELETE CASCADE,
    title   TEXT NOT NULL,
    items   TEXT NOT NULL,        -- references, with spaces between
    ends    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Files of memory cards, cameras and watched folders that were read: so that the next look at one is quick.
CREATE TABLE card_file (
    card    TEXT NOT NULL,      -- the volume's id, the folder, or the camera
    path    BLOB NOT NULL,      -- below that, as the system has it
    size    INTEGER NOT NULL,   -- bytes
    changed INTEGER NOT NULL,   -- when it was written, in seconds, as the card says
    trouble TEXT,               -- why it stayed out, if it did
    PRIMARY KEY (card, path)
) STRICT, WITHOUT ROWID;

-- Files of memory cards whose reading was begun: how each of them is to come in. Gone when it is in.
CREATE TABLE card_begun (
    card    TEXT NOT NULL,      -- as in card_file
    path    BLOB NOT NULL,      -- below that, as the system has it
    size    INTEGER NOT NULL,   -- bytes
    changed INTEGER NOT NULL,   -- when it was written, in seconds, as the card says
    album   TEXT,               -- under which name it is gathered; NULL: none
    person  TEXT,               -- who brings it in; NULL: it was not said
    private INTEGER NOT NULL,   -- whether for that person alone
    PRIMARY KEY (card, path)
) STRICT, WITHOUT ROWID;

-- Invitations that were given from here.
CREATE TABLE invitation (
    ref       TEXT PRIMARY KEY,            -- what people type
    file      TEXT NOT NULL UNIQUE,        -- the name under which the secret is sealed, part of its key's derivation
    secret    BLOB NOT NULL,               -- sealed under the storage key
    person    TEXT,                        -- who of the house gave it; NULL: somebody at the command line
    made      INTEGER NOT NULL,
    ends      INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL DEFAULT 0,
    asked     INTEGER,                     -- when somebody last asked for our card with it
    joined    TEXT,                        -- who came in with it, by its fingerprint
    joined_at INTEGER,
    trouble   TEXT                         -- what came with it last and was refused, in words
) STRICT, WITHOUT ROWID;

-- Invitations of others that this household follows. One of each mailbox.
CREATE TABLE joining (
    mailbox TEXT PRIMARY KEY,          -- where the inviter is asked
    nonce   TEXT NOT NULL UNIQUE,      -- of the card-request
    inviter TEXT,                      -- by its fingerprint, where the link said it
    ends    INTEGER,                   -- as the link said
    file    TEXT NOT NULL,             -- the name under which the secret is sealed, part of its key's derivation
    secret  BLOB NOT NULL,             -- sealed under the storage key; empty once it has served
    person  TEXT,                      -- who of the house follows it; NULL: somebody at the command line
    begun   INTEGER NOT NULL,
    asked   INTEGER NOT NULL,          -- when the inviter was last asked for its card
    letter  TEXT,                      -- the join, once it is written
    sent_to TEXT,                      -- to whom, by its fingerprint
    state   TEXT NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'sent', 'joined', 'refused')),
    reason  TEXT                       -- why not, or why not yet, in words
) STRICT, WITHOUT ROWID;

-- What came of invitations, and who of the house is still to be told.
CREATE TABLE invitation_news (
    station TEXT NOT NULL,      -- who is to be told
    kind    TEXT NOT NULL CHECK (kind IN ('met', 'failed')),
    words   TEXT NOT NULL,      -- the name of the household, or what happened
    at      INTEGER NOT NULL,
    PRIMARY KEY (station, kind, words)
) STRICT, WITHOUT ROWID;

-- Households that did not confirm what they were to get by way of others, and who of the house is still to be told.
CREATE TABLE unconfirmed (
    station TEXT NOT NULL,      -- who is to be told
    contact TEXT NOT NULL,      -- the household, by its fingerprint
    at      INTEGER NOT NULL,   -- since when
    PRIMARY KEY (station, contact)
) STRICT, WITHOUT ROWID;

-- People and key words that other households announce: suggestions, used by nothing before somebody saves them.
CREATE TABLE announced (
    contact TEXT NOT NULL REFERENCES contact (fingerprint) ON DELETE CASCADE,
    word    TEXT NOT NULL,      -- empty: the person alone
    station TEXT NOT NULL,
    PRIMARY KEY (contact, word, station)
) STRICT, WITHOUT ROWID;

-- Households that may use this one as a relay.
CREATE TABLE relay_for (
    contact TEXT PRIMARY KEY REFERENCES contact (fingerprint) ON DELETE CASCADE,
    since   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Households to which this one is asked to pass a share on, as a relay.
CREATE TABLE relay_job (
    holding   INTEGER NOT NULL REFERENCES holding (id), -- with which it was asked
    household TEXT NOT NULL,    -- to whom, by its fingerprint
    mailbox   TEXT NOT NULL,    -- where that is
    entry     BLOB NOT NULL,    -- what is to be passed on: JSON of PROTOCOL 6, without any key; empty once it is done with
    state     TEXT NOT NULL CHECK (state IN ('waits', 'passed', 'arrived', 'over')),
    changed   INTEGER NOT NULL,
    went      INTEGER NOT NULL DEFAULT 0, -- whether anything of it may have left the house
    PRIMARY KEY (holding, household)
) STRICT, WITHOUT ROWID;

-- Households to which nothing of a share is to be passed on, as was said before it was asked: mails overtake each other.
CREATE TABLE relay_stop (
    sender    TEXT NOT NULL,    -- who said so, by its fingerprint
    origin    TEXT NOT NULL,    -- whose share
    share     TEXT NOT NULL,    -- its id on the wire
    household TEXT NOT NULL,    -- to whom, by its fingerprint
    issued    INTEGER NOT NULL, -- it is about what was asked until then
    chain     BLOB NOT NULL,    -- the DERs of the permits that say so: they go back with the answer
    at        INTEGER NOT NULL, -- when it came; kept for 30 days
    PRIMARY KEY (sender, origin, share, household)
) STRICT, WITHOUT ROWID;

-- Words that nothing of a share goes to a household, or went there, or that a copy is gone, which could not be written when they
-- were due: there was no certificate of who is to hear them.
CREATE TABLE late_word (
    id      INTEGER PRIMARY KEY,
    contact TEXT NOT NULL REFERENCES contact (fingerprint) ON DELETE CASCADE, -- who is to hear it
    origin  TEXT NOT NULL,      -- whose share
    share   TEXT NOT NULL,      -- its id on the wire
    chain   BLOB NOT NULL,      -- the DERs of the permits that say so
    since   INTEGER NOT NULL
) STRICT;

-- Households that get a share of this one by way of another household.
CREATE TABLE by_way (
    share    INTEGER NOT NULL REFERENCES share (id),
    contact  TEXT NOT NULL REFERENCES contact (fingerprint), -- who gets it
    relay    TEXT NOT NULL REFERENCES contact (fingerprint), -- by way of whom
    stations TEXT,              -- JSON list of {name, rules}; NULL: it has a destination, whose letter is only handed on
    state    TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'delivered', 'refused', 'failed', 'revoked', 'deleted')),
    error    TEXT,              -- why it was refused or failed, in words
    changed  INTEGER NOT NULL,
    went     INTEGER NOT NULL DEFAULT 0, -- whether the letter that asks the relay for it may have left the house: 0 no, 1 yes, 2: the household says that it has what the relay made
    letter   TEXT,              -- id of that letter; NULL: an older version put it there
    PRIMARY KEY (share, contact)
) STRICT, WITHOUT ROWID;

-- Identities that said that they are no more: nothing of them is taken and nothing goes to them, for good.
CREATE TABLE ended_identity (
    fingerprint TEXT PRIMARY KEY,
    at          INTEGER NOT NULL, -- when that was learnt
    mailbox     TEXT,           -- where it was, as its last word says; NULL: that was learnt by an older version
    met         INTEGER NOT NULL DEFAULT 1 -- whether it was known here, or somebody here brought its last word
) STRICT, WITHOUT ROWID;
CREATE INDEX ended_at ON ended_identity (mailbox, met);

-- Identities that this household had before; their shares are its own.
CREATE TABLE former_identity (
    fingerprint TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Who has the card of this household, by which of its identities, whatever is known of them here: they are told when that ends.
CREATE TABLE introduced (
    identity TEXT NOT NULL,    -- of this household, now or before
    mailbox  TEXT NOT NULL,
    at       INTEGER NOT NULL, -- when something last went there under it
    word     INTEGER,          -- the message of the outbox by which it is told there that it has ended; NULL: none yet
    told     INTEGER,          -- when that was put there
    PRIMARY KEY (identity, mailbox)
) STRICT, WITHOUT ROWID;
CREATE INDEX introduced_untold ON introduced (identity) WHERE word IS NULL;
CREATE INDEX introduced_word ON introduced (word) WHERE word IS NOT NULL;

-- Households that are to get a share of this one and are not known here: it goes once their card has come.
CREATE TABLE awaited (
    share    INTEGER NOT NULL REFERENCES share (id),
    mailbox  TEXT NOT NULL,     -- whom it waits for
    stations TEXT NOT NULL,     -- JSON list of {name, rules}
    onward   TEXT,              -- what may travel on: JSON of PROTOCOL 5; NULL: it was not said
    identity TEXT,              -- who it is, by its fingerprint, as the directory says; NULL: it says nothing
    state    TEXT NOT NULL CHECK (state IN ('waiting', 'failed', 'revoked')),
    error    TEXT,              -- why it failed, in words
    begun    INTEGER NOT NULL,  -- since when it waits
    changed  INTEGER NOT NULL,
    items    TEXT,              -- which items, JSON list of their ids on the wire; NULL: all of the share
    person   TEXT NOT NULL,     -- who of the house passes it on; empty: it is shared from here
    PRIMARY KEY (share, mailbox, person)
) STRICT, WITHOUT ROWID;

-- What the directory answered of late: of use while it is silent. So many, and the oldest go.
CREATE TABLE directory_answer (
    place      TEXT NOT NULL,     -- which directory, and how it was asked: a digest
    query      TEXT NOT NULL,     -- what was looked for
    households TEXT NOT NULL,     -- JSON list of {words, certificates}
    at         INTEGER NOT NULL,
    PRIMARY KEY (place, query)
) STRICT, WITHOUT ROWID;
