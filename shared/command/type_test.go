package command_test

import (
	"strings"
	"testing"

	"github.com/seawaykit/seaway/shared/command"
)

type addRequest struct {
	A int `json:"a"`
	B int `json:"b"`
}

type addReply struct {
	Sum int `json:"sum"`
}

var add = command.Define[addRequest, addReply]("test.add")

func TestDefineKeepsTheName(t *testing.T) {
	if got := add.Name(); got != "test.add" {
		t.Errorf("got %q", got)
	}
}

func TestDefineRefusesABadOrTakenName(t *testing.T) {
	for _, name := range []string{"", "a b", "a/b", "../etc", "hello", "test.add", strings.Repeat("a", 65)} {
		func() {
			defer func() {
				if msg, ok := recover().(string); !ok || !strings.HasPrefix(msg, "command: ") {
					t.Errorf("%q: panicked with %q, want a sentence", name, msg)
				}
			}()
			command.Define[addRequest, addReply](name)
			t.Errorf("%q was accepted", name)
		}()
	}
}
