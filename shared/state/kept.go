package state

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/seawaykit/seaway/shared/fault"
)

// sendAgain is how old a change may be that is sent again after a reload by itself. A
// log remembers a key for two minutes, and the call is tried for up to 90 s.
const sendAgain = 30 * time.Second

// errReloaded is why a change has failed that was pending longer ago.
var errReloaded = fault.New(fault.Unreachable, "the page was reloaded before the server had answered")

// A keptChange is a Change in what the browser keeps for the tab, where it survives a
// reload and the end of the tab.
type keptChange struct {
	Mutation string          `json:"mutation"`
	Key      string          `json:"key"`
	At       time.Time       `json:"at"`
	Request  json.RawMessage `json:"request"`
}

// keep stores the changes that the server has not confirmed. A browser that stores
// nothing keeps nothing over a reload.
func (q *queue) keep() {
	all := []keptChange{}
	for _, a := range q.all {
		if a.arrived || a.stored != nil {
			continue
		}
		request, err := json.Marshal(a.Request)
		if err != nil {
			continue // nor can it be sent
		}
		all = append(all, keptChange{a.mutation, a.Key, a.At, request})
	}
	if !q.host.Ready() || len(all) == 0 && !q.kept {
		return
	}
	q.kept = len(all) > 0
	if err := q.host.Keep(all); err != nil {
		q.host.Report("changes are not kept over a reload:", err)
	}
}

// Restore reads the changes of the tab's last page. The page shows and sends those
// again that are young enough, under their keys; the others have failed.
func (q *queue) Restore() {
	topic := q.host.Topic()
	if !q.host.Ready() || topic == "" || q.restored == topic {
		return
	}
	q.restored = topic
	var all []keptChange
	if err := q.host.Recall(&all); err != nil {
		q.host.Report(err)
	}
	for _, k := range all {
		if slices.ContainsFunc(q.all, func(a *attempt) bool { return a.Key == k.Key }) {
			continue
		}
		a, err := q.parse(k.Mutation, k.Request)
		if err != nil {
			q.host.Report(err) // of another build
			continue
		}
		a.Key, a.At, q.kept = k.Key, k.At, true
		if time.Since(k.At) > sendAgain {
			a.failed, a.err = true, errReloaded
		}
		q.all = append(q.all, a)
	}
	if len(all) > 0 {
		q.guessed = false
		q.host.Changed()
	}
}

// Inherit reads the changes of tabs that have ended since the page was loaded.
func (q *queue) Inherit() {
	q.restored = ""
	q.Restore()
	q.SendNext()
}
