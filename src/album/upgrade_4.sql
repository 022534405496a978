-- From version 3 of the schema to version 4. Foreign keys are off while it runs.

-- Who may sign in at the station.
CREATE TABLE account (
    station  TEXT PRIMARY KEY REFERENCES person (station) ON DELETE CASCADE,
    password TEXT NOT NULL,
    keeper   INTEGER NOT NULL,
    changed  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Browsers that are signed in.
CREATE TABLE session (
    digest     TEXT PRIMARY KEY,
    station    TEXT NOT NULL REFERENCES account (station) ON DELETE CASCADE,
    remembered INTEGER NOT NULL,
    browser    TEXT NOT NULL,
    begun      INTEGER NOT NULL,
    used       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_station ON session (station);

-- Browsers in which a person was signed in before: what strangers try does not keep them out.
CREATE TABLE known_browser (
    digest  TEXT NOT NULL,
    station TEXT NOT NULL REFERENCES account (station) ON DELETE CASCADE,
    used    INTEGER NOT NULL,
    PRIMARY KEY (digest, station)
) STRICT, WITHOUT ROWID;

-- Links that open once: to make the first account, or to choose a password.
CREATE TABLE welcome (
    digest  TEXT PRIMARY KEY,
    station TEXT REFERENCES person (station) ON DELETE CASCADE,
    ends    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Shares that a person has opened in the browser: the others are new to them.
CREATE TABLE seen (
    share   INTEGER NOT NULL REFERENCES share (id),
    station TEXT NOT NULL,
    PRIMARY KEY (share, station)
) STRICT, WITHOUT ROWID;
