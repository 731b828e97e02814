package editorial

import (
	"context"
	"reflect"
	"slices"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// DefaultSiteName is what a site is called until somebody names it.
const DefaultSiteName = "Nashr"

// OpenSite makes sure that there is a site.
func (d *Desk) OpenSite(ctx context.Context) error {
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Site()
		if !newsroom.IsCode(err, newsroom.CodeNotFound) {
			return err
		}
		return tx.SaveSite(newsroom.Site{Name: DefaultSiteName, Translations: newsroom.Translations{}, Version: 1, UpdatedAt: d.Now()})
	})
}

// ChangeSite changes what the newsroom says of itself: edit is given the present state and gives the new one, whose navigation
// may name sections by slug.
func (d *Desk) ChangeSite(ctx context.Context, actor newsroom.Actor, p newsroom.Precondition,
	edit func(newsroom.Site) (newsroom.Site, []newsroom.FieldError, error),
) (newsroom.Site, error) {
	var site newsroom.Site
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		before, err := tx.Site()
		if err != nil {
			return err
		}
		if err := p.Check(before.Version); err != nil {
			return err
		}
		after, invalid, err := edit(before)
		if err != nil {
			return err
		}
		unknown, err := findSections(tx, &after)
		if err != nil {
			return err
		}
		if err := newsroom.Invalid(addUnreported(invalid, slices.Concat(unknown, after.Check()))); err != nil {
			return err
		}
		if site = after; reflect.DeepEqual(after, before) {
			return nil
		}
		return d.saveSite(tx, actor, &site, before)
	})
	return site, err
}

func (d *Desk) saveSite(tx *store.Tx, actor newsroom.Actor, site *newsroom.Site, before newsroom.Site) error {
	site.Version++
	site.UpdatedAt = d.Now()
	if err := tx.SaveSite(*site); err != nil {
		return err
	}
	e, err := newEvent(site.UpdatedAt, actor, "site.updated", siteID, true, map[string]any{
		"name": site.Name, "after": siteFields(*site), "changed": differing(siteFields(*site), siteFields(before)),
	})
	if err != nil {
		return err
	}
	return tx.AppendEvent(&e)
}

func siteFields(s newsroom.Site) map[string]any {
	return map[string]any{"name": s.Name, "description": s.Description, "translations": s.Translations, "navigation": s.Navigation}
}

// findSections looks up the sections that the navigation of s names by slug or id, and names them by id.
func findSections(tx *store.Tx, s *newsroom.Site) ([]newsroom.FieldError, error) {
	if s.Navigation == nil {
		return nil, nil
	}
	sections, err := tx.Sections()
	ids := map[string]string{}
	for _, section := range sections {
		ids[section.Slug], ids[section.ID.String()] = section.ID.String(), section.ID.String()
	}
	var r resolver
	found := newsroom.MapSections(*s.Navigation, "/navigation", func(at, ref string) string {
		id, known := ids[ref]
		if !known {
			r.unknown(at, ref)
			return ref
		}
		return id
	})
	s.Navigation = &found
	return r.fields, err
}
