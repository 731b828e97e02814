package store

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// SortKey is one key of an order, by the name of a sortable field.
type SortKey struct {
	Field string
	Desc  bool
}

// Page says which part of a list is wanted, in which order.
type Page struct {
	Limit  int
	Offset int     // counts only without a Cursor
	Cursor *Cursor // continue where another page ended
	Sort   []SortKey
	Total  bool // count the whole list too
}

// Listing is one page of a list.
type Listing[T any] struct {
	Items []T
	Total *int64  // nil unless asked for
	Next  *Cursor // nil at the end
	Prev  *Cursor // nil at the beginning
}

// Cursor is a place in an ordered list: right after the row with these values, or right before it when Back is set. It
// names values and no row, so it holds whatever is added or removed around it.
type Cursor struct {
	Sort   string    `json:"s"` // the order it was made for
	Values []string  `json:"v"` // of the sort keys
	ID     uuid.UUID `json:"i"` // decides between equal values
	Back   bool      `json:"b,omitempty"`
}

// String gives the cursor as an opaque word for URLs.
func (c Cursor) String() string {
	data, _ := json.Marshal(c) // a struct of strings always encodes
	return base64.RawURLEncoding.EncodeToString(data)
}

// BadCursor gives the invalid_parameter of a cursor that a list did not give in this order.
func BadCursor() error {
	const detail = "This cursor was not given by this list in this order."
	return &newsroom.Error{Code: newsroom.CodeInvalidParameter, Detail: detail, Fields: []newsroom.FieldError{
		{Pointer: "cursor", Code: newsroom.FieldInvalid, Detail: detail},
	}}
}

// ParseCursor reads what String gave, or gives BadCursor. The list it is used with must be sorted as the one that gave it.
func ParseCursor(s string, sort []SortKey) (*Cursor, error) {
	data, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil, BadCursor()
	}
	var c Cursor
	if err := json.Unmarshal(data, &c); err != nil || c.Sort != sortName(sort) || len(c.Values) != len(sort) {
		return nil, BadCursor()
	}
	return &c, nil
}

func sortName(sort []SortKey) string {
	names := make([]string, len(sort))
	for i, k := range sort {
		names[i] = k.Field
		if k.Desc {
			names[i] = "-" + k.Field
		}
	}
	return strings.Join(names, ",")
}

// column is a sortable field of T: its SQL, and its value in a row as a string, a time.Time or an int64.
type column[T any] struct {
	sql string
	of  func(*T) any
}

// order is how rows of T can be sorted: by name of the field, and at last by id.
type order[T any] struct {
	columns map[string]column[T]
	id      string
	idOf    func(*T) uuid.UUID
	// complete, unless nil, is given the rows of a page before their values make cursors.
	complete func([]T) error
}

// list runs query, which holds FROM and WHERE, and selects fields of the rows that page asks for.
func list[T any](query *gorm.DB, fields string, o order[T], page Page) (Listing[T], error) {
	var l Listing[T]
	if page.Total {
		var n int64
		if err := query.Session(&gorm.Session{}).Count(&n).Error; err != nil {
			return l, err
		}
		l.Total = &n
	}
	q, err := o.part(query.Session(&gorm.Session{}).Select(fields), page)
	if err != nil {
		return l, err
	}
	if err := q.Find(&l.Items).Error; err != nil {
		return l, err
	}
	return o.listing(l, page)
}

// part narrows query to the rows of a page and, if there is one, the row beyond it.
func (o order[T]) part(query *gorm.DB, page Page) (*gorm.DB, error) {
	q := query.Order(o.by(page.Sort, page.back())).Limit(page.Limit + 1)
	if page.Cursor == nil {
		return q.Offset(page.Offset), nil
	}
	after, err := o.after(page.Sort, page.Cursor)
	return q.Where(after), err
}

// back reports whether the page is read backwards.
func (p Page) back() bool { return p.Cursor != nil && p.Cursor.Back }

// listing completes a listing that has the rows that part gave.
func (o order[T]) listing(l Listing[T], page Page) (Listing[T], error) {
	back, more := page.back(), len(l.Items) > page.Limit
	l.Items = l.Items[:min(len(l.Items), page.Limit)]
	if back {
		slices.Reverse(l.Items)
	}
	if o.complete != nil {
		if err := o.complete(l.Items); err != nil {
			return l, err
		}
	}
	o.neighbours(&l, page, more)
	return l, nil
}

// neighbours adds to a page where the list goes on. There are more rows in the direction in which it was read when more
// is set.
func (o order[T]) neighbours(l *Listing[T], page Page, more bool) {
	back := page.back()
	if len(l.Items) > 0 && (more || back) {
		l.Next = o.cursor(page.Sort, &l.Items[len(l.Items)-1], false)
	}
	if len(l.Items) > 0 && (page.Cursor != nil && !back || back && more) {
		l.Prev = o.cursor(page.Sort, &l.Items[0], true)
	}
}

// by gives the ORDER BY, turned round for a page that is read backwards. The id follows the direction of the last key.
func (o order[T]) by(sort []SortKey, back bool) clause.OrderBy {
	var parts []string
	desc := false
	for _, k := range sort {
		desc = k.Desc != back
		parts = append(parts, o.columns[k.Field].sql+direction(desc))
	}
	parts = append(parts, o.id+direction(desc))
	return clause.OrderBy{Expression: clause.Expr{SQL: strings.Join(parts, ", ")}}
}

func direction(desc bool) string {
	if desc {
		return " DESC"
	}
	return ""
}

// after gives the condition that a row lies beyond the cursor: for keys a, b and the id
// a > ? OR (a = ? AND (b > ? OR (b = ? AND id > ?))). Keys that all run one way are compared as one row, which an index
// can answer.
func (o order[T]) after(sort []SortKey, c *Cursor) (clause.Expr, error) {
	values, err := o.values(sort, c)
	if err != nil {
		return clause.Expr{}, err
	}
	last := SortKey{Desc: len(sort) > 0 && sort[len(sort)-1].Desc}
	keys := append(slices.Clone(sort), last)
	columns := make([]string, len(keys))
	same := true
	for i, k := range keys {
		columns[i] = o.columns[k.Field].sql
		same = same && k.Desc == last.Desc
	}
	columns[len(sort)] = o.id
	if same {
		marks := strings.TrimSuffix(strings.Repeat("?, ", len(values)), ", ")
		return clause.Expr{
			SQL:  "(" + strings.Join(columns, ", ") + ")" + beyond(last, c.Back) + "(" + marks + ")",
			Vars: values,
		}, nil
	}
	var vars []any
	sql := ""
	for i := len(keys) - 1; i >= 0; i-- {
		step := columns[i] + beyond(keys[i], c.Back) + "?"
		if sql == "" {
			sql, vars = step, []any{values[i]}
			continue
		}
		sql = "(" + step + " OR (" + columns[i] + " = ? AND " + sql + "))"
		vars = append([]any{values[i], values[i]}, vars...)
	}
	return clause.Expr{SQL: sql, Vars: vars}, nil
}

func beyond(k SortKey, back bool) string {
	if k.Desc != back {
		return " < "
	}
	return " > "
}

// values gives the cursor's values in the types of their columns, then its id.
func (o order[T]) values(sort []SortKey, c *Cursor) ([]any, error) {
	var row T
	values := make([]any, 0, len(sort)+1)
	for i, k := range sort {
		var err error
		var v any = c.Values[i]
		switch o.columns[k.Field].of(&row).(type) {
		case time.Time:
			v, err = time.Parse(time.RFC3339Nano, c.Values[i])
		case int64:
			var n int64
			err = json.Unmarshal([]byte(c.Values[i]), &n)
			v = n
		case string:
			if strings.ContainsRune(c.Values[i], 0) {
				err = BadCursor()
			}
		}
		if err != nil {
			return nil, BadCursor()
		}
		values = append(values, v)
	}
	return append(values, c.ID), nil
}

func (o order[T]) cursor(sort []SortKey, row *T, back bool) *Cursor {
	c := &Cursor{Sort: sortName(sort), Values: make([]string, len(sort)), ID: o.idOf(row), Back: back}
	for i, k := range sort {
		switch v := o.columns[k.Field].of(row).(type) {
		case time.Time:
			c.Values[i] = v.UTC().Format(time.RFC3339Nano)
		case int64:
			data, _ := json.Marshal(v)
			c.Values[i] = string(data)
		case string:
			c.Values[i] = v
		}
	}
	return c
}
