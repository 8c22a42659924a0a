-- Articles that wait for a provider's batch: the key of the brief to come, what it is made with, the article but its text.
CREATE TABLE waiting (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    recipe TEXT NOT NULL,
    facts TEXT NOT NULL,
    since REAL NOT NULL
) STRICT;
CREATE INDEX waiting_of_article ON waiting (article);

-- Batches at a provider. One without `provider_id` was about to be sent: its token tells whether it was. `done` is NULL
-- while its answers are not all here.
CREATE TABLE batches (
    id INTEGER PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,
    model TEXT NOT NULL,
    run INTEGER REFERENCES runs (id) ON DELETE SET NULL,
    provider_id TEXT,
    state TEXT NOT NULL,
    made REAL NOT NULL,
    done REAL
) STRICT;

-- Requests by their key, each for one brief. Wanted: to be submitted. Held: to be submitted when somebody runs the command
-- again. Live: to be sent the ordinary way. Answered, failed: `answer` is JSON of what came back, `body` is NULL.
CREATE TABLE requests (
    id INTEGER PRIMARY KEY,
    brief TEXT NOT NULL,
    key TEXT NOT NULL,
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    recipe TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('wanted', 'submitted', 'held', 'live', 'answered', 'failed')),
    batch INTEGER REFERENCES batches (id) ON DELETE SET NULL,
    custom_id TEXT UNIQUE,
    tries INTEGER NOT NULL,
    body TEXT,
    size INTEGER NOT NULL,
    most_input INTEGER NOT NULL,
    most_output INTEGER NOT NULL,
    most_usd REAL,
    answer TEXT,
    share REAL NOT NULL,
    UNIQUE (brief, key)
) STRICT;
CREATE INDEX requests_of_article ON requests (article);
CREATE INDEX requests_of_batch ON requests (batch, id);
CREATE INDEX requests_by_state ON requests (state, id);
CREATE VIEW open_requests AS SELECT * FROM requests WHERE state IN ('wanted', 'submitted', 'held');
