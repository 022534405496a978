-- From version 6 of the schema to version 7. Foreign keys are off while it runs.

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

-- What is passed on waits for a card as well.
ALTER TABLE awaited ADD COLUMN items TEXT;  -- which items, JSON list of their ids on the wire; NULL: all of the share
ALTER TABLE awaited ADD COLUMN person TEXT; -- who of the house passes it on; NULL: it is shared from here
