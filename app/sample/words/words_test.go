package words

import (
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/seawaykit/seaway/shared/sample/board"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// each calls fn with each text of v, of whatever is below it, and with its name.
func each(t *testing.T, name string, v reflect.Value, fn func(name, text string)) {
	t.Helper()
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return // the English of a script
		}
		each(t, name, v.Elem(), fn)
	case reflect.Struct:
		for i := range v.NumField() {
			each(t, name+"."+v.Type().Field(i).Name, v.Field(i), fn)
		}
	case reflect.Array:
		for i := range v.Len() {
			each(t, name+"."+strings.Repeat("i", i+1), v.Index(i), fn)
		}
	case reflect.String:
		fn(name, v.String())
	case reflect.Func:
		if v.IsNil() {
			t.Errorf("%s is missing", name)
		}
	default:
		t.Errorf("%s is a %s", name, v.Kind())
	}
}

func textsOf(t *testing.T, w *Words) map[string]string {
	t.Helper()
	texts := map[string]string{}
	each(t, "", reflect.ValueOf(w), func(name, text string) { texts[name] = text })
	return texts
}

func TestEachLanguageHasAllWords(t *testing.T) {
	english := textsOf(t, &English)
	tags := map[string]bool{}
	for _, w := range All {
		tag := w.Language.Tag
		if tags[tag] || In(tag) != w {
			t.Errorf("%s is there twice, or not found", tag)
		}
		tags[tag] = true
		if w != &English && w.Language.Words.Start == nil {
			t.Errorf("%s has no words for the script that starts the program", tag)
		}
		for name, text := range textsOf(t, w) {
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s lacks %s", tag, name)
			}
			// A count says its number itself where it is 1.
			if got, want := strings.Count(text, "%"), strings.Count(english[name], "%"); got != want {
				t.Errorf("%s has %d parts in %s, %d are filled in", tag, got, name, want)
			}
		}
	}
	if In("") != &English || In("fr") != &English || len(Languages()) != len(All) {
		t.Error("a language that is not there is not English")
	}
}

func TestWordsAreForEachRoomAndColumn(t *testing.T) {
	for name, n := range map[string][2]int{
		"rooms": {len(English.Room.About), len(chat.Rooms)}, "columns": {len(English.Board.Columns), len(board.Columns)},
	} {
		if n[0] != n[1] {
			t.Errorf("there are words for %d %s, of %d", n[0], name, n[1])
		}
	}
}

// What is written in Latin letters in Chinese as well: names, and what is typed as it is.
var latin = regexp.MustCompile(`WebAssembly|EventSource|\{\w+\}|\bKB\b|WebSocket|SSE|POST|HTTP/[12](\.1)?|HTTP|TCP|JavaScript|Cookie|readyState|Go\b|UTC|MST|CPU|\bws\b|zh-CN`)

func TestChineseIsChineseAndEnglishIsNot(t *testing.T) {
	for name, text := range textsOf(t, &Chinese) {
		if rest := latin.ReplaceAllString(text, ""); strings.ContainsFunc(rest, func(r rune) bool { return r < unicode.MaxASCII && unicode.IsLetter(r) }) {
			t.Errorf("%s is %q", name, text)
		}
	}
	for name, text := range textsOf(t, &English) {
		if strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("%s is %q", name, text)
		}
	}
}

func TestCountsAndNumbersAreWrittenForPeople(t *testing.T) {
	c := Count{"1 look", "% looks"}
	for got, want := range map[string]string{
		c.Of(0): "0 looks", c.Of(1): "1 look", c.Of(1200): "1,200 looks",
		Whole(0): "0", Whole(999): "999", Whole(1000): "1,000", Whole(1234567): "1,234,567", Whole(-1000): "-1,000",
		Fill("% of %", "1", "2"): "1 of 2", Fill("none"): "none", Fill("%", "50%"): "50%",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
