//go:build !js

package command_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/shared/command"
)

type inner struct {
	Text string `json:"text"`
}

// own has JSON of its own.
type own struct{ fields map[string]any }

func (o *own) UnmarshalJSON(p []byte) error { return json.Unmarshal(p, &o.fields) }

type strict struct {
	inner
	Name  string            `json:"name"`
	Plain int               // its name in JSON is the field's
	List  []*inner          `json:"list"`
	Map   map[string]inner  `json:"map"`
	Any   any               `json:"any"`
	Own   own               `json:"own"`
	Raw   json.RawMessage   `json:"raw"`
	Array [2]map[int]inner  `json:"array"`
	Texts map[string]string `json:"texts"`
}

var exact = command.Define[strict, struct{}]("test.exact")

func TestMembersHaveTheirExactNamesOnce(t *testing.T) {
	mux, err := command.NewMux(command.Options{Authorize: anyone})
	if err != nil {
		t.Fatal(err)
	}
	command.Handle(mux, exact, func(context.Context, strict) (struct{}, error) { return struct{}{}, nil })
	for body, field := range map[string]string{
		`{}`:                     "",
		`{"name":"a","Plain":1}`: "",
		`{"text":"embedded"}`:    "",
		`{"list":[{"text":"a"},null,{"text":"b"}],"map":{"Text":{"text":"a"},"text":{"text":"b"}}}`:                          "",
		`{"any":{"Name":1,"name":2},"own":{"X":1,"x":2},"raw":{"Y":1},"array":[{"1":{"text":"a"}}],"texts":{"a":"","A":""}}`: "",
		`{"list":null,"map":null}`: "",

		`{"Name":"a"}`:                          "Name",
		`{"name":"a","name":"b"}`:               "name",
		`{"name":"a","NAME":"b"}`:               "NAME",
		`{"plain":1}`:                           "plain",
		`{"TEXT":"embedded"}`:                   "TEXT",
		`{"list":[{"Text":"a"}]}`:               "Text",
		`{"map":{"a":{"text":"a","text":"b"}}}`: "text",
		`{"map":{"a":{},"a":{}}}`:               "a",
		`{"any":{"x":{"y":1,"y":2}}}`:           "y",
		`{"own":{"z":1,"z":2}}`:                 "z",
		`{"raw":[{"r":1,"r":2}]}`:               "r",
		`{"array":[{},{"1":{"tExt":"a"}}]}`:     "tExt",
		`{"name":"a","n\u0061me":"b"}`:          "name",
	} {
		req := httptest.NewRequest("POST", command.PathPrefix+exact.Name(), strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, req)
		var answer struct{ Error struct{ Field string } }
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Fatal(err)
		}
		if refused := w.Code == 400; refused != (field != "") || answer.Error.Field != field || !refused && w.Code != 200 {
			t.Errorf("%s: %d, field %q, want %q", body, w.Code, answer.Error.Field, field)
		}
	}
}
