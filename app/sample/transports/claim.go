package transports

import contract "github.com/seawaykit/seaway/shared/sample/transports"

// A Verdict says whether a claim has held.
type Verdict uint8

// The verdicts.
const (
	Unmeasured Verdict = iota
	Holds
	HalfTrue
	Fails
	Elsewhere // this browser is not one in which it could show
)

// String returns the verdict in words.
func (v Verdict) String() string {
	return [...]string{"not measured yet", "holds", "half true", "does not hold", "not shown here"}[v]
}

// A Finding is what was found of a claim.
type Finding struct {
	Verdict Verdict
	Text    string
}

// A Claim is what is said of a transport, and how to find out.
type Claim struct {
	ID    string
	About string
	Text  string
	find  func(*Figures) (Finding, bool)
	sizes bool // it takes numbers of bytes
}

// Find returns what the figures say of the claim.
func (c Claim) Find(f *Figures) Finding {
	if found, ok := c.find(f); ok {
		return found
	}
	if sse := f.Lane(contract.EventSource); c.sizes && sse.Count.Requests > 0 && !sse.Count.Counted {
		return Finding{Elsewhere, "This server does not know the lanes’ bytes: see below."}
	}
	return Finding{}
}

// enough is how many pulses a lane must have brought until it is judged.
const enough = 8

// ready returns the lanes of these kinds if each has brought enough, and the
// server has told what it cost.
func (f *Figures) ready(kinds ...contract.Kind) (lanes []*Lane, ok bool) {
	for _, k := range kinds {
		l := f.Lane(k)
		if l.Messages < enough || l.Count.Requests == 0 {
			return nil, false
		}
		lanes = append(lanes, l)
	}
	return lanes, true
}

// sized is ready, where bytes are counted as well.
func (f *Figures) sized(kinds ...contract.Kind) (lanes []*Lane, ok bool) {
	lanes, ok = f.ready(kinds...)
	for _, l := range lanes {
		ok = ok && l.Count.Counted
	}
	return lanes, ok
}

// Down returns how many bytes the lane took for each message.
func (l *Lane) Down() int64 { return l.Count.Out / int64(max(1, l.Messages)) }

// up returns how many bytes each of its requests took.
func (l *Lane) up() int64 { return l.Count.In / int64(max(1, l.Count.Requests)) }

func verdict(holds bool) Verdict {
	if holds {
		return Holds
	}
	return Fails
}

// half is [HalfTrue] unless the claim holds.
func half(holds bool) Verdict {
	if holds {
		return Holds
	}
	return HalfTrue
}
