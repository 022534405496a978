-- From version 6 of the schema to version 7. Foreign keys are off while it runs.

-- Who keeps the house is also told of an identity that has ended, and of one that claims the mailbox of another household.
CREATE TABLE knock_7 (
    station TEXT NOT NULL,      -- who is to be told
    contact TEXT NOT NULL,      -- the household, by its fingerprint
    kind    TEXT NOT NULL CHECK (kind IN ('request', 'stranger', 'ended', 'claim')),
    at      INTEGER NOT NULL,   -- since when
    PRIMARY KEY (station, contact, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO knock_7 (station, contact, kind, at) SELECT station, contact, kind, at FROM knock;
DROP TABLE knock;
ALTER TABLE knock_7 RENAME TO knock;
