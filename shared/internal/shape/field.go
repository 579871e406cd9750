package shape

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// A field is one member of the JSON object that a struct becomes.
type field struct {
	name    string
	typ     reflect.Type
	options string // ",omitempty" and the like, sorted
	depth   int    // how many embedded structs it was found in
	tagged  bool
}

// jsonFields lists a struct's members by name, as encoding/json sees them: the
// fields of embedded structs are promoted, the shallower of two equal names
// wins, then the one with a tag, and two that are still equal cancel out.
func jsonFields(t reflect.Type) []field {
	all := collect(t, 0, nil)
	slices.SortStableFunc(all, func(a, b field) int {
		return cmp.Or(strings.Compare(a.name, b.name), cmp.Compare(a.depth, b.depth), boolCompare(b.tagged, a.tagged))
	})
	var kept []field
	for i := 0; i < len(all); {
		j := i + 1
		for j < len(all) && all[j].name == all[i].name {
			j++
		}
		if j == i+1 || all[i].depth != all[i+1].depth || all[i].tagged != all[i+1].tagged {
			kept = append(kept, all[i])
		}
		i = j
	}
	return kept
}

// collect appends the members of t. An embedded struct that is already being
// collected is left out: its fields are hidden by the outer ones.
func collect(t reflect.Type, depth int, outer []reflect.Type) []field {
	if slices.Contains(outer, t) {
		return nil
	}
	outer = append(outer, t)
	var fields []field
	for sf := range t.Fields() {
		tag := sf.Tag.Get("json")
		if tag == "-" {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		if !isKey(name) {
			name = ""
		}
		inner := embedded(sf)
		switch {
		case inner != nil && name == "":
			fields = append(fields, collect(inner, depth+1, outer)...)
			continue
		case inner == nil && !sf.IsExported():
			continue
		}
		fields = append(fields, field{cmp.Or(name, sf.Name), sf.Type, sorted(options), depth, name != ""})
	}
	return fields
}

// isKey reports whether encoding/json takes a tag's name; it uses the field's
// own instead of one that it does not take.
func isKey(name string) bool {
	return !strings.ContainsFunc(name, func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", c)
	})
}

// embedded returns the struct whose fields sf promotes, or nil. Whether that
// struct marshals itself is no matter: if its method is promoted, the outer one
// marshals itself too and is not looked into.
func embedded(sf reflect.StructField) reflect.Type {
	if !sf.Anonymous {
		return nil
	}
	t := sf.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	return t
}

func sorted(options string) string {
	if options == "" {
		return ""
	}
	parts := strings.Split(options, ",")
	for i, part := range parts {
		parts[i] = label(part)
	}
	slices.Sort(parts)
	return "," + strings.Join(parts, ",")
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}
