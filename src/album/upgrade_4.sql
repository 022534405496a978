-- From version 3 of the schema to version 4. Foreign keys are off while it runs.

-- People elsewhere who may have kept files by a grant that was replaced or taken back since: nothing recalls those.
CREATE TABLE kept_elsewhere (
    share   INTEGER NOT NULL REFERENCES share (id), -- of which they had files
    contact TEXT NOT NULL REFERENCES contact (fingerprint), -- the household
    station TEXT NOT NULL,      -- the person there
    PRIMARY KEY (share, contact, station)
) STRICT, WITHOUT ROWID;

-- Card-requests are listed until they are answered, with what their mail met.
ALTER TABLE card_request ADD COLUMN message_id TEXT NOT NULL DEFAULT '';
ALTER TABLE card_request ADD COLUMN trouble TEXT;

-- Households that want something, and whom of the house that is still to be told.
CREATE TABLE knock (
    station TEXT NOT NULL,      -- who is to be told
    contact TEXT NOT NULL,      -- the household, by its fingerprint
    kind    TEXT NOT NULL CHECK (kind IN ('request', 'stranger')), -- it asks for more, or waits to be accepted
    at      INTEGER NOT NULL,   -- since when
    PRIMARY KEY (station, contact, kind)
) STRICT, WITHOUT ROWID;
