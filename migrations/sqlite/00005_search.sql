-- +goose Up

-- Which publications the rows of search_terms are of. Their numbers are in the order of publication, to the second, so
-- that the newest come first without sorting.
CREATE TABLE search_documents (
    id             INTEGER PRIMARY KEY,
    publication_id TEXT NOT NULL UNIQUE REFERENCES publications (id) ON DELETE CASCADE,
    version        INTEGER NOT NULL
);
-- What publications are found by, made in Go (internal/search): terms with spaces between them.
CREATE VIRTUAL TABLE search_terms USING fts5(terms, content = '', contentless_delete = 1, tokenize = 'ascii');
-- +goose StatementBegin
CREATE TRIGGER search_documents_deleted AFTER DELETE ON search_documents BEGIN
    DELETE FROM search_terms WHERE rowid = old.id;
END;
-- +goose StatementEnd

-- All that finding and counting ask of a publication, without its text.
CREATE INDEX publications_found_idx ON publications (id, published_at, article_id, visible_from, visible_until);

-- Words that can be offered for misspelt ones. What stands in nothing that is live is not offered.
CREATE TABLE search_spellings (
    id       INTEGER PRIMARY KEY,
    word     TEXT NOT NULL UNIQUE,
    skeleton TEXT NOT NULL
);
CREATE VIRTUAL TABLE search_trigrams USING fts5(skeleton, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram');
-- +goose StatementBegin
CREATE TRIGGER search_spellings_inserted AFTER INSERT ON search_spellings BEGIN
    INSERT INTO search_trigrams (rowid, skeleton) VALUES (new.id, ' ' || new.skeleton || ' ');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER search_spellings_deleted AFTER DELETE ON search_spellings BEGIN
    DELETE FROM search_trigrams WHERE rowid = old.id;
END;
-- +goose StatementEnd

-- +goose Down

DROP INDEX publications_found_idx;
DROP TABLE search_spellings;
DROP TABLE search_trigrams;
DROP TABLE search_documents;
DROP TABLE search_terms;
