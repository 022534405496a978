-- From version 4 of the schema to version 5. Foreign keys are off while it runs.

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
