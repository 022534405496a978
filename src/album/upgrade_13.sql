-- From version 12 of the schema to version 13. Foreign keys are off while it runs.

-- What somebody chose for a person elsewhere who has other rights since by a yes to a request: what is chosen next begins with
-- the choice. Without a row, what the person has was chosen.
CREATE TABLE chosen (
    destination INTEGER NOT NULL REFERENCES destination (id),
    station TEXT NOT NULL,  -- that person
    rules   TEXT,           -- JSON of PROTOCOL 5; NULL: nothing was chosen by that share
    PRIMARY KEY (destination, station)
) STRICT, WITHOUT ROWID;
