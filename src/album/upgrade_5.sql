-- From version 4 of the schema to version 5. Foreign keys are off while it runs.

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

-- People and key words that other households announce: suggestions, used by nothing before somebody saves them.
CREATE TABLE announced (
    contact TEXT NOT NULL REFERENCES contact (fingerprint) ON DELETE CASCADE,
    word    TEXT NOT NULL,      -- empty: the person alone
    station TEXT NOT NULL,
    PRIMARY KEY (contact, word, station)
) STRICT, WITHOUT ROWID;

-- What of this household's people and words a contact was last sent; empty: none.
ALTER TABLE contact ADD COLUMN announced TEXT NOT NULL DEFAULT '';

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
    PRIMARY KEY (holding, household)
) STRICT, WITHOUT ROWID;

-- Households that get a share of this one by way of another household.
CREATE TABLE by_way (
    share    INTEGER NOT NULL REFERENCES share (id),
    contact  TEXT NOT NULL REFERENCES contact (fingerprint), -- who gets it
    relay    TEXT NOT NULL REFERENCES contact (fingerprint), -- by way of whom
    stations TEXT,              -- JSON list of {name, rules}; NULL: it has a destination, whose letter is only handed on
    state    TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'delivered', 'refused', 'failed', 'revoked', 'deleted')),
    error    TEXT,              -- why it was refused or failed, in words
    changed  INTEGER NOT NULL,
    PRIMARY KEY (share, contact)
) STRICT, WITHOUT ROWID;
