package editorial

import (
	"fmt"

	"github.com/google/uuid"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// referencesTo names what refers to a term apart from articles and sections: collections that are filled up with it, and the
// navigation of the site.
func referencesTo(tx *store.Tx, term uuid.UUID) ([]string, error) {
	var by []string
	collections, err := tx.FilledCollections()
	if err != nil {
		return nil, err
	}
	for _, c := range collections {
		if c.Fill.RefersTo(term) {
			by = append(by, fmt.Sprintf("the collection %q", c.Key))
		}
	}
	site, err := tx.Site()
	if site.RefersTo(term) {
		by = append(by, "the navigation of the site")
	}
	return by, err
}

// replaceReferences puts the term by in the place of old in what referencesTo names, with an event for each change.
func (d *Desk) replaceReferences(tx *store.Tx, actor newsroom.Actor, old, by uuid.UUID) error {
	swap := func(id string) string {
		if id == old.String() {
			return by.String()
		}
		return id
	}
	collections, err := tx.FilledCollections()
	if err != nil {
		return err
	}
	for _, before := range collections {
		if !before.Fill.RefersTo(old) {
			continue
		}
		after, fill := before, before.Fill.MapTerms(swap, swap, swap)
		after.Fill = &fill
		if err := d.saveCollection(tx, actor, &after, before); err != nil {
			return err
		}
	}
	before, err := tx.Site()
	if err != nil || !before.RefersTo(old) {
		return err
	}
	after, items := before, newsroom.MapSections(*before.Navigation, "", func(_, id string) string { return swap(id) })
	after.Navigation = &items
	return d.saveSite(tx, actor, &after, before)
}
