package load

import "slices"

// A Ledger holds which events of one topic a reader has received, poster by poster.
// The zero value expects every poster to begin at number 1.
type Ledger struct {
	posters []numbers
}

// numbers are one poster's part: everything below next has come, but for the gaps.
type numbers struct {
	next uint32
	gaps []gap // ascending
}

// A gap is a range of numbers that were passed over.
type gap struct{ from, to uint32 }

// A Verdict says how an event fits what came before it.
type Verdict int

// The verdicts.
const (
	InOrder  Verdict = iota // it is the poster's next, or passes over some
	Late                    // it had been passed over
	Repeated                // it had come before
)

// Note enters an event.
func (l *Ledger) Note(m Stamp) Verdict {
	a := l.numbers(m.Poster)
	switch {
	case m.Number == a.next:
		a.next++
		return InOrder
	case m.Number > a.next:
		a.gaps = append(a.gaps, gap{a.next, m.Number - 1})
		a.next = m.Number + 1
		return InOrder
	}
	return a.fill(m.Number)
}

// Missing counts the events, up to a number for each poster, that have not come.
func (l *Ledger) Missing(last []uint32) (n int) {
	for poster, last := range last {
		a := l.numbers(poster)
		for _, g := range a.gaps {
			if g.from <= last {
				n += int(min(g.to, last) - g.from + 1)
			}
		}
		if a.next <= last {
			n += int(last - a.next + 1)
		}
	}
	return n
}

func (l *Ledger) numbers(poster int) *numbers {
	for len(l.posters) <= poster {
		l.posters = append(l.posters, numbers{next: 1})
	}
	return &l.posters[poster]
}

// fill strikes a number out of the gaps.
func (a *numbers) fill(number uint32) Verdict {
	i, found := slices.BinarySearchFunc(a.gaps, number, func(g gap, n uint32) int {
		switch {
		case g.to < n:
			return -1
		case g.from > n:
			return 1
		}
		return 0
	})
	if !found {
		return Repeated
	}
	g := a.gaps[i]
	var left []gap
	if g.from < number {
		left = append(left, gap{g.from, number - 1})
	}
	if number < g.to {
		left = append(left, gap{number + 1, g.to})
	}
	a.gaps = slices.Replace(a.gaps, i, i+1, left...)
	return Late
}
