//go:build !js

package schema_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/schema"
	"github.com/seawaykit/seaway/shared/state"
)

// A tree is inside itself.
type tree struct {
	Name string `json:"name"`
	Kids []tree `json:"kids,omitempty"`
}

type all struct {
	At     time.Time         `json:"at"`
	Big    int64             `json:"big,string"`
	Bytes  []byte            `json:"bytes"`
	Count  uint8             `json:"count"`
	Data   json.RawMessage   `json:"data"`
	Flag   bool              `json:"flag"`
	Labels map[string]int    `json:"labels"`
	Note   *string           `json:"note"`
	Odd    string            `json:"odd name"`
	Pair   [2]float64        `json:"pair"`
	Parts  []struct{ N int } `json:"parts"`
	Tree   tree              `json:"tree"`
	Words  []string          `json:"words,omitempty"`
}

type (
	ask struct {
		What string `json:"what"`
	}
	reply struct {
		Done bool `json:"done"`
	}
)

var (
	_ = event.Define[all]("schematest.all")
	_ = event.Define[tree]("schematest.tree")
	_ = command.Define[ask, reply]("schematest.ask")
	_ = command.Define[ask, state.Answer[reply]]("schematest.change")
)

func ExampleWriteTypeScript() {
	_ = schema.WriteTypeScript(os.Stdout) // it does not fail
	// Output:
	// // The events and commands of the server. Generated: do not edit.
	//
	// export type SchematestAll = {
	//   "at": string;
	//   "big": string;
	//   "bytes": string | null;
	//   "count": number;
	//   "data": unknown;
	//   "flag": boolean;
	//   "labels": Record<string, number> | null;
	//   "note": string | null;
	//   "odd name": string;
	//   "pair": Array<number>;
	//   "parts": Array<{
	//     "N": number;
	//   }> | null;
	//   "tree": SchematestAllPart1;
	//   "words"?: Array<string>;
	// };
	//
	// export type SchematestAllPart1 = {
	//   "kids"?: Array<SchematestAllPart1>;
	//   "name": string;
	// };
	//
	// export type SchematestTree = {
	//   "kids"?: Array<SchematestTree>;
	//   "name": string;
	// };
	//
	// export type StateErased = Record<string, never>;
	//
	// export type SchematestAskRequest = {
	//   "what": string;
	// };
	//
	// export type SchematestAskReply = {
	//   "done": boolean;
	// };
	//
	// export type SchematestChangeRequest = {
	//   "what": string;
	// };
	//
	// export type SchematestChangeReply = {
	//   "done": boolean;
	//   "events": Array<string> | null;
	// };
	//
	// export interface Events {
	//   "schematest.all": SchematestAll;
	//   "schematest.tree": SchematestTree;
	//   "state.erased": StateErased;
	// }
	//
	// export interface Commands {
	//   "schematest.ask": { request: SchematestAskRequest; reply: SchematestAskReply };
	//   "schematest.change": { request: SchematestChangeRequest; reply: SchematestChangeReply };
	// }
}

func TestSchema_IsJSON(t *testing.T) {
	var b strings.Builder
	if err := schema.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Defs     map[string]any `json:"$defs"`
		Events   []string
		Commands []string
	}
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	tree, _ := json.Marshal(got.Defs["schematest.tree"])
	want := `{"properties":{"kids":{"anyOf":[{"items":{"$ref":"#/$defs/schematest.tree"},"type":"array"},{"type":"null"}]},"name":{"type":"string"}},"required":["name"],"type":"object"}`
	if string(tree) != want {
		t.Errorf("a type inside itself is %s", tree)
	}
	if len(got.Events) != 3 || len(got.Commands) != 2 || got.Defs["schematest.ask.reply"] == nil {
		t.Errorf("it has %v and %v", got.Events, got.Commands)
	}
}
