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

-- What is passed on waits for a card as well, of each person by itself.
CREATE TABLE awaited_7 (
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
INSERT INTO awaited_7 (share, mailbox, stations, onward, identity, state, error, begun, changed, items, person)
    SELECT share, mailbox, stations, onward, identity, state, error, begun, changed, NULL, '' FROM awaited;
DROP TABLE awaited;
ALTER TABLE awaited_7 RENAME TO awaited;

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

-- A household that came by an invitation says itself where its mailbox is.
ALTER TABLE contact ADD COLUMN unproven INTEGER NOT NULL DEFAULT 0; -- its mailbox has not answered yet

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
