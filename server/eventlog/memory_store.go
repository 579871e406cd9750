package eventlog

import (
	"slices"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

// A memoryStore holds the retained events of a Memory.
type memoryStore struct {
	last     uint64              // the highest number ever given
	purged   uint64              // the highest number that retention has removed
	entries  []entry             // by number; removed ones stay until swept
	removed  int                 // how many of the entries are removed
	bytes    int64               //
	topics   map[string][]uint64 // the numbers of each topic's events, rising
	expiries []expiry            // soonest first
}

// An entry is one event, or the place of a removed one.
type entry struct {
	seq   uint64
	size  int64
	live  bool
	event event.Event
}

type expiry struct {
	at  time.Time
	seq uint64
}

// put adds the newest event.
func (s *memoryStore) put(e event.Event, size int64, ttl time.Duration) {
	s.last = e.ID().Seq()
	s.entries = append(s.entries, entry{s.last, size, true, e})
	s.bytes += size
	s.topics[e.Topic()] = append(s.topics[e.Topic()], s.last)
	if ttl > 0 {
		x := expiry{e.Time().Add(ttl), s.last}
		i, _ := slices.BinarySearchFunc(s.expiries, x, func(a, b expiry) int { return a.at.Compare(b.at) })
		s.expiries = slices.Insert(s.expiries, i, x)
	}
}

// newest returns the number of the topic's newest event, 0 if it has none.
func (s *memoryStore) newest(topic string) uint64 {
	if seqs := s.topics[topic]; len(seqs) > 0 {
		return seqs[len(seqs)-1]
	}
	return 0
}

// from returns up to limit events from number seq on, of the topics or of all,
// and whether there are more.
func (s *memoryStore) from(seq uint64, limit int, topics []string) (events []event.Event, more bool) {
	if len(topics) > 0 {
		return s.fromTopics(seq, limit, topics)
	}
	for _, e := range s.entries[s.find(seq):] {
		if !e.live {
			continue
		}
		if len(events) == limit {
			return events, true
		}
		events = append(events, e.event)
	}
	return events, false
}

func (s *memoryStore) fromTopics(seq uint64, limit int, topics []string) (events []event.Event, more bool) {
	var seqs []uint64
	for _, topic := range topics {
		of := s.topics[topic]
		i, _ := slices.BinarySearch(of, seq)
		seqs = append(seqs, of[i:min(i+limit+1, len(of))]...)
	}
	slices.Sort(seqs)
	seqs = slices.Compact(seqs) // a topic may be named twice
	more = len(seqs) > limit
	for _, n := range seqs[:min(limit, len(seqs))] {
		events = append(events, s.entries[s.find(n)].event)
	}
	return events, more
}

// find returns the index of the first entry whose number is at least seq.
func (s *memoryStore) find(seq uint64) int {
	i, _ := slices.BinarySearchFunc(s.entries, seq, func(e entry, seq uint64) int {
		switch {
		case e.seq < seq:
			return -1
		case e.seq > seq:
			return 1
		}
		return 0
	})
	return i
}

// trim removes events that have expired or, up to number limit, exceed the
// retention. The newest event may stay although it alone exceeds the bytes.
func (s *memoryStore) trim(r Retention, now time.Time, limit uint64) {
	for len(s.expiries) > 0 && !now.Before(s.expiries[0].at) {
		s.remove(s.expiries[0].seq)
		s.expiries = s.expiries[1:]
	}
	for len(s.entries) > 0 && s.entries[0].seq <= limit && s.exceeds(r, now) {
		s.purged = s.entries[0].seq
		s.remove(s.purged)
	}
}

// count returns how many events there are.
func (s *memoryStore) count() int64 { return int64(len(s.entries) - s.removed) }

func (s *memoryStore) exceeds(r Retention, now time.Time) bool {
	count := s.count()
	return count > r.MaxEvents || count > 1 && s.bytes > r.MaxBytes || now.Sub(s.entries[0].event.Time()) >= r.MaxAge
}

// reaches reports whether n more events of a size together exceed the hard limit.
func (s *memoryStore) reaches(r Retention, n, size int64) bool {
	count := s.count()
	events, bytes := r.Hard()
	return count+n > events || count > 0 && s.bytes+size > bytes
}

// clear removes all events of a topic.
func (s *memoryStore) clear(topic string) {
	for _, seq := range slices.Clone(s.topics[topic]) {
		s.remove(seq)
	}
}

// remove removes an event, if it is still there. The first entry is always a
// live one.
func (s *memoryStore) remove(seq uint64) {
	i := s.find(seq)
	if i == len(s.entries) || s.entries[i].seq != seq || !s.entries[i].live {
		return
	}
	s.unindex(s.entries[i].event.Topic(), seq)
	s.bytes -= s.entries[i].size
	s.entries[i] = entry{seq: seq}
	s.removed++
	for len(s.entries) > 0 && !s.entries[0].live {
		s.entries = s.entries[1:]
		s.removed--
	}
	s.sweep()
}

// sweep frees the entries of removed events when they outnumber the others: one
// old event before a topic that keeps only its latest must not make the store
// grow for ever.
func (s *memoryStore) sweep() {
	if s.removed > 64 && s.removed > len(s.entries)/2 {
		s.entries = slices.DeleteFunc(s.entries, func(e entry) bool { return !e.live })
		s.removed = 0
	}
}

func (s *memoryStore) unindex(topic string, seq uint64) {
	seqs := s.topics[topic]
	switch i, _ := slices.BinarySearch(seqs, seq); {
	case len(seqs) == 1:
		delete(s.topics, topic)
	case i == 0:
		s.topics[topic] = seqs[1:]
	default:
		s.topics[topic] = slices.Delete(seqs, i, i+1)
	}
}
