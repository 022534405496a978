-- From version 10 of the schema to version 11. Foreign keys are off while it runs.

-- Whether anything of what was given may have left the house. Of what an older version did that is not known.
ALTER TABLE destination ADD COLUMN went INTEGER NOT NULL DEFAULT 0;
UPDATE destination SET went = 2 WHERE state <> 'waiting';
UPDATE destination SET went = 1 WHERE state = 'waiting' AND EXISTS (SELECT 1 FROM given_permit
    WHERE given_permit.share = destination.share AND given_permit.contact = destination.contact);
ALTER TABLE by_way ADD COLUMN went INTEGER NOT NULL DEFAULT 0;
UPDATE by_way SET went = 1;
ALTER TABLE relay_job ADD COLUMN went INTEGER NOT NULL DEFAULT 0;
UPDATE relay_job SET went = 1 WHERE state <> 'waits';
