-- Articles as they were given, each once, by the SHA-256 of its text.
CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    title TEXT,
    url TEXT,
    source TEXT,
    byline TEXT,
    published TEXT,
    language TEXT,
    text TEXT NOT NULL,
    is_escaped INTEGER NOT NULL,  -- whether the text stands as JSON, as it has half a surrogate pair in it
    warnings TEXT NOT NULL,
    added REAL NOT NULL
) STRICT;
CREATE INDEX articles_by_url ON articles (url);
CREATE INDEX articles_by_time ON articles (added);

-- One run of a command that makes briefs.
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    command TEXT NOT NULL,
    model TEXT NOT NULL,
    started REAL NOT NULL,
    ended REAL,
    outcome TEXT
) STRICT;

-- Finished briefs by their key, without the article's text.
CREATE TABLE briefs (
    key TEXT PRIMARY KEY,
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    run INTEGER REFERENCES runs (id) ON DELETE SET NULL,
    model TEXT NOT NULL,
    brief TEXT NOT NULL,
    made REAL NOT NULL
) STRICT;
CREATE INDEX briefs_of_article ON briefs (article);
CREATE INDEX briefs_by_time ON briefs (made);

-- Articles of which a run could make no brief, the last reason for each key.
CREATE TABLE failures (
    key TEXT PRIMARY KEY,
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    run INTEGER REFERENCES runs (id) ON DELETE SET NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    remedy TEXT NOT NULL,
    failed REAL NOT NULL
) STRICT;
CREATE INDEX failures_of_article ON failures (article);

-- Every request to a model. Tokens and cost are NULL where the provider did not tell them.
CREATE TABLE calls (
    id INTEGER PRIMARY KEY,
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    run INTEGER REFERENCES runs (id) ON DELETE SET NULL,
    key TEXT NOT NULL,
    model TEXT NOT NULL,
    prompt TEXT NOT NULL,
    draft_schema TEXT NOT NULL,
    parameters TEXT NOT NULL,
    outcome TEXT NOT NULL,
    input_tokens INTEGER,
    cached_tokens INTEGER,
    output_tokens INTEGER,
    cost_usd REAL,
    seconds REAL NOT NULL,
    sent REAL NOT NULL
) STRICT;
CREATE INDEX calls_of_article ON calls (article);
CREATE INDEX calls_of_run ON calls (run);

-- Who is at work on which key, so that two processes do not pay for one brief.
CREATE TABLE claims (
    key TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    until REAL NOT NULL
) STRICT;

CREATE VIRTUAL TABLE words USING fts5 (
    title, text, content = 'articles', content_rowid = 'rowid', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER words_added AFTER INSERT ON articles BEGIN
    INSERT INTO words (rowid, title, text) VALUES (new.rowid, new.title, new.text);
END;
CREATE TRIGGER words_gone AFTER DELETE ON articles BEGIN
    INSERT INTO words (words, rowid, title, text) VALUES ('delete', old.rowid, old.title, old.text);
END;
CREATE TRIGGER words_changed AFTER UPDATE OF title, text ON articles BEGIN
    INSERT INTO words (words, rowid, title, text) VALUES ('delete', old.rowid, old.title, old.text);
    INSERT INTO words (rowid, title, text) VALUES (new.rowid, new.title, new.text);
END;
