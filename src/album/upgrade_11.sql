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

-- Who has the card of this household, by which of its identities, whatever is known of them here: they are told when that ends.
CREATE TABLE introduced (
    identity TEXT NOT NULL,    -- of this household, now or before
    mailbox  TEXT NOT NULL,
    at       INTEGER NOT NULL, -- when something last went there under it
    word     INTEGER,          -- the message of the outbox by which it is told there that it has ended; NULL: none yet
    told     INTEGER,          -- when that was put there
    PRIMARY KEY (identity, mailbox)
) STRICT, WITHOUT ROWID;
CREATE INDEX introduced_untold ON introduced (identity) WHERE word IS NULL;
CREATE INDEX introduced_word ON introduced (word) WHERE word IS NOT NULL;
-- As far as can be told. Who may never have heard of the end of an identity of before is told of it now.
INSERT INTO introduced (identity, mailbox, at)
SELECT ours.fingerprint, there.mailbox, max(there.at)
FROM (SELECT value AS fingerprint FROM setting WHERE name = 'identity' UNION SELECT fingerprint FROM former_identity) AS ours,
    (SELECT mailbox, added AS at FROM contact WHERE accepted = 1 OR trust <> 'pending' OR card_answered > 0
     UNION ALL SELECT mailbox, sent FROM card_request
     UNION ALL SELECT mailbox, begun FROM joining) AS there
GROUP BY ours.fingerprint, there.mailbox;

-- Who claims the mailbox of another one stands among the households, so that the keeper can say what is to become of it. One
-- that does not is noted anew when it is next met.
ALTER TABLE claim ADD COLUMN wrote INTEGER NOT NULL DEFAULT 1; -- it is known by more than the directory
ALTER TABLE claim ADD COLUMN directory INTEGER NOT NULL DEFAULT 0; -- the directory says so
DELETE FROM claim WHERE fingerprint NOT IN (SELECT fingerprint FROM contact);
CREATE INDEX claim_directory ON claim (mailbox) WHERE directory = 1;
