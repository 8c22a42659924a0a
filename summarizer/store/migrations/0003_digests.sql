-- Digests as they were made, without their stories: of articles from `since` (NULL: any) until `until`, Unix times.
CREATE TABLE digests (
    id INTEGER PRIMARY KEY,
    since REAL,
    until REAL NOT NULL,
    made REAL NOT NULL,
    frame TEXT NOT NULL
) STRICT;
CREATE INDEX digests_by_time ON digests (until, id);

-- Their stories, each a row, and every article that words of one come from.
CREATE TABLE digest_stories (
    digest INTEGER NOT NULL REFERENCES digests (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    story TEXT NOT NULL,
    PRIMARY KEY (digest, place)
) STRICT;
CREATE TABLE digest_sources (
    article TEXT NOT NULL,
    digest INTEGER NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (article, digest, place),
    FOREIGN KEY (digest, place) REFERENCES digest_stories (digest, place) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX digest_sources_of_story ON digest_sources (digest, place);

-- What is known of all stories, so that they go on tomorrow (empty: nothing), and how often it was written or dropped.
CREATE TABLE known_stories (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    state BLOB NOT NULL,
    written INTEGER NOT NULL
) STRICT;
INSERT INTO known_stories VALUES (1, x'', 0);

-- The article but its text: one text, such as that of a kill, may stand for many.
ALTER TABLE failures ADD COLUMN facts TEXT;

-- Nothing of an article that is removed stays: no story that has words of it, and no count of its words.
CREATE TRIGGER digests_forget AFTER DELETE ON articles BEGIN
    DELETE FROM digest_stories WHERE (digest, place) IN (SELECT digest, place FROM digest_sources WHERE article = old.id);
    UPDATE known_stories SET state = x'', written = written + 1;
END;
