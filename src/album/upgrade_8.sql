-- From version 7 of the schema to version 8. Foreign keys are off while it runs.

-- Why something goes to a mailbox, so that with one thing that ends nothing else does.
ALTER TABLE outbox_recipient ADD COLUMN carried INTEGER REFERENCES holding (id);
ALTER TABLE outbox_recipient ADD COLUMN asked BLOB;
UPDATE outbox_recipient SET carried =
    (SELECT relay_job.holding FROM relay_job JOIN holding ON holding.id = relay_job.holding
        JOIN outbox ON outbox.share = holding.share
     WHERE outbox.id = outbox_recipient.message AND relay_job.mailbox = outbox_recipient.mailbox)
WHERE destination IS NULL;
UPDATE outbox_recipient SET asked = x'' WHERE destination IS NULL AND carried IS NULL
    AND message IN (SELECT id FROM outbox WHERE kind = 'parts');

-- Title and message stay with who wrote them. Of a share that several granted it is not known any more whose they are.
ALTER TABLE holding ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE holding ADD COLUMN message TEXT NOT NULL DEFAULT '';
UPDATE holding SET title = share.title, message = share.message FROM share WHERE share.id = holding.share;

-- What each person of the house passed on to a household: what that one is granted is made of all of it. Of another's share.
CREATE TABLE given_by (
    destination INTEGER NOT NULL REFERENCES destination (id),
    person   TEXT NOT NULL,     -- who of the house
    stations TEXT NOT NULL,     -- JSON list of {name, rules}; empty: it only carries it
    items    TEXT,              -- which items, JSON list of their ids on the wire; NULL: those of the permit given
    onward   TEXT,              -- what may travel on: JSON of PROTOCOL 5; NULL: it was not said
    ended    INTEGER,           -- when the person took it back; NULL: it stands
    PRIMARY KEY (destination, person)
) STRICT, WITHOUT ROWID;
INSERT INTO given_by (destination, person, stations, items, onward, ended)
    SELECT id, passed_by, stations, NULL, NULL, NULL FROM destination WHERE passed_by IS NOT NULL AND ancestors <> x'';

-- Uploads that became items, so that who asks for it once more gets the same item. Kept for three days.
CREATE TABLE finished_upload (
    id     TEXT PRIMARY KEY,     -- of the upload
    person TEXT,                 -- who of the house sent it; NULL: somebody at the command line
    item   INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    known  INTEGER NOT NULL,     -- the item was there before
    at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX finished_upload_item ON finished_upload (item);

-- Every share is looked at once more: for people who came later it may not be noted since when they can view it.
UPDATE share SET look = 0;

-- What people left who had left the house: no later person of that name takes it for theirs.
UPDATE shared_by SET station = '' WHERE station NOT IN (SELECT station FROM person);
UPDATE destination SET passed_by = NULL WHERE passed_by NOT IN (SELECT station FROM person);
UPDATE given_by SET person = '.' || substr(person, 1, 60) WHERE person NOT IN (SELECT station FROM person);
UPDATE invitation SET person = NULL WHERE person NOT IN (SELECT station FROM person);
UPDATE joining SET person = NULL WHERE person NOT IN (SELECT station FROM person);
DELETE FROM awaited WHERE person <> '' AND person NOT IN (SELECT station FROM person);
DELETE FROM local_grant_item WHERE local_grant IN
    (SELECT id FROM local_grant WHERE passed_by NOT IN (SELECT station FROM person)
        OR station <> 'everyone' AND station NOT IN (SELECT station FROM person));
DELETE FROM local_grant WHERE passed_by NOT IN (SELECT station FROM person)
    OR station <> 'everyone' AND station NOT IN (SELECT station FROM person);
DELETE FROM request WHERE incoming = 0 AND station NOT IN (SELECT station FROM person);
DELETE FROM seen WHERE station NOT IN (SELECT station FROM person);
DELETE FROM noticed WHERE station NOT IN (SELECT station FROM person);
