package shape

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"
)

// Whenever Additive says yes to two random payloads, a value of the new one
// reaches a reader of the old one whole, as far as the old one goes.
func TestAdditiveChangeIsReadRight(t *testing.T) {
	yes, no := 0, 0
	for seed := range uint64(2000) {
		rng := rand.New(rand.NewPCG(seed, 1))
		old := randomPlan(rng, 3)
		changed := old.clone()
		for range 1 + rng.IntN(2) {
			changed.mutate(rng)
		}
		before, errOld := Describe(old.goType())
		after, errNew := Describe(changed.goType())
		if errOld != nil || errNew != nil {
			t.Fatalf("seed %d: %v, %v", seed, errOld, errNew)
		}
		if err := Additive(before, after); err != nil {
			no++
			continue
		}
		if before != after {
			yes++
		}
		for range 5 {
			wrote, read, data := travel(t, rng, changed, old)
			if !old.kept(read, wrote, changed) {
				t.Fatalf("seed %d: %s to %s is additive, but of %s only %+v was read", seed, before, after, data, read)
			}
		}
	}
	if yes < 250 || no < 250 {
		t.Errorf("%d changes were additive and %d not: that shows little", yes, no)
	}
}

// travel writes a random value of one type and reads it as the other.
func travel(t *testing.T, rng *rand.Rand, from, to *plan) (wrote, read reflect.Value, data []byte) {
	t.Helper()
	wrote = reflect.New(from.goType())
	fill(rng, wrote.Elem())
	data, err := json.Marshal(wrote.Interface())
	if err != nil {
		t.Fatal(err)
	}
	read = reflect.New(to.goType())
	if err := json.Unmarshal(data, read.Interface()); err != nil {
		t.Fatalf("%s cannot be read as %v: %v", data, to.goType(), err)
	}
	return wrote.Elem(), read.Elem(), data
}

// A plan is a type in the making.
type plan struct {
	kind   string // object, list, array, map, optional, or a key of leaves
	part   *plan
	fields []planField
}

type planField struct {
	name, options string
	*plan
}

var leaves = map[string]reflect.Type{
	"bool": reflect.TypeFor[bool](), "int": reflect.TypeFor[int](), "uint8": reflect.TypeFor[uint8](), "float64": reflect.TypeFor[float64](),
	"string": reflect.TypeFor[string](), "any": reflect.TypeFor[any](), "time": reflect.TypeFor[time.Time](), "base64": reflect.TypeFor[[]byte](),
}

// Some of the names are each other's in another case, one of them beyond ASCII.
var planNames = []string{"a", "A", "b", "B", "k", "\u212a", "c d", "e"}

func pick[T any](rng *rand.Rand, from ...T) T { return from[rng.IntN(len(from))] }

func randomPlan(rng *rand.Rand, depth int) *plan {
	kind := pick(rng, "leaf", "leaf", "list", "array", "map", "optional")
	switch {
	case depth == 3 || depth > 0 && rng.IntN(3) == 0:
		p := &plan{kind: "object"}
		for range rng.IntN(4) {
			p.add(rng, depth-1)
		}
		return p
	case depth == 0 || kind == "leaf":
		return &plan{kind: pick(rng, "bool", "int", "uint8", "float64", "string", "any", "time", "base64")}
	default:
		p := &plan{kind: kind, part: randomPlan(rng, depth-1)}
		if kind == "optional" && slices.Contains([]string{"list", "map", "optional", "any", "base64"}, p.part.kind) {
			return p.part // JSON has one null only: such a type does not read itself right
		}
		return p
	}
}

// add adds a field, unless its name is taken.
func (p *plan) add(rng *rand.Rand, depth int) {
	f := planField{pick(rng, planNames...), pick(rng, "", "", ",omitempty", ",omitzero"), randomPlan(rng, depth)}
	switch {
	case f.kind == "int" && rng.IntN(4) == 0:
		f.options += ",string"
	case f.kind == "optional": // with omitzero, one of a time does not read itself right
		f.options = pick(rng, "", ",omitempty")
	}
	if !slices.ContainsFunc(p.fields, func(g planField) bool { return g.name == f.name }) {
		p.fields = append(p.fields, f)
	}
}

func (p *plan) clone() *plan {
	c := *p
	if p.part != nil {
		c.part = p.part.clone()
	}
	c.fields = slices.Clone(p.fields)
	for i, f := range c.fields {
		c.fields[i].plan = f.clone()
	}
	return &c
}

// mutate changes one thing, here or further in.
func (p *plan) mutate(rng *rand.Rand) {
	switch {
	case p.part != nil && rng.IntN(8) > 0:
		p.part.mutate(rng)
	case len(p.fields) > 0 && rng.IntN(2) == 0:
		p.fields[rng.IntN(len(p.fields))].mutate(rng)
	case p.kind == "object":
		p.mutateFields(rng)
	default:
		*p = *randomPlan(rng, 1)
	}
}

func (p *plan) mutateFields(rng *rand.Rand) {
	n := len(p.fields)
	switch what := rng.IntN(6); {
	case what == 0 && n > 0:
		i := rng.IntN(n)
		p.fields = slices.Delete(p.fields, i, i+1)
	case what == 1 && n > 0:
		p.fields[rng.IntN(n)].options = pick(rng, "", ",omitempty", ",omitzero")
	default:
		p.add(rng, 1)
	}
}

func (p *plan) goType() reflect.Type {
	switch p.kind {
	case "list":
		return reflect.SliceOf(p.part.goType())
	case "array":
		return reflect.ArrayOf(2, p.part.goType())
	case "map":
		return reflect.MapOf(reflect.TypeFor[string](), p.part.goType())
	case "optional":
		return reflect.PointerTo(p.part.goType())
	case "object":
		var fields []reflect.StructField
		for i, f := range p.fields {
			fields = append(fields, reflect.StructField{
				Name: fmt.Sprint("F", i), Type: f.goType(), Tag: reflect.StructTag(fmt.Sprintf("json:%q", f.name+f.options)),
			})
		}
		return reflect.StructOf(fields)
	}
	return leaves[p.kind]
}

// fill makes a random value, often an empty one.
func fill(rng *rand.Rand, v reflect.Value) {
	switch {
	case rng.IntN(4) == 0:
	case v.Type() == timeType:
		v.Set(reflect.ValueOf(time.Unix(rng.Int64N(1e9), rng.Int64N(1e9)).UTC()))
	case v.Kind() == reflect.Interface:
		v.Set(reflect.ValueOf(pick[any](rng, 0.5, "x", true, map[string]any{"a": 1.0}, []any{nil})))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fill(rng, v.Field(i))
		}
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(rng, v.Elem())
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), rng.IntN(3), 3))
		fillAll(rng, v)
	case v.Kind() == reflect.Array:
		fillAll(rng, v)
	case v.Kind() == reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range rng.IntN(3) {
			part := reflect.New(v.Type().Elem()).Elem()
			fill(rng, part)
			v.SetMapIndex(reflect.ValueOf(pick(rng, planNames...)), part)
		}
	default:
		number := reflect.ValueOf(rng.IntN(100))
		switch v.Kind() {
		case reflect.Bool:
			v.SetBool(true)
		case reflect.String:
			v.SetString(fmt.Sprint(number))
		default:
			v.Set(number.Convert(v.Type()))
		}
	}
}

func fillAll(rng *rand.Rand, v reflect.Value) {
	for i := range v.Len() {
		fill(rng, v.Index(i))
	}
}

// kept reports whether read, of the plan's type, has all that wrote, of the
// changed one's, says about it. A list or a map without entries is as good as
// none: omitempty makes no difference between them.
func (p *plan) kept(read, wrote reflect.Value, changed *plan) bool {
	switch p.kind {
	case "object":
		for i, f := range p.fields {
			j := slices.IndexFunc(changed.fields, func(g planField) bool { return g.name == f.name })
			if j < 0 || !f.kept(read.Field(i), wrote.Field(j), changed.fields[j].plan) {
				return false
			}
		}
		return true
	case "optional":
		if read.IsNil() || wrote.IsNil() {
			return read.IsNil() == wrote.IsNil()
		}
		return p.part.kept(read.Elem(), wrote.Elem(), changed.part)
	case "list", "array":
		same := read.Len() == wrote.Len()
		for i := 0; same && i < read.Len(); i++ {
			same = p.part.kept(read.Index(i), wrote.Index(i), changed.part)
		}
		return same
	case "map":
		same := read.Len() == wrote.Len()
		for _, key := range wrote.MapKeys() {
			part := read.MapIndex(key)
			same = same && part.IsValid() && p.part.kept(part, wrote.MapIndex(key), changed.part)
		}
		return same
	case "base64":
		return string(read.Bytes()) == string(wrote.Bytes())
	default:
		return reflect.DeepEqual(read.Interface(), wrote.Interface())
	}
}
