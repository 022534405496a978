-- From version 11 of the schema to version 12. Foreign keys are off while it runs.

-- Files of memory cards whose reading was begun: how each of them is to come in. Gone when it is in.
CREATE TABLE card_begun (
    card    TEXT NOT NULL,      -- as in card_file
    path    BLOB NOT NULL,      -- below that, as the system has it
    size    INTEGER NOT NULL,   -- bytes
    changed INTEGER NOT NULL,   -- when it was written, in seconds, as the card says
    album   TEXT,               -- under which name it is gathered; NULL: none
    person  TEXT,               -- who brings it in; NULL: it was not said
    private INTEGER NOT NULL,   -- whether for that person alone
    PRIMARY KEY (card, path)
) STRICT, WITHOUT ROWID;
