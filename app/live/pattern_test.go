package live

import (
	"maps"
	"testing"
)

func TestRouteIsTheOneThatMatchesBest(t *testing.T) {
	routes := Routes{NotFound: nil, "/": nil, "/b/{name}": nil, "/b/new": nil, "/b/{name}/log": nil, "/b/{rest...}": nil, "/{any}": nil}
	type values = map[string]string
	for path, want := range map[string]struct {
		pattern string
		values  values
	}{
		"/":            {"/", values{}},
		"/b":           {"/{any}", values{"any": "b"}},
		"/b/":          {"/b/{rest...}", values{"rest": ""}},
		"/b/red":       {"/b/{name}", values{"name": "red"}},
		"/b/new":       {"/b/new", values{}},
		"/b/new/log":   {"/b/{name}/log", values{"name": "new"}},
		"/b/a/b/c":     {"/b/{rest...}", values{"rest": "a/b/c"}},
		"/b/{name}":    {"/b/{name}", values{"name": "{name}"}},
		"/c/d":         {"", nil},
		"//":           {"", nil},
		"":             {"", nil},
		"/{any}/{any}": {"", nil},
	} {
		for range 20 { // a map has no order
			pattern, got, ok := match(routes, path)
			if pattern != want.pattern || ok != (want.pattern != "") || !maps.Equal(got, want.values) {
				t.Fatalf("%q is %q with %v (%v), want %q with %v", path, pattern, got, ok, want.pattern, want.values)
			}
		}
	}
}
