-- From version 8 of the schema to version 9. Foreign keys are off while it runs.

-- Where a household was before it moved by its own identity: who means it by that mailbox means it still.
CREATE TABLE former_mailbox (
    mailbox TEXT PRIMARY KEY,
    contact TEXT NOT NULL REFERENCES contact (fingerprint) ON DELETE CASCADE,
    moved   INTEGER NOT NULL -- when it left
) STRICT, WITHOUT ROWID;
CREATE INDEX former_mailbox_contact ON former_mailbox (contact);
UPDATE destination SET mailbox = contact.mailbox FROM contact WHERE contact.fingerprint = destination.contact;
ALTER TABLE contact ADD COLUMN answered INTEGER NOT NULL DEFAULT 0; -- it answered from a mailbox of its own
