package shape_test

import (
	"strings"
	"testing"

	"github.com/seawaykit/seaway/shared/internal/shape"
)

func TestAdditiveOfTheLastRelease(t *testing.T) {
	for _, c := range []struct{ name, old, new string }{
		{"what has not changed", "{a:int}", "{a:int}"},
		{"a field more", "{a:int}", "{a:int b:string}"},
		{"a first field", "{}", "{a:int}"},
		{"a field more in a field", "{a:{b:int}}", "{a:{b:int c:[any]}}"},
		{"a field more in a list's objects", "{a:[{b:int}]}", "{a:[{b:int c:int}]}"},
		{"a field more in an array's", "[2 {b:int}]", "[2 {b:int c:int}]"},
		{"a field more in a map's", "{a:map[string]{b:int}}", "{a:map[string]{b:int c:int}}"},
		{"a field more where there may be none", "{a:?{b:int}}", "{a:?{b:int c:int}}"},
		{"omitempty", "{a:int b:string}", "{a:int,omitempty b:string,omitempty}"},
		{"no omitempty any more", "{a:int,omitempty}", "{a:int}"},
		{"omitzero in its place", "{a:int,omitempty,string}", "{a:int,omitzero,string}"},
		{"omitzero on what may be none, kept or dropped", "{a:?time,omitzero b:?time,omitzero}", "{a:?time,omitzero b:?time}"},
		{"a field more in a type inside itself", "{Next:?^2}", "{Next:?^2 Text:string}"},
		{"a type inside itself, told twice around", "{Next:?{Next:?^4}}", "{Next:?^2 Text:string}"},
		{"the same the other way about", "{Next:?^2}", "{Next:?{Next:?^4 Text:string} Text:string}"},
		{"names that look like more", `{"a:b":int}`, `{"a:b":int "c d":int}`},
	} {
		if err := shape.Additive(c.old, c.new); err != nil {
			t.Errorf("%s: from %s to %s is refused: %v", c.name, c.old, c.new, err)
		}
	}
}

func TestPageOfTheLastReleaseMisreads(t *testing.T) {
	for _, c := range []struct{ name, old, new, says string }{
		{"a field less", "{a:int b:int}", "{a:int}", "field b was removed"},
		{"a field renamed", "{a:int}", "{b:int}", "field a was removed"},
		{"another kind", "{a:int}", "{a:string}", "field a was int and is string"},
		{"another size", "{a:int32}", "{a:int64}", "field a was int32 and is int64"},
		{"another payload", "int", "string", "the payload was int and is string"},
		{"an object for a text", "{a:string}", "{a:{b:string}}", "field a was string and is {b:string}"},
		{"an object for a list", "[int]", "{a:int}", "the payload was [int] and is {a:int}"},
		{"an array for a list", "{a:[int]}", "{a:[3 int]}", "field a was [int] and is [3 int]"},
		{"a shorter array", "{a:[3 int]}", "{a:[2 int]}", "field a was [3 int]"},
		{"what may be none", "{a:int}", "{a:?int}", "field a was int and is ?int"},
		{"what may not be none any more", "{a:?int}", "{a:int}", "field a was ?int and is int"},
		{"other keys", "{a:map[string]int}", "{a:map[int]int}", "field a was map[string]int"},
		{"a number in quotes", "{a:int}", "{a:int,string}", `field a had the JSON options [] and has ["string"]`},
		{"omitzero on what may be none", "{a:?time,omitempty}", "{a:?time,omitzero}", `field a had the JSON options ["omitempty"] and has ["omitzero"]`},
		{"an option of tomorrow's", "{a:int}", "{a:int,omitempty,upside-down}", `has ["omitempty" "upside-down"]`},
		{"its own JSON, changed", "{a:custom(v1)}", "{a:custom(v2)}", "field a was custom(v1) and is custom(v2)"},
		{"anything made something", "{a:any}", "{a:string}", "field a was any"},
		{"a change in a field", "{a:{b:int}}", "{a:{b:bool}}", "field a.b was int and is bool"},
		{"a change in a list", "{a:[{b:int}]}", "{a:[{b:bool}]}", "field a[].b was int and is bool"},
		{"a change in a map", "{a:map[string]{b:int}}", "{a:map[string]{}}", "field a[].b was removed"},
		{"a change where there may be none", "{a:?{b:int}}", "{a:?{b:bool}}", "field a.b was int and is bool"},
		{"a change inside itself", "{Next:?^2 Text:string}", "{Next:?{Next:?^2} Text:string}", "field Next.Text was removed"},
		{"a change at the second turn", "{Next:?^2}", "{Next:?{Next:?{}}}", "field Next.Next.Next was removed"},
		{"a new field that is taken for an old one", "{Text:string}", "{Text:string text:string}", "field text is taken for Text"},
		{"the same deep inside", "{a:[{k:int}]}", "{a:[{\u212a:int k:int}]}", "field a[].\u212a is taken for k"},
		{"what is no description", "{a:int", "{a:int}", `"{a:int" is not a description`},
		{"what has become none", "{a:int}", "{a:int}}", `"{a:int}}" is not a description`},
	} {
		err := shape.Additive(c.old, c.new)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: from %s to %s: got %v, want %q", c.name, c.old, c.new, err, c.says)
		}
	}
}
