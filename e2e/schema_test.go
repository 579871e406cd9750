package e2e_test

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Each event on the stream is what the program's own schema says, and the schema is one.
func TestSchemaOfTheProgramFitsItsEvents(t *testing.T) {
	t.Parallel()
	text, err := exec.Command(binary, "schema", "json").Output()
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("seaway.json", value); err != nil {
		t.Fatal(err)
	}
	for name := range value.(map[string]any)["$defs"].(map[string]any) {
		if _, err := compiler.Compile("seaway.json#/$defs/" + name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	s := startServer(t)
	s.post("ann", "hello")
	posted, err := compiler.Compile("seaway.json#/$defs/chat.posted")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range s.events("topic=room.lobby&last=10", 1) {
		got, err := jsonschema.UnmarshalJSON(strings.NewReader(e.Data))
		if err == nil {
			err = posted.Validate(got)
		}
		if err != nil {
			t.Errorf("%s %s: %v", e.Type, e.Data, err)
		}
		delete(got.(map[string]any), "text")
		if posted.Validate(got) == nil {
			t.Error("without its text it fits as well")
		}
	}
}
