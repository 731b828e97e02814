-- +goose Up

-- Which publications have a term, in the order in which readers list them: each row repeats what a list and a count must
-- know, so that both are read from here alone. A publication is in its section and in all those above.
CREATE TABLE publication_sections (
    section_id     uuid NOT NULL REFERENCES sections (id) ON DELETE RESTRICT,
    published_at   timestamptz(3) NOT NULL,
    article_id     uuid NOT NULL,
    publication_id uuid NOT NULL REFERENCES publications (id) ON DELETE CASCADE,
    visible_from   timestamptz(3) NOT NULL,
    visible_until  timestamptz(3),
    PRIMARY KEY (section_id, published_at, article_id, publication_id) INCLUDE (visible_from, visible_until)
);
INSERT INTO publication_sections (section_id, published_at, article_id, publication_id, visible_from, visible_until)
    WITH RECURSIVE up (publication_id, section_id) AS (
        SELECT id, section_id FROM publications WHERE section_id IS NOT NULL
        UNION SELECT up.publication_id, s.parent_id FROM up JOIN sections s ON s.id = up.section_id WHERE s.parent_id IS NOT NULL
    ) SELECT up.section_id, p.published_at, p.article_id, p.id, p.visible_from, p.visible_until
    FROM up JOIN publications p ON p.id = up.publication_id;
CREATE INDEX publication_sections_publication_idx ON publication_sections (publication_id);

ALTER TABLE publication_authors ADD COLUMN published_at timestamptz(3), ADD COLUMN article_id uuid,
    ADD COLUMN visible_from timestamptz(3), ADD COLUMN visible_until timestamptz(3);
UPDATE publication_authors l SET published_at = p.published_at, article_id = p.article_id, visible_from = p.visible_from,
    visible_until = p.visible_until FROM publications p WHERE p.id = l.publication_id;
ALTER TABLE publication_authors ALTER COLUMN published_at SET NOT NULL, ALTER COLUMN article_id SET NOT NULL,
    ALTER COLUMN visible_from SET NOT NULL, DROP CONSTRAINT publication_authors_pkey,
    ADD PRIMARY KEY (author_id, published_at, article_id, publication_id) INCLUDE (visible_from, visible_until);

ALTER TABLE publication_tags ADD COLUMN published_at timestamptz(3), ADD COLUMN article_id uuid,
    ADD COLUMN visible_from timestamptz(3), ADD COLUMN visible_until timestamptz(3);
UPDATE publication_tags l SET published_at = p.published_at, article_id = p.article_id, visible_from = p.visible_from,
    visible_until = p.visible_until FROM publications p WHERE p.id = l.publication_id;
ALTER TABLE publication_tags ALTER COLUMN published_at SET NOT NULL, ALTER COLUMN article_id SET NOT NULL,
    ALTER COLUMN visible_from SET NOT NULL, DROP CONSTRAINT publication_tags_pkey,
    ADD PRIMARY KEY (tag_id, published_at, article_id, publication_id) INCLUDE (visible_from, visible_until);

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
ALTER TABLE publication_tags DROP CONSTRAINT publication_tags_pkey, DROP COLUMN published_at, DROP COLUMN article_id,
    DROP COLUMN visible_from, DROP COLUMN visible_until, ADD PRIMARY KEY (tag_id, publication_id);
ALTER TABLE publication_authors DROP CONSTRAINT publication_authors_pkey, DROP COLUMN published_at, DROP COLUMN article_id,
    DROP COLUMN visible_from, DROP COLUMN visible_until, ADD PRIMARY KEY (author_id, publication_id);
DROP TABLE publication_sections;
