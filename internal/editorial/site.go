package editorial

import (
	"context"

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
		return tx.SaveSite(newsroom.Site{Name: DefaultSiteName, Version: 1, UpdatedAt: d.Now()})
	})
}

// ChangeSite changes what the newsroom says of itself: edit is given the present state and gives the new one.
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
		if err := newsroom.Invalid(addUnreported(invalid, after.Check())); err != nil {
			return err
		}
		if site = after; after == before {
			return nil
		}
		site.Version++
		site.UpdatedAt = d.Now()
		if err := tx.SaveSite(site); err != nil {
			return err
		}
		e, err := newEvent(site.UpdatedAt, actor, "site.updated", siteID, true, map[string]any{"name": site.Name})
		if err != nil {
			return err
		}
		return tx.AppendEvent(&e)
	})
	return site, err
}
