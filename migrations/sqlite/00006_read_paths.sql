-- +goose Up

-- Which publications have a term, in the order in which readers list them: each row repeats what a list and a count must
-- know, so that both are read from here alone. A publication is in its section and in all those above.
CREATE TABLE publication_sections (
    section_id     TEXT NOT NULL REFERENCES sections (id) ON DELETE RESTRICT,
    published_at   DATETIME NOT NULL,
    article_id     TEXT NOT NULL,
    publication_id TEXT NOT NULL REFERENCES publications (id) ON DELETE CASCADE,
    visible_from   DATETIME NOT NULL,
    visible_until  DATETIME,
    PRIMARY KEY (section_id, published_at, article_id, publication_id)
) WITHOUT ROWID;
INSERT INTO publication_sections (section_id, published_at, article_id, publication_id, visible_from, visible_until)
    WITH RECURSIVE up (publication_id, section_id) AS (
        SELECT id, section_id FROM publications WHERE section_id IS NOT NULL
        UNION SELECT up.publication_id, s.parent_id FROM up JOIN sections s ON s.id = up.section_id WHERE s.parent_id IS NOT NULL
    ) SELECT up.section_id, p.published_at, p.article_id, p.id, p.visible_from, p.visible_until
    FROM up JOIN publications p ON p.id = up.publication_id;
CREATE INDEX publication_sections_publication_idx ON publication_sections (publication_id);

CREATE TABLE publication_authors_new (
    author_id      TEXT NOT NULL REFERENCES authors (id) ON DELETE RESTRICT,
    published_at   DATETIME NOT NULL,
    article_id     TEXT NOT NULL,
    publication_id TEXT NOT NULL REFERENCES publications (id) ON DELETE CASCADE,
    visible_from   DATETIME NOT NULL,
    visible_until  DATETIME,
    PRIMARY KEY (author_id, published_at, article_id, publication_id)
) WITHOUT ROWID;
INSERT INTO publication_authors_new (author_id, published_at, article_id, publication_id, visible_from, visible_until)
    SELECT l.author_id, p.published_at, p.article_id, p.id, p.visible_from, p.visible_until
    FROM publication_authors l JOIN publications p ON p.id = l.publication_id;
DROP TABLE publication_authors;
ALTER TABLE publication_authors_new RENAME TO publication_authors;
CREATE INDEX publication_authors_publication_idx ON publication_authors (publication_id);

CREATE TABLE publication_tags_new (
    tag_id         TEXT NOT NULL REFERENCES tags (id) ON DELETE RESTRICT,
    published_at   DATETIME NOT NULL,
    article_id     TEXT NOT NULL,
    publication_id TEXT NOT NULL REFERENCES publications (id) ON DELETE CASCADE,
    visible_from   DATETIME NOT NULL,
    visible_until  DATETIME,
    PRIMARY KEY (tag_id, published_at, article_id, publication_id)
) WITHOUT ROWID;
INSERT INTO publication_tags_new (tag_id, published_at, article_id, publication_id, visible_from, visible_until)
    SELECT l.tag_id, p.published_at, p.article_id, p.id, p.visible_from, p.visible_until
    FROM publication_tags l JOIN publications p ON p.id = l.publication_id;
DROP TABLE publication_tags;
ALTER TABLE publication_tags_new RENAME TO publication_tags;
CREATE INDEX publication_tags_publication_idx ON publication_tags (publication_id);

-- Lists in the usual order are read from these, with whether it is the time of what is in them.
DROP INDEX publications_published_idx;
CREATE INDEX publications_published_idx ON publications (published_at, article_id, visible_from, visible_until);
DROP INDEX publications_lang_idx;
CREATE INDEX publications_lang_idx ON publications (lang, published_at, article_id, visible_from, visible_until);
CREATE INDEX publications_type_idx ON publications (type, published_at, article_id, visible_from, visible_until);
CREATE INDEX publications_featured_idx ON publications (published_at, article_id) WHERE featured;
CREATE INDEX publications_breaking_idx ON publications (published_at, article_id) WHERE breaking;
DROP INDEX publications_section_idx;
CREATE INDEX publications_section_idx ON publications (section_id);

-- Translations are asked for by their language too.
DROP INDEX publications_group_idx;
CREATE INDEX publications_group_idx ON publications (translation_group, lang);

-- +goose Down

DROP INDEX publications_group_idx;
CREATE INDEX publications_group_idx ON publications (translation_group);

DROP INDEX publications_section_idx;
CREATE INDEX publications_section_idx ON publications (section_id, published_at, article_id);
DROP INDEX publications_breaking_idx;
DROP INDEX publications_featured_idx;
DROP INDEX publications_type_idx;
DROP INDEX publications_lang_idx;
CREATE INDEX publications_lang_idx ON publications (lang, published_at, article_id);
DROP INDEX publications_published_idx;
CREATE INDEX publications_published_idx ON publications (published_at, article_id);
CREATE TABLE publication_tags_old (
    publication_id TEXT NOT NULL REFERENCES publications (id) ON DELETE CASCADE,
    tag_id         TEXT NOT NULL REFERENCES tags (id) ON DELETE RESTRICT,
    PRIMARY KEY (tag_id, publication_id)
);
INSERT INTO publication_tags_old (publication_id, tag_id) SELECT publication_id, tag_id FROM publication_tags;
DROP TABLE publication_tags;
ALTER TABLE publication_tags_old RENAME TO publication_tags;
CREATE INDEX publication_tags_publication_idx ON publication_tags (publication_id);
CREATE TABLE publication_authors_old (
    publication_id TEXT NOT NULL REFERENCES publications (id) ON DELETE CASCADE,
    author_id      TEXT NOT NULL REFERENCES authors (id) ON DELETE RESTRICT,
    PRIMARY KEY (author_id, publication_id)
);
INSERT INTO publication_authors_old (publication_id, author_id) SELECT publication_id, author_id FROM publication_authors;
DROP TABLE publication_authors;
ALTER TABLE publication_authors_old RENAME TO publication_authors;
CREATE INDEX publication_authors_publication_idx ON publication_authors (publication_id);
DROP TABLE publication_sections;
