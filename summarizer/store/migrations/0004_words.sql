-- On which articles a model's words for a story rest: its answers, in requests, are the lead article's, and hold words of
-- all of them. With any of these articles they go.
CREATE TABLE told (
    key TEXT NOT NULL,
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    PRIMARY KEY (key, article)
) STRICT;
CREATE INDEX told_of_article ON told (article);
CREATE TRIGGER told_gone AFTER DELETE ON told BEGIN
    DELETE FROM requests WHERE brief = old.key;
END;
