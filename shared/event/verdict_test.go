package event_test

import (
	"maps"
	"testing"

	"github.com/seawaykit/seaway/shared/event"
)

func TestMisreadFindsWhatAPageWouldMisread(t *testing.T) {
	grown, stable := fresh(), fresh()
	event.Record(grown + " {text:int}\n" + grown + " {text:string}\n")
	event.Define[note](grown)
	event.Define[note](stable)
	own, ancestor := event.Schemas(), event.Accepts()[grown][0]
	const other = "0123456789abcdef"

	for _, c := range []struct {
		name    string
		change  map[string]string // of what the page has itself; "" is not there
		accepts map[string][]string
		want    string
	}{
		{name: "nothing of a server like itself"},
		{name: "nothing of a server with more", change: map[string]string{"test.unheard": other}},
		{name: "nothing of a server that has changed what it does not use", change: map[string]string{"test.noted": other}},
		{name: "nothing of one that knows its version", change: map[string]string{stable: other}, accepts: map[string][]string{stable: {ancestor, own[stable]}}},
		{name: "nothing of one whose version it knows", change: map[string]string{grown: ancestor}},
		{"what a server has changed", map[string]string{stable: other}, nil, stable},
		{"what a server has changed that knows others", map[string]string{stable: other}, map[string][]string{stable: {ancestor}, grown: {own[stable]}}, stable},
		{"what is a version of another type", map[string]string{stable: ancestor}, nil, stable},
		{"what a server does not have", map[string]string{stable: ""}, nil, stable},
		{"the first of two", map[string]string{stable: "", grown: other}, nil, grown},
	} {
		if got := event.Misread(event.Versions{Schema: changed(own, c.change), Accepts: c.accepts}, grown, stable); got != c.want {
			t.Errorf("a page misreads %s: got %q, want %q", c.name, got, c.want)
		}
	}
	if got := event.Misread(event.Versions{Schema: map[string]string{"x": other}}); got != "" {
		t.Errorf("a page that uses nothing misreads %q", got)
	}
}

func changed(schema, change map[string]string) map[string]string {
	schema = maps.Clone(schema)
	for name, print := range change {
		if schema[name] = print; print == "" {
			delete(schema, name)
		}
	}
	return schema
}

func TestOlderFormIsAsGoodAsTheType(t *testing.T) {
	own := event.Schemas()
	const other = "0123456789abcdef"
	for _, c := range []struct {
		name   string
		change map[string]string
		want   string
	}{
		{"all forms", nil, ""},
		{"a server of the last release", map[string]string{"test.temp.v3": ""}, ""},
		{"and of the one before", map[string]string{"test.temp.v3": "", "test.temp.v2": ""}, ""},
		{"a server that has dropped the oldest", map[string]string{"test.temp": ""}, ""},
		{"none of the forms", map[string]string{"test.temp.v3": "", "test.temp.v2": "", "test.temp": ""}, "test.temp.v3"},
		{"an older form that has changed", map[string]string{"test.temp": other}, "test.temp"},
		{"a newest form that has", map[string]string{"test.temp.v3": other}, "test.temp.v3"},
	} {
		if got := event.Misread(event.Versions{Schema: changed(own, c.change)}, "test.temp.v3"); got != c.want {
			t.Errorf("%s: the page misreads %q, want %q", c.name, got, c.want)
		}
	}
}
