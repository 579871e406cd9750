package state_test

import (
	"strings"
	"testing"

	"github.com/seawaykit/seaway/shared/state"
)

// Releases of a list: of names, of names and sizes, and of things that have both.
type (
	listV1 struct {
		Names []string
		Owner string
	}
	listV2 struct {
		Names []string
		Owner string
		Sizes map[string]int
	}
	listV3 struct {
		Things []thing
		Owner  string
	}
	thing struct {
		Name string
		Size int
	}
)

// written returns the checkpoint of a state of an older release.
func written[S any](t *testing.T, s S) (description string, data []byte) {
	t.Helper()
	k := state.Define[S](fresh())
	data, err := k.Encode(&s)
	if err != nil {
		t.Fatal(err)
	}
	return k.Description(), data
}

func TestDecodeReadsWhatHasOnlyGainedFields(t *testing.T) {
	description, data := written(t, listV1{Names: []string{"a"}, Owner: "ann"})
	s, err := state.Define[listV2](fresh()).Decode(description, data)
	if err != nil || s.Owner != "ann" || len(s.Names) != 1 || s.Sizes == nil {
		t.Errorf("got %+v, %v", s, err)
	}
}

func TestDecodeRefusesWhatHasChanged(t *testing.T) {
	description, data := written(t, listV2{Names: []string{"a"}})
	k := state.Define[listV3](fresh())
	_, err := k.Decode(description, data)
	if err == nil || !strings.Contains(err.Error(), "Names") || !strings.Contains(err.Error(), "state.Upgrade") {
		t.Errorf("got %v", err)
	}
	if err := k.Reads(description); err == nil {
		t.Error("Reads says that it can be read")
	}
}

func TestDecodeUpgrades(t *testing.T) {
	description, data := written(t, listV2{Names: []string{"a"}, Owner: "ann", Sizes: map[string]int{"a": 3}})
	k := state.Define[listV3](fresh())
	state.Upgrade(k, func(old listV2) (s listV3) {
		for _, name := range old.Names {
			s.Things = append(s.Things, thing{name, old.Sizes[name]})
		}
		s.Owner = old.Owner
		return s
	})
	if s, err := k.Decode(description, data); err != nil || len(s.Things) != 1 || s.Things[0] != (thing{"a", 3}) || s.Owner != "ann" {
		t.Errorf("got %+v, %v", s, err)
	}
	if _, err := k.Decode(description, []byte(`{"Names":7}`)); err == nil {
		t.Error("a damaged checkpoint was read")
	}
}

// A field that is new but has to be computed is upgraded, although its absence
// would be read as zero.
func TestDecodePrefersAnUpgradeToAnAdditiveChange(t *testing.T) {
	description, data := written(t, listV1{Names: []string{"a"}})
	k := state.Define[listV2](fresh())
	state.Upgrade(k, func(old listV1) listV2 {
		return listV2{Names: old.Names, Sizes: map[string]int{old.Names[0]: 1}}
	})
	if s, err := k.Decode(description, data); err != nil || s.Sizes["a"] != 1 {
		t.Errorf("got %+v, %v", s, err)
	}
	if _, err := k.Decode(description, []byte(`{}`)); err == nil || !strings.Contains(err.Error(), "panics") {
		t.Errorf("an upgrade that panics gave %v", err)
	}
}
