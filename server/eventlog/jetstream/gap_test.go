package jetstream

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
)

// Retention has removed the first three of five events. The replica that answers
// still has them, but a page of other topics does not show it.
func TestReadIsHeldAgainstTheLeadersFirstNumber(t *testing.T) {
	r := &replica{topics: strings.Split("a b a b a", " "), has: []int{5}, first: 4}
	log := fake(t, r)
	for _, test := range []struct {
		from   uint64
		topics []string
		want   string
	}{
		{0, nil, "[1 2 3 4 5] <nil>"}, // it still has them all
		{1, nil, "[1 2 3 4 5] <nil>"},
		{0, []string{"a"}, "[5] <nil>"},
		{0, []string{"a", "b"}, "[1 2 3 4 5] <nil>"},
		{1, []string{"a"}, "[] gap"},
		{1, []string{"b"}, "[] gap"},
		{1, []string{"none"}, "[] gap"},
		{2, []string{"b", "none"}, "[] gap"},
		{4, []string{"a"}, "[5] <nil>"},
		{6, []string{"a"}, "[] <nil>"},
	} {
		page, err := log.Read(t.Context(), test.from, 10, test.topics...)
		if errors.Is(err, eventlog.ErrGap) {
			err = errors.New("gap")
		}
		seqs := []uint64{}
		for _, e := range page.Events {
			seqs = append(seqs, e.ID().Seq())
		}
		if got := fmt.Sprint(seqs, " ", err); got != test.want {
			t.Errorf("topics %v from %d: %s, want %s", test.topics, test.from, got, test.want)
		}
	}
}
