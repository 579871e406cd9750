//go:build !js

package livelist_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/livelist"
)

func TestEnglishHasAllWords(t *testing.T) {
	v := reflect.ValueOf(livelist.English)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Errorf("it has no %s", v.Type().Field(i).Name)
		}
	}
}

// marked are words that begin with a ~ each.
func marked() *livelist.Words {
	w := livelist.English
	v := reflect.ValueOf(&w).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.String {
			f.SetString("~" + f.String())
		}
	}
	w.Held = func(n string) string { return "~" + n }
	w.Unread, w.LoadOlder, w.LoadingOlder, w.OlderFailed = w.Held, w.Held, w.Held, w.Held
	return &w
}

func TestViewHasNoWordsButThoseOfItsOptions(t *testing.T) {
	seen := map[string]bool{}
	for _, opts := range []livelist.ViewOptions{
		{}, {Status: livelist.Loading}, {Status: livelist.Stale}, {Status: livelist.Broken},
		{Older: livelist.MoreOlder}, {Older: livelist.LoadingOlder}, {Older: livelist.FailedOlder}, {Older: livelist.Beginning},
	} {
		opts.Words = marked()
		empty, full := newList(0), newList(0)
		full.SetPending([]livelist.Pending[item]{{Item: item{key: "·1"}}, {Item: item{key: "·2"}, Sent: true}, {Item: item{key: "·3"}, Failure: "·because"}})
		full.SetAtEnd(false)
		full.Upsert(item{key: "·4"})
		full.Pause()
		full.Upsert(item{key: "·5"})
		for _, l := range []*livelist.List[item]{empty, full} {
			for _, text := range parse(app.HTMLString(livelist.Show(l, line{new(int)}, opts))).texts {
				seen[text] = true
				if !strings.HasPrefix(text, "~") && !strings.HasPrefix(text, "·") && !strings.Contains(text, "~ UTC") {
					t.Errorf("with %v it says %q", opts.Status, text)
				}
			}
		}
	}
	for _, want := range []string{
		"~Pause", "~Resume~1", "~New", "~Sending", "~Sent", "·because", "~~items", "~Try again", "~This is the beginning.",
		"~There is nothing here yet.", "~Loading.", "12:00~ UTC",
	} {
		if !seen[want] {
			t.Errorf("it never says %q", want)
		}
	}
}

func TestMomentIsInItsWords(t *testing.T) {
	w := livelist.English
	w.Now, w.Minutes = "刚刚", func(int) string { return "分钟前" }
	now := time.Date(2026, 3, 1, 0, 30, 0, 0, time.Local)
	var got []string
	for _, ago := range []time.Duration{0, time.Minute} {
		got = append(got, livelist.MomentAt(now).In(&w).Format(now.Add(-ago)))
	}
	if want := []string{"刚刚", "分钟前"}; !slices.Equal(got, want) {
		t.Errorf("the times are %q, want %q", got, want)
	}
}
