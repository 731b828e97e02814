package editorial

import (
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/nashr-cms/nashr/internal/newsroom"
	"github.com/nashr-cms/nashr/internal/store"
)

// saved appends the event of a term that is new or changed. It carries all that readers can know of the term from
// then on, so that what they saw at a moment can be told, and which fields differ from before, unless that is nil.
func (t TermDesk[T]) saved(tx *store.Tx, actor newsroom.Actor, what string, value, before *T, now time.Time) error {
	data := map[string]any{"after": t.kind.fields(*value)}
	if before != nil {
		data["changed"] = t.changed(*value, *before)
	}
	return t.happened(tx, actor, what, value, t.kind.public(*value), now, data)
}

// changed names the fields that differ, in the order of the alphabet.
func (t TermDesk[T]) changed(value, before T) []string {
	names := []string{}
	for _, fields := range []func(T) map[string]any{t.kind.fields, t.kind.secrets} {
		if fields == nil {
			continue
		}
		names = append(names, differing(fields(value), fields(before))...)
	}
	slices.Sort(names)
	return names
}

// differing names the fields that are not as they were before, in the order of the alphabet.
func differing(fields, before map[string]any) []string {
	names := []string{}
	for name, v := range fields {
		if !reflect.DeepEqual(v, before[name]) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func termFields(t newsroom.Term) map[string]any {
	return map[string]any{"slug": t.Slug, "name": t.Name, "description": t.Description, "translations": t.Translations}
}

func sectionFields(s newsroom.Section) map[string]any {
	fields := termFields(s.Term)
	fields["parent_id"], fields["position"] = s.ParentID, s.Position
	return fields
}

func authorFields(a newsroom.Author) map[string]any {
	fields := termFields(a.Term)
	maps.Copy(fields, map[string]any{"job_title": a.JobTitle, "bio": a.Bio, "avatar": a.Avatar, "links": a.Links})
	return fields
}
