-- From version 6 of the schema to version 7. Foreign keys are off while it runs.

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
