-- From version 2 of the schema to version 3. Foreign keys are off while it runs.
ALTER TABLE outbox_recipient ADD COLUMN returned INTEGER NOT NULL DEFAULT 0;
CREATE INDEX outbox_message_id ON outbox (message_id);
