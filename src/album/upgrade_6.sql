-- From version 5 of the schema to version 6. Foreign keys are off while it runs.

-- Whom is to be told anew, and who waits, without a look at all that are known: a household may know thousands.
CREATE INDEX contact_announced ON contact (announced, added, fingerprint) WHERE accepted = 1 AND blocked = 0;
CREATE INDEX contact_waiting ON contact (blocked, card_answered) WHERE accepted = 0;
-- Identities that said that they are no more: nothing of them is taken and nothing goes to them, for good.
CREATE TABLE ended_identity (
    fingerprint TEXT PRIMARY KEY,
    at          INTEGER NOT NULL -- when that was learnt
) STRICT, WITHOUT ROWID;

-- Identities that this household had before; their shares are its own.
CREATE TABLE former_identity (
    fingerprint TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
