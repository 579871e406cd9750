package eventtest

import (
	"fmt"
	"maps"
	"slices"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/internal/shape"
)

// news is a line that a history lacks.
type news struct {
	what string // in words
	line string
}

// review compares a history with the types as they are defined now, both as
// texts. It returns what the history lacks, and what must not be.
func review(history, present string) (lacks []news, faults []string, err error) {
	recorded, err := event.ParseHistory(history)
	if err != nil {
		return nil, nil, err
	}
	defined, err := event.ParseHistory(present)
	if err != nil {
		return nil, nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(defined)) {
		then, now := recorded.Newest(name), defined.Newest(name)
		line := name + " " + now
		switch {
		case then == now:
		case then == "":
			lacks = append(lacks, news{fmt.Sprintf("event type %s is not recorded", name), line})
		default:
			if why := shape.Additive(then, now); why != nil {
				faults = append(faults, misread(name, why))
			} else {
				lacks = append(lacks, news{fmt.Sprintf("event type %s has changed from %s to %s, which pages in use can read", name, then, now), line})
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(recorded)) {
		if defined.Newest(name) == "" {
			faults = append(faults, vanished(name))
		}
	}
	return lacks, faults, nil
}

func misread(name string, why error) string {
	return fmt.Sprintf("event type %s: %v. Pages in use would misread it. Keep %[1]s as it was, define the new payload as %[3]s, "+
		"and join the two by event.Upcast. (If the newest line of %[1]s was never released, delete that line and run this test with -update.)",
		name, why, successor(name))
}

func vanished(name string) string {
	return fmt.Sprintf("event type %s is recorded, but not defined. Pages in use still wait for it. Keep its definition, "+
		"and if another type takes its place, join the two by event.Upcast. (If no page in use knows it any more, delete its lines.)", name)
}
