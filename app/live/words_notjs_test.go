//go:build !js

package live

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/app/goapp/reload"
	"github.com/seawaykit/seaway/shared/fault"
)

func TestEnglishHasAllWords(t *testing.T) {
	v := reflect.ValueOf(English)
	for i := range v.NumField() {
		if v.Field(i).IsZero() && v.Type().Field(i).Name != "Start" {
			t.Errorf("it has no %s", v.Type().Field(i).Name)
		}
	}
}

func TestWordsHaveATextForEachAdviceAndError(t *testing.T) {
	for advice := reload.Nothing; advice <= reload.Stuck; advice++ {
		if text, _ := English.advice(advice); (text == "") != (advice == reload.Nothing) {
			t.Errorf("%s: %q", advice, text)
		}
	}
	w := English
	w.Refusal = func(e *fault.Error) string { return "code " + string(e.Code) }
	for want, err := range map[string]error{
		"": nil, "code gone": fault.New(fault.Gone, "it has gone"), "something went wrong": errors.New("x"),
	} {
		if got := w.Message(err); got != want {
			t.Errorf("%v: %q, want %q", err, got, want)
		}
	}
}

// The script's own words are English: it takes others by their names.
func TestStartWordsAreThoseOfTheScript(t *testing.T) {
	_, rest, _ := strings.Cut(startScript, "const seawayWords = {")
	own, _, _ := strings.Cut(rest, "};")
	fields := reflect.TypeFor[StartWords]()
	for i := range fields.NumField() {
		if name := fields.Field(i).Tag.Get("json"); !strings.Contains(own, "\n  "+name+": ") {
			t.Errorf("the script has no %s", name)
		}
	}
	if n := strings.Count(own, ": \""); n != fields.NumField() {
		t.Errorf("the script has %d texts, of which %d can be others", n, fields.NumField())
	}
}
