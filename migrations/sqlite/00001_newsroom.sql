-- +goose Up

CREATE TABLE users (
    id            TEXT PRIMARY KEY,
    email         TEXT NOT NULL CONSTRAINT users_email_key UNIQUE CHECK (email = lower(email)),
    name          TEXT NOT NULL,
    role          TEXT NOT NULL CHECK (role IN ('contributor', 'author', 'editor', 'admin')),
    password_hash TEXT NOT NULL,
    disabled_at   DATETIME,
    created_at    DATETIME NOT NULL,
    updated_at    DATETIME NOT NULL
);

CREATE TABLE sessions (
    id           TEXT PRIMARY KEY,
    user_id      TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    user_agent   TEXT NOT NULL,
    address      TEXT NOT NULL,
    created_at   DATETIME NOT NULL,
    last_used_at DATETIME NOT NULL,
    expires_at   DATETIME NOT NULL,
    ended_at     DATETIME
);
CREATE INDEX sessions_user_idx ON sessions (user_id);

CREATE TABLE refresh_tokens (
    hash       BLOB PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    created_at DATETIME NOT NULL,
    used_at    DATETIME
);
CREATE INDEX refresh_tokens_session_idx ON refresh_tokens (session_id);

CREATE TABLE signing_keys (
    id          TEXT PRIMARY KEY,
    private_key BLOB NOT NULL CHECK (length(private_key) = 32),
    created_at  DATETIME NOT NULL
);

CREATE TABLE sign_in_failures (
    key        TEXT PRIMARY KEY,
    failures   INTEGER NOT NULL CHECK (failures > 0),
    retry_at   DATETIME NOT NULL,
    updated_at DATETIME NOT NULL
);
CREATE INDEX sign_in_failures_updated_idx ON sign_in_failures (updated_at);

CREATE TABLE site (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    name       TEXT NOT NULL,
    version    INTEGER NOT NULL CHECK (version > 0),
    updated_at DATETIME NOT NULL
);

CREATE TABLE sections (
    id           TEXT PRIMARY KEY,
    slug         TEXT NOT NULL CONSTRAINT sections_slug_key UNIQUE,
    name         TEXT NOT NULL,
    description  TEXT NOT NULL,
    translations TEXT NOT NULL CHECK (json_valid(translations)),
    parent_id    TEXT REFERENCES sections (id) ON DELETE RESTRICT CHECK (parent_id <> id),
    position     INTEGER NOT NULL,
    version      INTEGER NOT NULL CHECK (version > 0),
    created_at   DATETIME NOT NULL,
    updated_at   DATETIME NOT NULL
);
CREATE INDEX sections_parent_idx ON sections (parent_id);

CREATE TABLE authors (
    id           TEXT PRIMARY KEY,
    slug         TEXT NOT NULL CONSTRAINT authors_slug_key UNIQUE,
    name         TEXT NOT NULL,
    description  TEXT NOT NULL,
    translations TEXT NOT NULL CHECK (json_valid(translations)),
    job_title    TEXT NOT NULL,
    bio          TEXT NOT NULL,
    avatar       TEXT NOT NULL,
    email        TEXT NOT NULL,
    links        TEXT NOT NULL CHECK (json_valid(links)),
    version      INTEGER NOT NULL CHECK (version > 0),
    created_at   DATETIME NOT NULL,
    updated_at   DATETIME NOT NULL
);
CREATE INDEX authors_name_idx ON authors (name, id);

CREATE TABLE tags (
    id           TEXT PRIMARY KEY,
    slug         TEXT NOT NULL CONSTRAINT tags_slug_key UNIQUE,
    name         TEXT NOT NULL,
    name_key     TEXT NOT NULL CONSTRAINT tags_name_key UNIQUE,
    listed       BOOLEAN NOT NULL,
    description  TEXT NOT NULL,
    translations TEXT NOT NULL CHECK (json_valid(translations)),
    version      INTEGER NOT NULL CHECK (version > 0),
    created_at   DATETIME NOT NULL,
    updated_at   DATETIME NOT NULL
);
CREATE INDEX tags_name_idx ON tags (name, id);

-- The working copy of each article: what editors see.
CREATE TABLE articles (
    id                TEXT PRIMARY KEY,
    lang              TEXT NOT NULL,
    slug              TEXT NOT NULL,
    title             TEXT NOT NULL CHECK (title <> ''),
    kicker            TEXT NOT NULL,
    subtitle          TEXT NOT NULL,
    summary           TEXT NOT NULL,
    auto_summary      BOOLEAN NOT NULL,
    body              TEXT NOT NULL CHECK (json_valid(body)),
    word_count        INTEGER NOT NULL CHECK (word_count >= 0),
    section_id        TEXT REFERENCES sections (id) ON DELETE RESTRICT,
    author_ids        TEXT NOT NULL CHECK (json_valid(author_ids)),
    tag_ids           TEXT NOT NULL CHECK (json_valid(tag_ids)),
    type              TEXT NOT NULL,
    featured          BOOLEAN NOT NULL,
    breaking          BOOLEAN NOT NULL,
    seo               TEXT NOT NULL CHECK (json_valid(seo)),
    custom            TEXT NOT NULL CHECK (json_valid(custom)),
    translation_group TEXT NOT NULL,
    version           INTEGER NOT NULL CHECK (version > 0),
    revision          INTEGER NOT NULL CHECK (revision > 0),
    note              TEXT,
    created_by        TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    created_at        DATETIME NOT NULL,
    updated_at        DATETIME NOT NULL,
    published_at      DATETIME,
    unpublished_at    DATETIME,
    trashed_at        DATETIME,
    CONSTRAINT articles_slug_key UNIQUE (lang, slug)
);
CREATE UNIQUE INDEX articles_translation_key ON articles (translation_group, lang) WHERE trashed_at IS NULL;
CREATE INDEX articles_updated_idx ON articles (updated_at, id);
CREATE INDEX articles_published_idx ON articles (published_at, id);
CREATE INDEX articles_section_idx ON articles (section_id, updated_at, id);
CREATE INDEX articles_owner_idx ON articles (created_by, updated_at, id);

-- Which articles have an author or a tag: an index of author_ids and tag_ids, and what keeps those from dangling.
CREATE TABLE article_authors (
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    author_id  TEXT NOT NULL REFERENCES authors (id) ON DELETE RESTRICT,
    PRIMARY KEY (author_id, article_id)
);
CREATE INDEX article_authors_article_idx ON article_authors (article_id);

CREATE TABLE article_tags (
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    tag_id     TEXT NOT NULL REFERENCES tags (id) ON DELETE RESTRICT,
    PRIMARY KEY (tag_id, article_id)
);
CREATE INDEX article_tags_article_idx ON article_tags (article_id);

-- Every save of an article's text, kept forever. Ids in it may name what is no more.
CREATE TABLE revisions (
    article_id   TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    revision     INTEGER NOT NULL CHECK (revision > 0),
    lang         TEXT NOT NULL,
    slug         TEXT NOT NULL,
    title        TEXT NOT NULL,
    kicker       TEXT NOT NULL,
    subtitle     TEXT NOT NULL,
    summary      TEXT NOT NULL,
    auto_summary BOOLEAN NOT NULL,
    body         TEXT NOT NULL CHECK (json_valid(body)),
    word_count   INTEGER NOT NULL,
    section_id   TEXT,
    author_ids   TEXT NOT NULL,
    tag_ids      TEXT NOT NULL,
    type         TEXT NOT NULL,
    featured     BOOLEAN NOT NULL,
    breaking     BOOLEAN NOT NULL,
    seo          TEXT NOT NULL,
    custom       TEXT NOT NULL,
    translation_group TEXT NOT NULL,
    saved_by     TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    saved_at     DATETIME NOT NULL,
    PRIMARY KEY (article_id, revision)
);

-- What readers see, have just seen, or will see: visible_from <= now AND now < visible_until.
CREATE TABLE publications (
    id                TEXT PRIMARY KEY,
    article_id        TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    revision          INTEGER NOT NULL,
    lang              TEXT NOT NULL,
    slug              TEXT NOT NULL,
    title             TEXT NOT NULL CHECK (title <> ''),
    kicker            TEXT NOT NULL,
    subtitle          TEXT NOT NULL,
    summary           TEXT NOT NULL,
    auto_summary      BOOLEAN NOT NULL,
    body              TEXT NOT NULL CHECK (json_valid(body)),
    word_count        INTEGER NOT NULL,
    section_id        TEXT REFERENCES sections (id) ON DELETE RESTRICT,
    author_ids        TEXT NOT NULL CHECK (json_valid(author_ids)),
    tag_ids           TEXT NOT NULL CHECK (json_valid(tag_ids)),
    type              TEXT NOT NULL,
    featured          BOOLEAN NOT NULL,
    breaking          BOOLEAN NOT NULL,
    seo               TEXT NOT NULL,
    custom            TEXT NOT NULL,
    translation_group TEXT NOT NULL,
    published_at      DATETIME NOT NULL,
    updated_at        DATETIME NOT NULL,
    visible_from      DATETIME NOT NULL,
    visible_until     DATETIME,
    until             DATETIME,
    published_by      TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT publications_from_key UNIQUE (article_id, visible_from),
    CONSTRAINT publications_revision_fkey FOREIGN KEY (article_id, revision) REFERENCES revisions (article_id, revision),
    CHECK (visible_until > visible_from)
);
CREATE UNIQUE INDEX publications_open_key ON publications (article_id) WHERE visible_until IS NULL;
CREATE INDEX publications_from_idx ON publications (visible_from);
CREATE INDEX publications_until_idx ON publications (visible_until);
CREATE INDEX publications_slug_idx ON publications (slug);
CREATE INDEX publications_group_idx ON publications (translation_group);
CREATE INDEX publications_published_idx ON publications (published_at, article_id);
CREATE INDEX publications_updated_idx ON publications (updated_at, article_id);
CREATE INDEX publications_title_idx ON publications (title, article_id);
CREATE INDEX publications_lang_idx ON publications (lang, published_at, article_id);
CREATE INDEX publications_section_idx ON publications (section_id, published_at, article_id);

CREATE TABLE publication_authors (
    publication_id TEXT NOT NULL REFERENCES publications (id) ON DELETE CASCADE,
    author_id      TEXT NOT NULL REFERENCES authors (id) ON DELETE RESTRICT,
    PRIMARY KEY (author_id, publication_id)
);
CREATE INDEX publication_authors_publication_idx ON publication_authors (publication_id);

CREATE TABLE publication_tags (
    publication_id TEXT NOT NULL REFERENCES publications (id) ON DELETE CASCADE,
    tag_id         TEXT NOT NULL REFERENCES tags (id) ON DELETE RESTRICT,
    PRIMARY KEY (tag_id, publication_id)
);
CREATE INDEX publication_tags_publication_idx ON publication_tags (publication_id);

-- What readers saw before: publications whose time is over and that something newer replaced.
CREATE TABLE publication_history (
    id                TEXT PRIMARY KEY,
    article_id        TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    revision          INTEGER NOT NULL,
    lang              TEXT NOT NULL,
    slug              TEXT NOT NULL,
    title             TEXT NOT NULL,
    kicker            TEXT NOT NULL,
    subtitle          TEXT NOT NULL,
    summary           TEXT NOT NULL,
    auto_summary      BOOLEAN NOT NULL,
    body              TEXT NOT NULL,
    word_count        INTEGER NOT NULL,
    section_id        TEXT,
    author_ids        TEXT NOT NULL,
    tag_ids           TEXT NOT NULL,
    type              TEXT NOT NULL,
    featured          BOOLEAN NOT NULL,
    breaking          BOOLEAN NOT NULL,
    seo               TEXT NOT NULL,
    custom            TEXT NOT NULL,
    translation_group TEXT NOT NULL,
    published_at      DATETIME NOT NULL,
    updated_at        DATETIME NOT NULL,
    visible_from      DATETIME NOT NULL,
    visible_until     DATETIME NOT NULL CHECK (visible_until > visible_from),
    until             DATETIME,
    published_by      TEXT NOT NULL
);
CREATE INDEX publication_history_article_idx ON publication_history (article_id, visible_from);

-- Slugs under which an article was published: they redirect, and no other article may take them.
CREATE TABLE slug_history (
    lang       TEXT NOT NULL,
    slug       TEXT NOT NULL,
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (lang, slug)
);
CREATE INDEX slug_history_slug_idx ON slug_history (slug);
CREATE INDEX slug_history_article_idx ON slug_history (article_id);

-- How often readers opened an article, apart from its text so that counting changes no publication.
CREATE TABLE article_views (
    article_id TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    views      INTEGER NOT NULL CHECK (views >= 0)
);
CREATE INDEX article_views_idx ON article_views (views, article_id);

-- Every change, in the order of the commits: audit trail, change feed and outbox in one.
CREATE TABLE events (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         DATETIME NOT NULL,
    type       TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    actor_id   TEXT,
    public     BOOLEAN NOT NULL,
    data       TEXT NOT NULL CHECK (json_valid(data))
);
CREATE INDEX events_public_idx ON events (id) WHERE public;
CREATE INDEX events_subject_idx ON events (subject_id, id);

-- +goose Down

DROP TABLE events;
DROP TABLE article_views;
DROP TABLE slug_history;
DROP TABLE publication_history;
DROP TABLE publication_tags;
DROP TABLE publication_authors;
DROP TABLE publications;
DROP TABLE revisions;
DROP TABLE article_tags;
DROP TABLE article_authors;
DROP TABLE articles;
DROP TABLE tags;
DROP TABLE authors;
DROP TABLE sections;
DROP TABLE site;
DROP TABLE sign_in_failures;
DROP TABLE signing_keys;
DROP TABLE refresh_tokens;
DROP TABLE sessions;
DROP TABLE users;
