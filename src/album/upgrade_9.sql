-- From version 8 of the schema to version 9. Foreign keys are off while it runs.

-- Where a household was before it moved by its own identity: who means it by that mailbox means it still.
CREATE TABLE former_mailbox (
    mailbox TEXT PRIMARY KEY,
    contact TEXT NOT NULL REFERENCES contact (fingerprint) ON DELETE CASCADE,
    moved   INTEGER NOT NULL -- when it left
) STRICT, WITHOUT ROWID;
CREATE INDEX former_mailbox_contact ON former_mailbox (contact);
INSERT OR REPLACE INTO former_mailbox (mailbox, contact, moved)
    SELECT destination.mailbox, contact.fingerprint, destination.changed
    FROM destination JOIN contact ON contact.fingerprint = destination.contact
    WHERE destination.mailbox <> contact.mailbox ORDER BY destination.changed;
UPDATE destination SET mailbox = contact.mailbox FROM contact WHERE contact.fingerprint = destination.contact;
