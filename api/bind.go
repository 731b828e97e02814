package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/nashr-cms/nashr/internal/newsroom"
)

// bind fills target, a pointer to a struct with json tags, from a decoded JSON value and gives everything that does not
// fit: unknown fields, wrong types, missing fields that are tagged validate:"required". null counts as absent.
func bind(value, target any) []newsroom.FieldError {
	var b binder
	b.set("", value, reflect.ValueOf(target).Elem())
	return b.broken
}

// union is a type that is sent in more than one shape.
type union interface {
	bindJSON(b *binder, pointer string, value any)
}

type binder struct{ broken []newsroom.FieldError }

func (b *binder) fail(pointer, code, detail string) {
	b.broken = append(b.broken, newsroom.FieldError{Pointer: pointer, Code: code, Detail: detail})
}

func (b *binder) wrongType(pointer, want string) {
	b.fail(pointer, newsroom.FieldWrongType, "This must be "+want+".")
}

func (b *binder) set(pointer string, value any, target reflect.Value) {
	if value == nil {
		if pointer == "" {
			b.wrongType(pointer, "an object")
		}
		return
	}
	switch t := target.Addr().Interface().(type) {
	case union:
		t.bindJSON(b, pointer, value)
		return
	case *json.RawMessage:
		b.setObject(pointer, value, t)
		return
	case *any:
		if *t = value; hasNUL(value) {
			b.fail(pointer, newsroom.FieldInvalid, "There is a NUL character in it.")
		}
		return
	case *time.Time:
		b.setTime(pointer, value, t)
		return
	}
	switch target.Kind() {
	case reflect.Pointer:
		target.Set(reflect.New(target.Type().Elem()))
		b.set(pointer, value, target.Elem())
	case reflect.Struct:
		b.setStruct(pointer, value, target)
	case reflect.Slice:
		b.setSlice(pointer, value, target)
	case reflect.Map:
		b.setMap(pointer, value, target)
	default:
		b.setScalar(pointer, value, target)
	}
}

func (b *binder) setScalar(pointer string, value any, target reflect.Value) {
	switch v := value.(type) {
	case string:
		if target.Kind() != reflect.String {
			break
		}
		if strings.ContainsRune(v, 0) {
			b.fail(pointer, newsroom.FieldInvalid, "The text has a NUL character in it.")
			return // nor may it reach the database as a reference
		}
		target.SetString(v)
		return
	case bool:
		if target.Kind() == reflect.Bool {
			target.SetBool(v)
			return
		}
	case json.Number:
		if n, ok := wholeNumber(v); ok && target.Kind() == reflect.Int {
			target.SetInt(n)
			return
		}
	}
	b.wrongType(pointer, map[reflect.Kind]string{reflect.String: "a string", reflect.Bool: "true or false", reflect.Int: "a whole number"}[target.Kind()])
}

// wholeNumber gives a number that has no fraction, however it is written: 3, 3.0, 3e0.
func wholeNumber(v json.Number) (int64, bool) {
	f, err := v.Float64()
	return int64(f), err == nil && f == math.Trunc(f) && math.Abs(f) <= 1<<53
}

func (b *binder) setTime(pointer string, value any, target *time.Time) {
	s, ok := value.(string)
	if !ok {
		b.wrongType(pointer, "a string with a date and time")
		return
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || !sane(t) {
		b.fail(pointer, newsroom.FieldInvalid, "This must be an RFC 3339 date and time, such as 2026-03-06T09:00:00Z.")
		return
	}
	*target = t.UTC().Truncate(time.Millisecond)
}

// setObject keeps any JSON object in the form in which the store gives it back, so that the two can be compared.
func (b *binder) setObject(pointer string, value any, target *json.RawMessage) {
	if _, ok := value.(map[string]any); !ok {
		b.wrongType(pointer, "an object")
		return
	}
	if hasNUL(value) {
		b.fail(pointer, newsroom.FieldInvalid, "There is a NUL character in it.")
		return
	}
	*target, _ = json.Marshal(value) // it was decoded from JSON
}

// hasNUL reports whether a text or a name in a decoded JSON value has a NUL character, which PostgreSQL cannot keep.
func hasNUL(value any) bool {
	switch v := value.(type) {
	case string:
		return strings.ContainsRune(v, 0)
	case []any:
		return slices.ContainsFunc(v, hasNUL)
	case map[string]any:
		for key, inner := range v {
			if hasNUL(key) || hasNUL(inner) {
				return true
			}
		}
	}
	return false
}

func (b *binder) setSlice(pointer string, value any, target reflect.Value) {
	items, ok := value.([]any)
	if !ok {
		b.wrongType(pointer, "an array")
		return
	}
	target.Set(reflect.MakeSlice(target.Type(), len(items), len(items)))
	for i, item := range items {
		at := fmt.Sprintf("%s/%d", pointer, i)
		if item == nil {
			b.wrongType(at, "something other than null")
			continue
		}
		b.set(at, item, target.Index(i))
	}
}

func (b *binder) setMap(pointer string, value any, target reflect.Value) {
	object, ok := value.(map[string]any)
	if !ok {
		b.wrongType(pointer, "an object")
		return
	}
	target.Set(reflect.MakeMap(target.Type()))
	for _, key := range sortedKeys(object) {
		if object[key] == nil {
			continue
		}
		item := reflect.New(target.Type().Elem()).Elem()
		b.set(pointer+"/"+escapePointer(key), object[key], item)
		target.SetMapIndex(reflect.ValueOf(key), item)
	}
}

func (b *binder) setStruct(pointer string, value any, target reflect.Value) {
	object, ok := value.(map[string]any)
	if !ok {
		b.wrongType(pointer, "an object")
		return
	}
	known := map[string]bool{}
	for i := range target.NumField() {
		field := target.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		known[name] = true
		at := pointer + "/" + name
		if v := object[name]; v != nil {
			b.set(at, v, target.Field(i))
		} else if strings.HasPrefix(field.Tag.Get("validate"), "required") {
			b.fail(at, newsroom.FieldRequired, "This is needed.")
		}
	}
	for _, key := range sortedKeys(object) {
		if !known[key] {
			b.fail(pointer+"/"+escapePointer(key), newsroom.FieldUnknown, "There is no such field.")
		}
	}
}

func escapePointer(key string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// mergePatch gives target as patch changes it, by RFC 7396: null removes, absent keeps, arrays replace. It changes
// neither.
func mergePatch(target, patch any) any {
	changes, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	merged := map[string]any{}
	if object, ok := target.(map[string]any); ok {
		for k, v := range object {
			merged[k] = v
		}
	}
	for k, v := range changes {
		if v == nil {
			delete(merged, k)
		} else {
			merged[k] = mergePatch(merged[k], v)
		}
	}
	return merged
}

// bindPatch binds what is left of before, the sent form of a resource, after patch has changed it. It gives what does
// not fit in the patch and in the outcome.
func bindPatch(before any, patch any, target any) []newsroom.FieldError {
	scratch := reflect.New(reflect.TypeOf(target).Elem()).Interface()
	broken := slices.DeleteFunc(bind(patch, scratch), func(f newsroom.FieldError) bool { return f.Code == newsroom.FieldRequired })
	if _, ok := patch.(map[string]any); !ok {
		return broken
	}
	for _, f := range bind(mergePatch(generic(before), patch), target) {
		if !slices.ContainsFunc(broken, func(g newsroom.FieldError) bool { return g.Pointer == f.Pointer }) {
			broken = append(broken, f)
		}
	}
	return broken
}

// generic gives a value of ours in the form in which JSON is decoded.
func generic(v any) any {
	raw, _ := json.Marshal(v) // our own types
	out, _ := decode(raw)
	return out
}

// decode reads one JSON value and nothing after it. Numbers keep their digits.
func decode(data []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if dec.More() || dec.InputOffset() < int64(len(bytes.TrimRight(data, " \t\r\n"))) {
		return nil, fmt.Errorf("something stands after the JSON value")
	}
	return v, nil
}
