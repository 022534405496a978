-- From version 2 of the schema to version 3. Foreign keys are off while it runs.
ALTER TABLE outbox_recipient ADD COLUMN returned INTEGER NOT NULL DEFAULT 0;
CREATE INDEX outbox_message_id ON outbox (message_id);

-- Every permit that was given to a household and not taken back: copies further on may stand on any of them.
CREATE TABLE given_permit (
    permit  TEXT PRIMARY KEY,
    share   INTEGER NOT NULL REFERENCES share (id),
    contact TEXT NOT NULL REFERENCES contact (fingerprint)
) STRICT, WITHOUT ROWID;
CREATE INDEX given_permit_share ON given_permit (share, contact);
