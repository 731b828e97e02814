-- +goose Up

CREATE TABLE users (
    id            uuid PRIMARY KEY,
    email         text COLLATE "C" NOT NULL CONSTRAINT users_email_key UNIQUE CHECK (email = lower(email)),
    name          text COLLATE "C" NOT NULL,
    role          text NOT NULL CHECK (role IN ('contributor', 'author', 'editor', 'admin')),
    password_hash text NOT NULL,
    disabled_at   timestamptz(3),
    created_at    timestamptz(3) NOT NULL,
    updated_at    timestamptz(3) NOT NULL
);

CREATE TABLE sessions (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    user_agent   text NOT NULL,
    address      text NOT NULL,
    created_at   timestamptz(3) NOT NULL,
    last_used_at timestamptz(3) NOT NULL,
    expires_at   timestamptz(3) NOT NULL,
    ended_at     timestamptz(3)
);
CREATE INDEX sessions_user_idx ON sessions (user_id);

CREATE TABLE refresh_tokens (
    hash       bytea PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    created_at timestamptz(3) NOT NULL,
    used_at    timestamptz(3)
);
CREATE INDEX refresh_tokens_session_idx ON refresh_tokens (session_id);

CREATE TABLE signing_keys (
    id          text PRIMARY KEY,
    private_key bytea NOT NULL CHECK (length(private_key) = 32),
    created_at  timestamptz(3) NOT NULL
);

CREATE TABLE sign_in_failures (
    key        text PRIMARY KEY,
    failures   integer NOT NULL CHECK (failures > 0),
    retry_at   timestamptz(3) NOT NULL,
    updated_at timestamptz(3) NOT NULL
);
CREATE INDEX sign_in_failures_updated_idx ON sign_in_failures (updated_at);

CREATE TABLE site (
    id         integer PRIMARY KEY CHECK (id = 1),
    name       text NOT NULL,
    version    integer NOT NULL CHECK (version > 0),
    updated_at timestamptz(3) NOT NULL
);

CREATE TABLE sections (
    id           uuid PRIMARY KEY,
    slug         text COLLATE "C" NOT NULL CONSTRAINT sections_slug_key UNIQUE,
    name         text COLLATE "C" NOT NULL,
    description  text NOT NULL,
    translations json NOT NULL,
    parent_id    uuid REFERENCES sections (id) ON DELETE RESTRICT CHECK (parent_id <> id),
    position     integer NOT NULL,
    version      integer NOT NULL CHECK (version > 0),
    created_at   timestamptz(3) NOT NULL,
    updated_at   timestamptz(3) NOT NULL
);
CREATE INDEX sections_parent_idx ON sections (parent_id);

CREATE TABLE authors (
    id           uuid PRIMARY KEY,
    slug         text COLLATE "C" NOT NULL CONSTRAINT authors_slug_key UNIQUE,
    name         text COLLATE "C" NOT NULL,
    description  text NOT NULL,
    translations json NOT NULL,
    job_title    text NOT NULL,
    bio          text NOT NULL,
    avatar       text NOT NULL,
    email        text NOT NULL,
    links        json NOT NULL,
    version      integer NOT NULL CHECK (version > 0),
    created_at   timestamptz(3) NOT NULL,
    updated_at   timestamptz(3) NOT NULL
);
CREATE INDEX authors_name_idx ON authors (name, id);

CREATE TABLE tags (
    id           uuid PRIMARY KEY,
    slug         text COLLATE "C" NOT NULL CONSTRAINT tags_slug_key UNIQUE,
    name         text COLLATE "C" NOT NULL,
    name_key     text COLLATE "C" NOT NULL CONSTRAINT tags_name_key UNIQUE,
    listed       boolean NOT NULL,
    description  text NOT NULL,
    translations json NOT NULL,
    version      integer NOT NULL CHECK (version > 0),
    created_at   timestamptz(3) NOT NULL,
    updated_at   timestamptz(3) NOT NULL
);
CREATE INDEX tags_name_idx ON tags (name, id);

-- The working copy of each article: what editors see.
CREATE TABLE articles (
    id                uuid PRIMARY KEY,
    lang              text COLLATE "C" NOT NULL,
    slug              text COLLATE "C" NOT NULL,
    title             text COLLATE "C" NOT NULL CHECK (title <> ''),
    kicker            text NOT NULL,
    subtitle          text NOT NULL,
    summary           text NOT NULL,
    auto_summary      boolean NOT NULL,
    body              json NOT NULL,
    word_count        integer NOT NULL CHECK (word_count >= 0),
    section_id        uuid REFERENCES sections (id) ON DELETE RESTRICT,
    author_ids        json NOT NULL,
    tag_ids           json NOT NULL,
    type              text COLLATE "C" NOT NULL,
    featured          boolean NOT NULL,
    breaking          boolean NOT NULL,
    seo               json NOT NULL,
    custom            json NOT NULL,
    translation_group uuid NOT NULL,
    version           integer NOT NULL CHECK (version > 0),
    revision          integer NOT NULL CHECK (revision > 0),
    note              text,
    created_by        uuid NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    created_at        timestamptz(3) NOT NULL,
    updated_at        timestamptz(3) NOT NULL,
    published_at      timestamptz(3),
    unpublished_at    timestamptz(3),
    trashed_at        timestamptz(3),
    CONSTRAINT articles_slug_key UNIQUE (lang, slug)
);
CREATE UNIQUE INDEX articles_translation_key ON articles (translation_group, lang) WHERE trashed_at IS NULL;
CREATE INDEX articles_updated_idx ON articles (updated_at, id);
CREATE INDEX articles_published_idx ON articles (published_at, id);
CREATE INDEX articles_section_idx ON articles (section_id, updated_at, id);
CREATE INDEX articles_owner_idx ON articles (created_by, updated_at, id);

-- Which articles have an author or a tag: an index of author_ids and tag_ids, and what keeps those from dangling.
CREATE TABLE article_authors (
    article_id uuid NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    author_id  uuid NOT NULL REFERENCES authors (id) ON DELETE RESTRICT,
    PRIMARY KEY (author_id, article_id)
);
CREATE INDEX article_authors_article_idx ON article_authors (article_id);

CREATE TABLE article_tags (
    article_id uuid NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    tag_id     uuid NOT NULL REFERENCES tags (id) ON DELETE RESTRICT,
    PRIMARY KEY (tag_id, article_id)
);
CREATE INDEX article_tags_article_idx ON article_tags (article_id);

-- Every save of an article's text, kept forever. Ids in it may name what is no more.
CREATE TABLE revisions (
    article_id   uuid NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    revision     integer NOT NULL CHECK (revision > 0),
    lang         text COLLATE "C" NOT NULL,
    slug         text COLLATE "C" NOT NULL,
    title        text COLLATE "C" NOT NULL,
    kicker       text NOT NULL,
    subtitle     text NOT NULL,
    summary      text NOT NULL,
    auto_summary boolean NOT NULL,
    body         json NOT NULL,
    word_count   integer NOT NULL,
    section_id   uuid,
    author_ids   json NOT NULL,
    tag_ids      json NOT NULL,
    type         text COLLATE "C" NOT NULL,
    featured     boolean NOT NULL,
    breaking     boolean NOT NULL,
    seo          json NOT NULL,
    custom       json NOT NULL,
    translation_group uuid NOT NULL,
    saved_by     uuid NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    saved_at     timestamptz(3) NOT NULL,
    PRIMARY KEY (article_id, revision)
);

-- What readers see, have just seen, or will see: visible_from <= now AND now < visible_until.
CREATE TABLE publications (
    id                uuid PRIMARY KEY,
    article_id        uuid NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    revision          integer NOT NULL,
    lang              text COLLATE "C" NOT NULL,
    slug              text COLLATE "C" NOT NULL,
    title             text COLLATE "C" NOT NULL CHECK (title <> ''),
    kicker            text NOT NULL,
    subtitle          text NOT NULL,
    summary           text NOT NULL,
    auto_summary      boolean NOT NULL,
    body              json NOT NULL,
    word_count        integer NOT NULL,
    section_id        uuid REFERENCES sections (id) ON DELETE RESTRICT,
    author_ids        json NOT NULL,
    tag_ids           json NOT NULL,
    type              text COLLATE "C" NOT NULL,
    featured          boolean NOT NULL,
    breaking          boolean NOT NULL,
    seo               json NOT NULL,
    custom            json NOT NULL,
    translation_group uuid NOT NULL,
    published_at      timestamptz(3) NOT NULL,
    updated_at        timestamptz(3) NOT NULL,
    visible_from      timestamptz(3) NOT NULL,
    visible_until     timestamptz(3),
    until             timestamptz(3),
    published_by      uuid NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
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
    publication_id uuid NOT NULL REFERENCES publications (id) ON DELETE CASCADE,
    author_id      uuid NOT NULL REFERENCES authors (id) ON DELETE RESTRICT,
    PRIMARY KEY (author_id, publication_id)
);
CREATE INDEX publication_authors_publication_idx ON publication_authors (publication_id);

CREATE TABLE publication_tags (
    publication_id uuid NOT NULL REFERENCES publications (id) ON DELETE CASCADE,
    tag_id         uuid NOT NULL REFERENCES tags (id) ON DELETE RESTRICT,
    PRIMARY KEY (tag_id, publication_id)
);
CREATE INDEX publication_tags_publication_idx ON publication_tags (publication_id);

-- What readers saw before: publications whose time is over and that something newer replaced.
CREATE TABLE publication_history (
    id                uuid PRIMARY KEY,
    article_id        uuid NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    revision          integer NOT NULL,
    lang              text COLLATE "C" NOT NULL,
    slug              text COLLATE "C" NOT NULL,
    title             text COLLATE "C" NOT NULL,
    kicker            text NOT NULL,
    subtitle          text NOT NULL,
    summary           text NOT NULL,
    auto_summary      boolean NOT NULL,
    body              json NOT NULL,
    word_count        integer NOT NULL,
    section_id        uuid,
    author_ids        json NOT NULL,
    tag_ids           json NOT NULL,
    type              text COLLATE "C" NOT NULL,
    featured          boolean NOT NULL,
    breaking          boolean NOT NULL,
    seo               json NOT NULL,
    custom            json NOT NULL,
    translation_group uuid NOT NULL,
    published_at      timestamptz(3) NOT NULL,
    updated_at        timestamptz(3) NOT NULL,
    visible_from      timestamptz(3) NOT NULL,
    visible_until     timestamptz(3) NOT NULL CHECK (visible_until > visible_from),
    until             timestamptz(3),
    published_by      uuid NOT NULL
);
CREATE INDEX publication_history_article_idx ON publication_history (article_id, visible_from);

-- Slugs under which an article was published: they redirect, and no other article may take them.
CREATE TABLE slug_history (
    lang       text COLLATE "C" NOT NULL,
    slug       text COLLATE "C" NOT NULL,
    article_id uuid NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    created_at timestamptz(3) NOT NULL,
    PRIMARY KEY (lang, slug)
);
CREATE INDEX slug_history_slug_idx ON slug_history (slug);
CREATE INDEX slug_history_article_idx ON slug_history (article_id);

-- How often readers opened an article, apart from its text so that counting changes no publication.
CREATE TABLE article_views (
    article_id uuid PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    views      bigint NOT NULL CHECK (views >= 0)
);
CREATE INDEX article_views_idx ON article_views (views, article_id);

-- Every change, in the order of the commits: audit trail, change feed and outbox in one.
CREATE TABLE events (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz(3) NOT NULL,
    type       text NOT NULL,
    subject_id uuid NOT NULL,
    actor_id   uuid,
    public     boolean NOT NULL,
    data       json NOT NULL
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
