-- From version 12 of the schema to version 13. Foreign keys are off while it runs.

-- The end of an identity that nobody here knew is kept too, where another one was known at its mailbox: so many of each.
ALTER TABLE ended_identity ADD COLUMN mailbox TEXT; -- where it was, as its last word says; NULL: that was learnt by an older version
ALTER TABLE ended_identity ADD COLUMN met INTEGER NOT NULL DEFAULT 1; -- whether it was known here, or somebody here brought its last word
CREATE INDEX ended_at ON ended_identity (mailbox, met);
UPDATE ended_identity SET mailbox = (SELECT mailbox FROM contact WHERE contact.fingerprint = ended_identity.fingerprint);

-- Who is at a mailbox, however it is spelled, without a look at all that are known.
CREATE INDEX contact_typed ON contact (mailbox COLLATE NOCASE);

-- Which letter asks a relay to pass on to a household: where the relay refuses another one, it comes to nothing for others.
ALTER TABLE by_way ADD COLUMN letter TEXT; -- id of that letter; NULL: an older version put it there
-- What a household itself said that it has, no word of a relay undoes.
UPDATE destination SET went = 3 WHERE state = 'delivered';
UPDATE by_way SET went = 2 WHERE state = 'delivered';

-- What somebody chose for a person elsewhere who has other rights since by a yes to a request: what is chosen next begins with
-- the choice. Without a row, what the person has was chosen.
CREATE TABLE chosen (
    destination INTEGER NOT NULL REFERENCES destination (id),
    station TEXT NOT NULL,  -- that person
    rules   TEXT,           -- JSON of PROTOCOL 5; NULL: nothing was chosen by that share
    PRIMARY KEY (destination, station)
) STRICT, WITHOUT ROWID;

-- Households that did not confirm what they were to get by way of others, and who of the house is still to be told.
CREATE TABLE unconfirmed (
    station TEXT NOT NULL,      -- who is to be told
    contact TEXT NOT NULL,      -- the household, by its fingerprint
    at      INTEGER NOT NULL,   -- since when
    PRIMARY KEY (station, contact)
) STRICT, WITHOUT ROWID;

ALTER TABLE onward_copy ADD COLUMN never_went INTEGER NOT NULL DEFAULT 0; -- whether it is gone because it was taken back before anything of it had left
-- What a household itself said that it has stays known when it is given the share straight since.
ALTER TABLE onward_copy ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 0; -- whether its holder itself said that it has it: no word of others undoes that
UPDATE onward_copy SET confirmed = 1 WHERE EXISTS (SELECT 1 FROM by_way WHERE by_way.share = onward_copy.share
    AND by_way.contact = onward_copy.holder AND by_way.relay = onward_copy.branch AND by_way.state = 'delivered');

-- Words that nothing of a share goes to a household, or went there, or that a copy is gone, which could not be written when they
-- were due: there was no certificate of who is to hear them.
CREATE TABLE late_word (
    id      INTEGER PRIMARY KEY,
    contact TEXT NOT NULL REFERENCES contact (fingerprint) ON DELETE CASCADE, -- who is to hear it
    origin  TEXT NOT NULL,      -- whose share
    share   TEXT NOT NULL,      -- its id on the wire
    chain   BLOB NOT NULL,      -- the DERs of the permits that say so
    since   INTEGER NOT NULL
) STRICT;
