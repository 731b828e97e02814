package testkit

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
)

// CheckLinks gives an error unless the link tables of publications say just what the publications and the tree of sections
// do: which terms each has, under which date, and when readers see it.
func CheckLinks(ctx context.Context, db *sql.DB) error {
	parents := map[string]string{}
	err := each(ctx, db, "SELECT id, coalesce(CAST(parent_id AS text), '') FROM sections", 2, func(s []string) { parents[s[0]] = s[1] })
	if err != nil {
		return err
	}
	var want, got []string
	const repeated = `CAST(published_at AS text), CAST(article_id AS text), CAST(visible_from AS text), coalesce(CAST(visible_until AS text), '')`
	err = each(ctx, db, `SELECT id, coalesce(CAST(section_id AS text), ''), CAST(author_ids AS text), CAST(tag_ids AS text), `+repeated+` FROM publications`, 8,
		func(p []string) {
			for s := p[1]; s != ""; s = parents[s] {
				want = append(want, fmt.Sprint("section ", p[0], s, p[4:]))
			}
			for i, kind := range []string{"author ", "tag "} {
				var ids []string
				_ = json.Unmarshal([]byte(p[2+i]), &ids) // the tables check that it is JSON
				for _, id := range ids {
					want = append(want, fmt.Sprint(kind, p[0], id, p[4:]))
				}
			}
		})
	if err != nil {
		return err
	}
	for _, kind := range []string{"section", "author", "tag"} {
		query := fmt.Sprintf("SELECT publication_id, %[1]s_id, %[2]s FROM publication_%[1]ss", kind, repeated)
		if err := each(ctx, db, query, 6, func(l []string) { got = append(got, fmt.Sprint(kind+" ", l[0], l[1], l[2:])) }); err != nil {
			return err
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		return fmt.Errorf("the links are\n%q\nwant\n%q", got, want)
	}
	return nil
}

// each runs a query and calls do with its rows.
func each(ctx context.Context, db *sql.DB, query string, columns int, do func([]string)) error {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		row, into := make([]string, columns), make([]any, columns)
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		do(row)
	}
	return rows.Err()
}
