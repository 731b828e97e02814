-- +goose Up

-- Lists that editors put together by hand, and may have filled up with what a filter keeps.
CREATE TABLE collections (
    id           uuid PRIMARY KEY,
    key          text COLLATE "C" NOT NULL CONSTRAINT collections_key_key UNIQUE,
    name         text COLLATE "C" NOT NULL,
    description  text NOT NULL,
    translations json NOT NULL,
    fill         json,
    version      integer NOT NULL CHECK (version > 0),
    created_at   timestamptz(3) NOT NULL,
    updated_at   timestamptz(3) NOT NULL
);

CREATE TABLE collection_articles (
    collection_id uuid NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    article_id    uuid NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    position      integer NOT NULL,
    PRIMARY KEY (collection_id, article_id)
);
CREATE INDEX collection_articles_article_idx ON collection_articles (article_id);

-- Small JSON documents that integrations push. Readers see them before expires_at.
CREATE TABLE widgets (
    id         uuid PRIMARY KEY,
    key        text COLLATE "C" NOT NULL CONSTRAINT widgets_key_key UNIQUE,
    value      json NOT NULL,
    expires_at timestamptz(3),
    version    integer NOT NULL CHECK (version > 0),
    created_at timestamptz(3) NOT NULL,
    updated_at timestamptz(3) NOT NULL
);
CREATE INDEX widgets_expires_idx ON widgets (expires_at);

ALTER TABLE site ADD COLUMN description text NOT NULL DEFAULT '';
ALTER TABLE site ADD COLUMN translations json NOT NULL DEFAULT '{}';
-- Null: the top of the tree of sections.
ALTER TABLE site ADD COLUMN navigation json;

-- +goose Down

ALTER TABLE site DROP COLUMN navigation;
ALTER TABLE site DROP COLUMN translations;
ALTER TABLE site DROP COLUMN description;
DROP TABLE widgets;
DROP TABLE collection_articles;
DROP TABLE collections;
