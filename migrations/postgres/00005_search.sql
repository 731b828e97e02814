-- +goose Up

-- Compares spellings. The owner of the database may do this: the extension is a trusted one.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- What publications are found by, made in Go (internal/search). It goes with its publication.
CREATE TABLE search_documents (
    publication_id uuid PRIMARY KEY REFERENCES publications (id) ON DELETE CASCADE,
    version        integer NOT NULL,
    terms          tsvector NOT NULL
);
CREATE INDEX search_documents_terms_idx ON search_documents USING gin (terms);

-- All that finding and counting ask of a publication, without its text.
CREATE INDEX publications_found_idx ON publications (id, published_at, article_id, visible_from, visible_until);

-- Words that can be offered for misspelt ones. What stands in nothing that is live is not offered.
CREATE TABLE search_spellings (
    word     text COLLATE "C" PRIMARY KEY,
    skeleton text COLLATE "C" NOT NULL
);
CREATE INDEX search_spellings_skeleton_idx ON search_spellings USING gin (skeleton gin_trgm_ops);

-- +goose Down

DROP INDEX publications_found_idx;
DROP TABLE search_spellings;
DROP TABLE search_documents;
