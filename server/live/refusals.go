package live

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/httpd"
	"github.com/seawaykit/seaway/server/ops"
	"github.com/seawaykit/seaway/shared/fault"
)

// maxRefusals is how many different refusals are remembered. Equal ones are one with a
// count, so that a client that is refused again and again hides no others.
const maxRefusals = 50

// refusals are the latest requests that were refused, for operators.
type refusals struct {
	mu     sync.Mutex
	latest []ops.Refusal // the latest last
}

// note remembers a refusal of a moment.
func (f *refusals) note(refused ops.Refusal, at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	alike := func(o ops.Refusal) bool {
		return o.What == refused.What && o.Code == refused.Code && o.Network == refused.Network
	}
	refused.First = at
	if i := slices.IndexFunc(f.latest, alike); i >= 0 {
		refused.First, refused.Count = f.latest[i].First, f.latest[i].Count
		f.latest = slices.Delete(f.latest, i, i+1)
	} else if len(f.latest) == maxRefusals {
		f.latest = slices.Delete(f.latest, 0, 1)
	}
	refused.Last = at
	refused.Count++
	f.latest = append(f.latest, refused)
}

// list returns them, the latest first.
func (f *refusals) list() []ops.Refusal {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := slices.Clone(f.latest)
	slices.Reverse(list)
	return list
}

// refused remembers that a request was refused: by its route, since paths of pages and
// parameters may be secrets of the user's.
func (s *Server) refused(r *http.Request, e *fault.Error) {
	s.refusals.note(ops.Refusal{What: s.routeOf(r), Code: e.Code, Status: e.Status(), Network: httpd.Network(r)}, time.Now())
}
