package transports

import (
	"github.com/seawaykit/seaway/app/sample/words"
	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

// A Verdict says whether a claim holds.
type Verdict uint8

// The verdicts.
const (
	Unmeasured Verdict = iota
	Holds
	HalfTrue
	Fails
	NotShown // this browser or server cannot show it
)

// String returns the verdict in English.
func (v Verdict) String() string { return words.English.Compare.Verdicts[v] }

// A Finding is what was measured for a claim.
type Finding struct {
	Verdict Verdict
	Text    string
}

// A Claim is a common opinion about a transport, with the function that checks it. Package
// words has its text.
type Claim struct {
	ID         string
	find       func(*Figures, *words.Found) (Finding, bool)
	needsBytes bool // it needs the server's count of bytes
}

// Find returns what the figures say about the claim.
func (c Claim) Find(f *Figures, w *words.Found) Finding {
	if found, ok := c.find(f, w); ok {
		return found
	}
	if sse := f.Result(contract.EventSource); c.needsBytes && sse.Usage.Requests > 0 && !sse.Usage.BytesKnown {
		return Finding{NotShown, w.NoBytes}
	}
	return Finding{}
}

// minMessages is how many messages a transport must have received before it is
// judged.
const minMessages = 8

// ready returns the results of these kinds if each has received enough messages,
// and the server has reported its usage.
func (f *Figures) ready(kinds ...contract.Kind) (results []*Result, ok bool) {
	for _, k := range kinds {
		r := f.Result(k)
		if r.Messages < minMessages || r.Usage.Requests == 0 {
			return nil, false
		}
		results = append(results, r)
	}
	return results, true
}

// readyWithBytes is ready, and requires that bytes are counted.
func (f *Figures) readyWithBytes(kinds ...contract.Kind) (results []*Result, ok bool) {
	results, ok = f.ready(kinds...)
	for _, r := range results {
		ok = ok && r.Usage.BytesKnown
	}
	return results, ok
}

// Down returns how many bytes the transport received for each message.
func (r *Result) Down() int64 { return r.Usage.Out / int64(max(1, r.Messages)) }

// up returns how many bytes each request took.
func (r *Result) up() int64 { return r.Usage.In / int64(max(1, r.Usage.Requests)) }

func verdict(holds bool) Verdict {
	if holds {
		return Holds
	}
	return Fails
}

// halfTrue returns [Holds] or [HalfTrue].
func halfTrue(holds bool) Verdict {
	if holds {
		return Holds
	}
	return HalfTrue
}
