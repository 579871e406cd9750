//go:build !js

package livelist_test

import (
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/livelist"
	"github.com/seawaykit/seaway/app/livelist/livelisttest"
)

// A markup is what a browser would make of HTML that go-app wrote: tags, their
// attributes' values, and texts.
type markup struct {
	tags, values []string
	texts        []string
}

// parse reads HTML as a browser does as long as all is well: a tag begins with a
// "<" outside of a tag, and ends with a ">" outside of a quoted value.
func parse(s string) (m markup) {
	for s != "" {
		before, tag, found := strings.Cut(s, "<")
		if text := strings.TrimSpace(html.UnescapeString(before)); text != "" {
			m.texts = append(m.texts, text)
		}
		if !found {
			return m
		}
		for i, part := range strings.Split(tag, `"`) {
			if i%2 == 1 {
				m.values = append(m.values, html.UnescapeString(part))
				tag = tag[len(part)+2:]
				continue
			}
			in, rest, ends := strings.Cut(part, ">")
			if name, _, _ := strings.Cut(in, " "); i == 0 {
				m.tags = append(m.tags, name)
			}
			if tag = tag[len(in):]; ends {
				s = rest + tag[len(rest)+1:]
				break
			}
		}
	}
	return m
}

// drawn returns what the server draws of a list with these texts everywhere.
func drawn(all []string) markup {
	l := newList(0)
	var pending []livelist.Pending[item]
	for i, text := range all {
		l.Upsert(item{fmt.Sprint(i, text), 0, "x" + text})
		pending = append(pending, livelist.Pending[item]{Item: item{fmt.Sprint("mine", i, text), 0, "x" + text}, Failure: "x" + text})
	}
	l.SetPending(pending)
	text := "x" + strings.Join(all, " ")
	return parse(app.HTMLString(livelist.Show(l, hostileRow{}, livelist.ViewOptions{
		ID: text, Label: text, Status: livelist.Stale, StatusText: text,
	})))
}

func TestHostileTextsAreTextInHTML(t *testing.T) {
	harmless := make([]string, len(livelisttest.Hostile))
	for i := range harmless {
		harmless[i] = "y"
	}
	got, want := drawn(livelisttest.Hostile), drawn(harmless)
	if !slices.Equal(got.tags, want.tags) {
		t.Errorf("the tags are not those of a harmless list:\n%q, want\n%q", got.tags, want.tags)
	}
	if len(got.values) != len(want.values) || len(got.texts) != len(want.texts) {
		t.Errorf("%d values and %d texts, want %d and %d", len(got.values), len(got.texts), len(want.values), len(want.texts))
	}
	for _, text := range livelisttest.Hostile {
		if text = strings.TrimSpace(inHTML("x" + text)); !slices.Contains(got.texts, text) {
			t.Errorf("the text %.60q is not there", text)
		}
	}
}

func TestServerDrawsTimesInUTC(t *testing.T) {
	l := newList(0)
	l.Upsert(item{key: "a", text: "b"})
	got := parse(app.HTMLString(livelist.Show(l, line{new(int)}, livelist.ViewOptions{Label: "Messages"})))
	if want := []string{"Pause", "a", "12:00 UTC", "b"}; !slices.Equal(got.texts, want) {
		t.Errorf("the server writes %q, want %q", got.texts, want)
	}
	if !slices.Contains(got.values, "livelist livelist-ready livelist-still") {
		t.Errorf("a button looks as if it worked: %q", got.values)
	}
}

// The server draws with the same view, and so may what it was not made for.
func TestViewDrawsEachStateOnServer(t *testing.T) {
	l := newList(0)
	for name, change := range []func(){
		func() {},
		func() { l.SetAtEnd(false); l.Upsert(item{key: "a"}) },
		func() { l.Pause(); l.Upsert(item{key: "b"}) },
	} {
		change()
		got := parse(app.HTMLString(livelist.Show(l, line{new(int)}, livelist.ViewOptions{})))
		for _, tag := range []string{"section", "button", "article"} {
			opened := count(got.tags, tag)
			if closed := count(got.tags, "/"+tag); opened != closed {
				t.Errorf("state %d: %d of %s are opened and %d closed", name, opened, tag, closed)
			}
		}
	}
	got := parse(app.HTMLString(livelist.Show(l, line{new(int)}, livelist.ViewOptions{})))
	if !slices.Contains(got.texts, "Resume (1 new)") || !slices.Contains(got.values, "separator") {
		t.Errorf("the server writes %q with %q", got.texts, got.values)
	}
}

func count(all []string, one string) (n int) {
	for _, s := range all {
		if s == one {
			n++
		}
	}
	return n
}

func TestNumberFitsOnAButton(t *testing.T) {
	for n, want := range map[int]string{999: "999 new", 1000: "999+ new"} {
		l := newList(0)
		l.Pause()
		for i := range n {
			l.Upsert(item{key: strconv.Itoa(i)})
		}
		got := parse(app.HTMLString(livelist.Show(l, line{new(int)}, livelist.ViewOptions{})))
		if want = "Resume (" + want + ")"; got.texts[0] != want {
			t.Errorf("the button says %q, want %q", got.texts[0], want)
		}
	}
}
