package shape

import (
	"encoding/json"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"
)

type (
	mood    string
	grade   uint8
	list    []list
	node    struct{ Next *node }
	tree    struct{ Left, Right *tree }
	letter  struct{ Body, Sign string }
	epistle struct {
		Renamed string `json:"Sign"`
		Text    string `json:"Body"`
	}
	base struct {
		ID string `json:"id"`
	}
	price   int64
	initial byte
	planned struct{}
	outline struct {
		planned
		N int
	}
)

func (price) MarshalJSON() ([]byte, error) { return []byte(`"1.00"`), nil }
func (price) Schema() string               { return "euros" }

type verse struct{}

func (verse) MarshalJSON() ([]byte, error) { return []byte(`"roses are red"`), nil }
func (verse) Schema() string               { return "of two\nlines" }

// The descriptions are pinned on every platform: a page and a server compare
// their fingerprints.
func TestTypeIsDescribedByItsJSON(t *testing.T) {
	for want, typ := range map[string]reflect.Type{
		"bool":                      reflect.TypeFor[bool](),
		"string":                    reflect.TypeFor[mood](),
		"int":                       reflect.TypeFor[int](),
		"uint8":                     reflect.TypeFor[grade](),
		"float32":                   reflect.TypeFor[float32](),
		"any":                       reflect.TypeFor[any](),
		"base64":                    reflect.TypeFor[[]byte](),
		"[4 uint8]":                 reflect.TypeFor[[4]byte](),
		"[string]":                  reflect.TypeFor[[]string](),
		"?int":                      reflect.TypeFor[*int](),
		"map[string]bool":           reflect.TypeFor[map[string]bool](),
		"map[int][string]":          reflect.TypeFor[map[int][]string](),
		"time":                      reflect.TypeFor[time.Time](),
		"?time":                     reflect.TypeFor[*time.Time](),
		"int64":                     reflect.TypeFor[time.Duration](),
		"text":                      reflect.TypeFor[netip.AddrPort](),
		"map[text]text":             reflect.TypeFor[map[netip.AddrPort]netip.Addr](),
		"[any]":                     reflect.TypeFor[[]json.RawMessage](),
		"custom(euros)":             reflect.TypeFor[price](),
		"{}":                        reflect.TypeFor[struct{}](),
		"{Body:string Sign:string}": reflect.TypeFor[letter](),
		"[text]":                    reflect.TypeFor[[]initial](),
		"{N:int}":                   reflect.TypeFor[outline](), // Schema alone means nothing
		"{Next:?^2}":                reflect.TypeFor[node](),
		"{Left:?^2 Right:?^2}":      reflect.TypeFor[tree](),
		"[^1]":                      reflect.TypeFor[list](),
		"{a:{b:[{c:int}]}}": reflect.TypeFor[struct {
			A struct {
				B []struct {
					C int `json:"c"`
				} `json:"b"`
			} `json:"a"`
		}](),
		`{"a b":int straße:int "x:{}":int}`: reflect.TypeFor[struct {
			A int `json:"a b"`
			B int `json:"x:{}"`
			C int `json:"straße"`
		}](),
		`custom("of two\nlines")`: reflect.TypeFor[verse](),
		`{N:int,"odd{one"}`: reflect.StructOf([]reflect.StructField{
			{Name: "N", Type: reflect.TypeFor[int](), Tag: `json:",odd{one"`},
		}),
		"{n:int,omitempty,string}": reflect.TypeFor[struct {
			N int `json:"n,string,omitempty"`
		}](),
	} {
		if got, err := Describe(typ); err != nil || got != want {
			t.Errorf("%s: got %q, %v; want %q", typ, got, err, want)
		}
	}
}

func TestFingerprintIsTheSameOnEveryPlatform(t *testing.T) {
	// FNV-1a with 64 bits, computed by another program.
	if got, want := Fingerprint("{at:time id:string}"), "f198874f83425eed"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestOtherNamesInGoDoNotMatter(t *testing.T) {
	for _, pair := range [][2]reflect.Type{
		{reflect.TypeFor[letter](), reflect.TypeFor[epistle]()},
		{reflect.TypeFor[mood](), reflect.TypeFor[string]()},
		{reflect.TypeFor[struct {
			base
			N int
		}](), reflect.TypeFor[struct {
			N  int
			ID string `json:"id"`
		}]()},
		{reflect.TypeFor[struct{ A, hidden int }](), reflect.TypeFor[struct{ A int }]()},
		{reflect.TypeFor[struct {
			A int
			B int `json:"-"`
		}](), reflect.TypeFor[struct{ A int }]()},
	} {
		a, errA := Describe(pair[0])
		b, errB := Describe(pair[1])
		if a != b || errA != nil || errB != nil {
			t.Errorf("%s is %q, and %s is %q (%v, %v)", pair[0], a, pair[1], b, errA, errB)
		}
	}
}

func TestChangeOfTheJSONIsSeen(t *testing.T) {
	type inner struct{ C []int }
	seen := map[string]string{}
	for change, typ := range map[string]reflect.Type{
		"as it was": reflect.TypeFor[struct {
			A string
			B inner
		}](),
		"a field renamed": reflect.TypeFor[struct {
			A2 string
			B  inner
		}](),
		"a field tagged": reflect.TypeFor[struct {
			A string `json:"a"`
			B inner
		}](),
		"omitempty": reflect.TypeFor[struct {
			A string `json:",omitempty"`
			B inner
		}](),
		"omitzero": reflect.TypeFor[struct {
			A string `json:",omitzero"`
			B inner
		}](),
		"a field added": reflect.TypeFor[struct {
			A string
			B inner
			D bool
		}](),
		"a field removed": reflect.TypeFor[struct{ B inner }](),
		"another kind": reflect.TypeFor[struct {
			A int
			B inner
		}](),
		"another size": reflect.TypeFor[struct {
			A int32
			B inner
		}](),
		"quoted": reflect.TypeFor[struct {
			A int `json:",string"`
			B inner
		}](),
		"optional": reflect.TypeFor[struct {
			A *string
			B inner
		}](),
		"a list": reflect.TypeFor[struct {
			A []string
			B inner
		}](),
		"a dictionary": reflect.TypeFor[struct {
			A map[string]string
			B inner
		}](),
		"a change deep inside": reflect.TypeFor[struct {
			A string
			B struct{ C []uint }
		}](),
		"flattened": reflect.TypeFor[struct {
			A string
			inner
		}](),
		"a time": reflect.TypeFor[struct {
			A time.Time
			B inner
		}](),
		"self-made": reflect.TypeFor[struct {
			A price
			B inner
		}](),
	} {
		schema, err := Describe(typ)
		if err != nil {
			t.Errorf("%s: %v", change, err)
		}
		if before, twice := seen[Fingerprint(schema)]; twice {
			t.Errorf("%q and %q are both %q", change, before, schema)
		}
		seen[Fingerprint(schema)] = change
	}
}

func (initial) MarshalText() ([]byte, error) { return []byte("S."), nil }
func (planned) Schema() string               { return "as planned" }

func TestTypeThatCannotBeReadBackIsRefused(t *testing.T) {
	for name, typ := range map[string]reflect.Type{
		"keys that are true or false": reflect.TypeFor[map[bool]int](),
		"keys with a fraction":        reflect.TypeFor[map[float64]int](),
		"keys that are structs":       reflect.TypeFor[map[struct{ A int }]int](),
		"keys that may be anything":   reflect.TypeFor[map[any]int](),
		"an interface with methods":   reflect.TypeFor[struct{ Err error }](),
	} {
		if got, err := Describe(typ); err == nil {
			t.Errorf("%s: %s was described as %q", name, typ, got)
		}
	}
}

func TestRefusalNamesTheField(t *testing.T) {
	type deep struct {
		Outer []struct {
			Hook func(int) `json:"hook"`
		} `json:"outer"`
	}
	_, err := Describe(reflect.TypeFor[deep]())
	if err == nil || !strings.Contains(err.Error(), "field outer: field hook: func(int)") {
		t.Errorf("got %v, want the way to the field", err)
	}
}
