-- +goose Up

ALTER TABLE users ADD COLUMN version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0);
-- The second factor: a secret that is being set up, then confirmed, and the last 30-second step whose code was used.
ALTER TABLE users ADD COLUMN totp_secret TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN totp_confirmed_at DATETIME;
ALTER TABLE users ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;

CREATE TABLE recovery_codes (
    hash    BLOB PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    used_at DATETIME
);
CREATE INDEX recovery_codes_user_idx ON recovery_codes (user_id);

-- One-time links by which a user chooses a password: an invitation, or a reset.
CREATE TABLE password_links (
    hash       BLOB PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL
);
CREATE INDEX password_links_user_idx ON password_links (user_id);

CREATE TABLE api_tokens (
    id           TEXT PRIMARY KEY,
    hash         BLOB NOT NULL CONSTRAINT api_tokens_hash_key UNIQUE,
    name         TEXT NOT NULL CHECK (name <> ''),
    scopes       TEXT NOT NULL CHECK (json_valid(scopes)),
    created_by   TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    version      INTEGER NOT NULL CHECK (version > 0),
    created_at   DATETIME NOT NULL,
    updated_at   DATETIME NOT NULL,
    expires_at   DATETIME,
    last_used_at DATETIME
);
CREATE INDEX api_tokens_name_idx ON api_tokens (name, id);
CREATE INDEX api_tokens_owner_idx ON api_tokens (created_by);

-- What a POST with an Idempotency-Key was answered, sealed with the key that only its sender knows.
CREATE TABLE idempotency_keys (
    key         BLOB PRIMARY KEY,
    fingerprint BLOB NOT NULL,
    answer      BLOB NOT NULL,
    created_at  DATETIME NOT NULL
);
CREATE INDEX idempotency_keys_created_idx ON idempotency_keys (created_at);

ALTER TABLE articles ADD COLUMN submitted_at DATETIME;
CREATE INDEX articles_submitted_idx ON articles (submitted_at, id);

ALTER TABLE revisions ADD COLUMN changed TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(changed));
ALTER TABLE revisions ADD COLUMN restored_from INTEGER;

CREATE INDEX publication_history_group_idx ON publication_history (translation_group);

-- Stories that were withdrawn for good, and why: what readers get instead of them.
CREATE TABLE kills (
    article_id TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE RESTRICT,
    reason     TEXT NOT NULL CHECK (reason <> ''),
    killed_at  DATETIME NOT NULL,
    killed_by  TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT
);

-- Public notes of what was put right in an article.
CREATE TABLE corrections (
    id         TEXT PRIMARY KEY,
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    at         DATETIME NOT NULL,
    text       TEXT NOT NULL CHECK (text <> ''),
    created_by TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    deleted_at DATETIME
);
CREATE INDEX corrections_article_idx ON corrections (article_id, at);

-- Signed links that show one revision to whoever holds them.
CREATE TABLE preview_links (
    id         TEXT PRIMARY KEY,
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    revision   INTEGER NOT NULL,
    created_by TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    created_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL,
    CONSTRAINT preview_links_revision_fkey FOREIGN KEY (article_id, revision) REFERENCES revisions (article_id, revision) ON DELETE CASCADE
);
CREATE INDEX preview_links_article_idx ON preview_links (article_id, created_at);

-- Who is in an article just now. It blocks nobody.
CREATE TABLE editing (
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    since      DATETIME NOT NULL,
    until      DATETIME NOT NULL,
    PRIMARY KEY (article_id, user_id)
);

-- Tags that were merged into others: their slugs redirect, and their names find the tag that took them over.
CREATE TABLE merged_tags (
    id        TEXT PRIMARY KEY,
    slug      TEXT NOT NULL CONSTRAINT merged_tags_slug_key UNIQUE,
    name_key  TEXT NOT NULL CONSTRAINT merged_tags_name_key UNIQUE,
    tag_id    TEXT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    merged_at DATETIME NOT NULL
);
CREATE INDEX merged_tags_tag_idx ON merged_tags (tag_id);

ALTER TABLE events ADD COLUMN token_id TEXT;
CREATE INDEX events_type_idx ON events (type, id);

-- +goose Down

DROP INDEX events_type_idx;
ALTER TABLE events DROP COLUMN token_id;
DROP TABLE merged_tags;
DROP TABLE editing;
DROP TABLE preview_links;
DROP TABLE corrections;
DROP TABLE kills;
DROP INDEX publication_history_group_idx;
ALTER TABLE revisions DROP COLUMN restored_from;
ALTER TABLE revisions DROP COLUMN changed;
DROP INDEX articles_submitted_idx;
ALTER TABLE articles DROP COLUMN submitted_at;
DROP TABLE idempotency_keys;
DROP TABLE api_tokens;
DROP TABLE password_links;
DROP TABLE recovery_codes;
ALTER TABLE users DROP COLUMN totp_step;
ALTER TABLE users DROP COLUMN totp_confirmed_at;
ALTER TABLE users DROP COLUMN totp_secret;
ALTER TABLE users DROP COLUMN version;
