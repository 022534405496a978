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
    PRIMARY KEY (share, mailbox)
) STRICT, WITHOUT ROWID;

-- What the directory answered of late: of use while it is silent. So many, and the oldest go.
CREATE TABLE directory_answer (
    place      TEXT NOT NULL,     -- which directory, and how it was asked: a digest
    query      TEXT NOT NULL,     -- what was looked for
    households TEXT NOT NULL,     -- JSON list of {words, certificates}
    at         INTEGER NOT NULL,
    PRIMARY KEY (place, query)
) STRICT, WITHOUT ROWID;
