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

ALTER TABLE item ADD COLUMN caption TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN added_by TEXT;
ALTER TABLE item ADD COLUMN private INTEGER NOT NULL DEFAULT 0;
ALTER TABLE item ADD COLUMN deleted INTEGER;
ALTER TABLE item ADD COLUMN shown TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN words TEXT NOT NULL DEFAULT '';
UPDATE item SET words = lower(name), shown = coalesce(substr(taken, 1, 19), strftime('%Y-%m-%dT%H:%M:%S', added, 'unixepoch'));
DROP INDEX item_sha256;
CREATE INDEX item_content ON item (sha256);
CREATE INDEX item_shown ON item (shown, id);
CREATE INDEX item_bin ON item (deleted) WHERE deleted IS NOT NULL;
CREATE INDEX collection_item_item ON collection_item (item);
CREATE INDEX share_item_own ON share_item (own) WHERE own IS NOT NULL;

-- Who else added the same content, so that it is theirs too.
CREATE TABLE item_also (
    item   INTEGER NOT NULL REFERENCES item (id),
    person TEXT NOT NULL,
    PRIMARY KEY (item, person)
) STRICT, WITHOUT ROWID;

-- Pictures of own items for grid and screen, made once: sealed one behind the other in one file under the storage key.
CREATE TABLE own_picture (
    item          INTEGER PRIMARY KEY REFERENCES item (id),
    file          TEXT UNIQUE,
    thumb_size    INTEGER NOT NULL,
    thumb_width   INTEGER NOT NULL,
    thumb_height  INTEGER NOT NULL,
    screen_size   INTEGER NOT NULL,
    screen_width  INTEGER NOT NULL,
    screen_height INTEGER NOT NULL,
    trouble       TEXT
) STRICT;

-- Files that come in by pieces.
CREATE TABLE upload (
    id       TEXT PRIMARY KEY,
    person   TEXT,
    name     TEXT NOT NULL,
    private  INTEGER NOT NULL,
    size     INTEGER NOT NULL,
    received INTEGER NOT NULL,
    file     TEXT NOT NULL UNIQUE,
    touched  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

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

-- Who of the house shared something in the browser; what is not here was shared at the command line.
CREATE TABLE shared_by (
    share   INTEGER PRIMARY KEY REFERENCES share (id),
    station TEXT NOT NULL
) STRICT;

-- Households that want something, and whom of the house that is still to be told.
CREATE TABLE knock (
    station TEXT NOT NULL,      -- who is to be told
    contact TEXT NOT NULL,      -- the household, by its fingerprint
    kind    TEXT NOT NULL CHECK (kind IN ('request', 'stranger')), -- it asks for more, or waits to be accepted
    at      INTEGER NOT NULL,   -- since when
    PRIMARY KEY (station, contact, kind)
) STRICT, WITHOUT ROWID;

-- The picture an item belongs to: its sound, its raw file, its clip.
ALTER TABLE item ADD COLUMN goes_with INTEGER REFERENCES item (id) ON DELETE SET NULL;
CREATE INDEX item_goes_with ON item (goes_with) WHERE goes_with IS NOT NULL;
ALTER TABLE share_item ADD COLUMN goes_with TEXT;

-- When a person is told that something came, and in which language pages speak to them.
ALTER TABLE person ADD COLUMN notices TEXT NOT NULL DEFAULT 'at-once' CHECK (notices IN ('at-once', 'daily', 'none'));
ALTER TABLE person ADD COLUMN language TEXT NOT NULL DEFAULT '';

-- What programs act with for a person.
CREATE TABLE token (
    digest  TEXT PRIMARY KEY,
    station TEXT NOT NULL REFERENCES person (station) ON DELETE CASCADE,
    name    TEXT NOT NULL,
    scopes  TEXT NOT NULL,
    made    INTEGER NOT NULL,
    used    INTEGER,
    ends    INTEGER,
    UNIQUE (station, name)
) STRICT, WITHOUT ROWID;

-- What programs ask for with a key of theirs, so that it is done once.
CREATE TABLE asked_once (
    station TEXT NOT NULL REFERENCES person (station) ON DELETE CASCADE,
    key     TEXT NOT NULL,
    request TEXT NOT NULL,
    answer  TEXT,
    at      INTEGER NOT NULL,
    PRIMARY KEY (station, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX asked_once_at ON asked_once (at);

-- What an album program has chosen for a person to share.
CREATE TABLE selection (
    id      TEXT PRIMARY KEY,
    station TEXT NOT NULL REFERENCES person (station) ON DELETE CASCADE,
    title   TEXT NOT NULL,
    items   TEXT NOT NULL,
    ends    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Files of memory cards, cameras and watched folders that were read: so that the next look at one is quick.
CREATE TABLE card_file (
    card    TEXT NOT NULL,      -- the volume's id, the folder, or the camera
    path    BLOB NOT NULL,      -- below that, as the system has it
    size    INTEGER NOT NULL,   -- bytes
    changed INTEGER NOT NULL,   -- when it was written, in seconds, as the card says
    trouble TEXT,               -- why it stayed out, if it did
    PRIMARY KEY (card, path)
) STRICT, WITHOUT ROWID;
