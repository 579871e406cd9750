package shape

import (
	"encoding/json"
	"maps"
	"net/netip"
	"reflect"
	"slices"
	"testing"
)

// The types below cover encoding/json's rules of promotion: depth, tags,
// conflicts, pointers and recursion.
type (
	Plain  struct{ A, B int }
	Other  struct{ B, C int }
	tagged struct {
		X int `json:"B"`
	}
	Loop struct {
		L int
		*Loop
	}
	Deep   struct{ Plain }
	Deeper struct {
		Deep
		A string
	}
	unexported struct{ P, q int }
	Text       string
	hidden     string
	Ping       struct {
		M int
		*Pong
	}
	Pong struct {
		N int
		*Ping
	}
)

var structs = []any{
	struct{}{},
	Plain{},
	struct{ Plain }{},
	struct {
		Plain
		B string
	}{},
	struct {
		Plain
		Other
	}{}, // B cancels out
	struct {
		Plain
		tagged
	}{}, // the tag wins B
	struct {
		Plain
		Other
		tagged
	}{},
	struct {
		*Plain
		*Other
	}{&Plain{}, &Other{}},
	struct {
		Plain `json:"plain"`
		Other
	}{},
	struct {
		Plain `json:"-"`
		Other
	}{},
	struct {
		Plain `json:",omitempty"`
	}{},
	Loop{},
	Ping{Pong: &Pong{}},
	Deep{},
	Deeper{},
	struct {
		Deep
		Plain
	}{}, // the shallower Plain hides the deeper
	struct {
		Deep
		Deeper
	}{},
	struct{ unexported }{unexported{q: 1}},
	struct{ *unexported }{&unexported{}},
	struct {
		unexported `json:"inner"`
	}{},
	struct {
		*unexported `json:"inner"`
	}{&unexported{}},
	struct {
		netip.AddrPort
		netip.Addr
	}{}, // both marshal themselves, so neither does
	struct{ Text }{},
	struct{ hidden }{},
	struct {
		Text `json:"text"`
		Also Text
	}{},
	struct {
		A int `json:"b"`
		B int
	}{},
	struct {
		A int `json:"B"`
		B int
	}{}, // the tag wins
	withTags(`json:"x"`, `json:"x"`), // two tags cancel out
	withTags(`json:"-,"`, `json:","`, `yaml:"other"`, `json:"with space/and.dots"`, `json:"ünï"`),
	withTags(`json:"it's"`, `json:"a\"b"`, "json:\"back`tick\"", `json:"back\\slash"`, `json:"☃"`), // no names to encoding/json
	struct{ Ünï int }{},
}

// withTags returns a struct of integers with those tags, some of which go vet
// would not let anybody write.
func withTags(tags ...reflect.StructTag) any {
	var fields []reflect.StructField
	for i, tag := range tags {
		fields = append(fields, reflect.StructField{Name: string(rune('A' + i)), Type: reflect.TypeFor[int](), Tag: tag})
	}
	return reflect.Zero(reflect.StructOf(fields)).Interface()
}

// What is described must be what travels: the names are compared with the keys
// that encoding/json really writes.
func TestFieldsAreTheKeysThatJSONWrites(t *testing.T) {
	for _, v := range structs {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatalf("%T: %v", v, err)
		}
		var keys map[string]any
		if err := json.Unmarshal(text, &keys); err != nil {
			t.Fatalf("%T: %v", v, err)
		}
		var got []string
		for _, f := range jsonFields(reflect.TypeOf(v)) {
			got = append(got, f.name)
		}
		if want := slices.Sorted(maps.Keys(keys)); !slices.Equal(got, want) {
			t.Errorf("%T: listed %q, and encoding/json writes %q", v, got, want)
		}
	}
}

func TestFieldsAreListedWithTheirOptionsInOneOrder(t *testing.T) {
	fields := jsonFields(reflect.TypeFor[struct {
		B int `json:"b,string,omitempty"`
		A int `json:",omitzero"`
	}]())
	if len(fields) != 2 || fields[0].name != "A" || fields[0].options != ",omitzero" || fields[1].options != ",omitempty,string" {
		t.Errorf("got %+v", fields)
	}
}
