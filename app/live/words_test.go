package live

import (
	"errors"
	"reflect"
	"testing"

	"github.com/seawaykit/seaway/app/goapp/reload"
	"github.com/seawaykit/seaway/shared/fault"
)

func TestEnglishHasAllWords(t *testing.T) {
	v := reflect.ValueOf(English)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
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
