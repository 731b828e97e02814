-- +goose Up

-- Lists that editors put together by hand, and may have filled up with what a filter keeps.
CREATE TABLE collections (
    id           TEXT PRIMARY KEY,
    key          TEXT NOT NULL CONSTRAINT collections_key_key UNIQUE,
    name         TEXT NOT NULL,
    description  TEXT NOT NULL,
    translations TEXT NOT NULL CHECK (json_valid(translations)),
    fill         TEXT CHECK (json_valid(fill)),
    version      INTEGER NOT NULL CHECK (version > 0),
    created_at   DATETIME NOT NULL,
    updated_at   DATETIME NOT NULL
);

CREATE TABLE collection_articles (
    collection_id TEXT NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    article_id    TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    position      INTEGER NOT NULL,
    PRIMARY KEY (collection_id, article_id)
);
CREATE INDEX collection_articles_article_idx ON collection_articles (article_id);

-- Small JSON documents that integrations push. Readers see them before expires_at.
CREATE TABLE widgets (
    id         TEXT PRIMARY KEY,
    key        TEXT NOT NULL CONSTRAINT widgets_key_key UNIQUE,
    value      TEXT NOT NULL CHECK (json_valid(value)),
    expires_at DATETIME,
    version    INTEGER NOT NULL CHECK (version > 0),
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL
);
CREATE INDEX widgets_expires_idx ON widgets (expires_at);

ALTER TABLE site ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE site ADD COLUMN translations TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(translations));
-- Null: the top of the tree of sections.
ALTER TABLE site ADD COLUMN navigation TEXT CHECK (json_valid(navigation));

-- +goose Down

ALTER TABLE site DROP COLUMN navigation;
ALTER TABLE site DROP COLUMN translations;
ALTER TABLE site DROP COLUMN description;
DROP TABLE widgets;
DROP TABLE collection_articles;
DROP TABLE collections;
