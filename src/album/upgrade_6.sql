-- From version 5 of the schema to version 6. Foreign keys are off while it runs.

-- Identities that said that they are no more: nothing of them is taken and nothing goes to them, for good.
CREATE TABLE ended_identity (
    fingerprint TEXT PRIMARY KEY,
    at          INTEGER NOT NULL -- when that was learnt
) STRICT, WITHOUT ROWID;

-- Identities that this household had before; their shares are its own.
CREATE TABLE former_identity (
    fingerprint TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
