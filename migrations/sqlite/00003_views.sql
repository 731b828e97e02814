-- +goose Up

-- How often an article was opened in the last hour, day, week and month: what is popular now.
ALTER TABLE article_views ADD COLUMN views_1h INTEGER NOT NULL DEFAULT 0;
ALTER TABLE article_views ADD COLUMN views_24h INTEGER NOT NULL DEFAULT 0;
ALTER TABLE article_views ADD COLUMN views_7d INTEGER NOT NULL DEFAULT 0;
ALTER TABLE article_views ADD COLUMN views_30d INTEGER NOT NULL DEFAULT 0;
CREATE INDEX article_views_1h_idx ON article_views (views_1h, article_id) WHERE views_1h > 0;
CREATE INDEX article_views_24h_idx ON article_views (views_24h, article_id) WHERE views_24h > 0;
CREATE INDEX article_views_7d_idx ON article_views (views_7d, article_id) WHERE views_7d > 0;
CREATE INDEX article_views_30d_idx ON article_views (views_30d, article_id) WHERE views_30d > 0;

-- The views of these windows by when they began, so that they can leave them. A slice stands in the narrowest window that
-- it has not left, 0 for the hour to 3 for the month; minute counts from 1970.
CREATE TABLE view_slices (
    in_window  INTEGER NOT NULL,
    minute     INTEGER NOT NULL,
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    views      INTEGER NOT NULL CHECK (views > 0),
    PRIMARY KEY (in_window, minute, article_id)
);
CREATE INDEX view_slices_article_idx ON view_slices (article_id);

-- Who opened what in the last half hour, as a hash under the salt of the day, so that nobody is counted twice.
CREATE TABLE visits (
    hash       BLOB PRIMARY KEY,
    article_id TEXT NOT NULL,
    counted_at DATETIME NOT NULL,
    batch      TEXT NOT NULL
);
CREATE INDEX visits_batch_idx ON visits (batch);
CREATE INDEX visits_counted_idx ON visits (counted_at);

CREATE TABLE visit_salts (
    day  TEXT PRIMARY KEY,
    salt BLOB NOT NULL
);

-- +goose Down

DROP TABLE visit_salts;
DROP TABLE visits;
DROP TABLE view_slices;
DROP INDEX article_views_30d_idx;
DROP INDEX article_views_7d_idx;
DROP INDEX article_views_24h_idx;
DROP INDEX article_views_1h_idx;
ALTER TABLE article_views DROP COLUMN views_30d;
ALTER TABLE article_views DROP COLUMN views_7d;
ALTER TABLE article_views DROP COLUMN views_24h;
ALTER TABLE article_views DROP COLUMN views_1h;
