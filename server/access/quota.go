package access

import (
	"maps"
	"slices"
)

// A Quota is how much may be appended to the log under the topics that a pattern matches:
// to each of them, or to all together if it is Shared. One client gets half of it at most, so
// that a flood leaves the other half to others. A zero Rate is no bound.
type Quota struct {
	Events Rate
	Bytes  Rate // of payloads and names
	Shared bool
}

// Quotas bound what is appended by topic. Nil Quotas have no bound. Their methods are safe
// for concurrent use.
type Quotas struct{ all []quota }

type quota struct {
	pattern       string
	shared        bool
	events, bytes *Limiter
	// half are those of one client, by its name and what the quota is of.
	half struct{ events, bytes *Limiter }
}

// NewQuotas returns Quotas by pattern. All that match a topic count. It panics if a text is
// no pattern, since quotas are a part of the program.
func NewQuotas(byPattern map[string]Quota) *Quotas {
	q := &Quotas{}
	for _, pattern := range slices.SortedFunc(maps.Keys(byPattern), exactness) {
		if err := CheckPattern(pattern); err != nil {
			panic("access: " + err.Error())
		}
		one := byPattern[pattern]
		made := quota{pattern: pattern, shared: one.Shared, events: limiterOf(one.Events), bytes: limiterOf(one.Bytes)}
		made.half.events, made.half.bytes = limiterOf(one.Events.half()), limiterOf(one.Bytes.half())
		q.all = append(q.all, made)
	}
	// What a topic's own quota refuses is not to be taken from what it shares with others.
	slices.SortStableFunc(q.all, func(a, b quota) int {
		switch {
		case a.shared == b.shared:
			return 0
		case b.shared:
			return -1
		}
		return 1
	})
	return q
}

// limiterOf returns none for no rate.
func limiterOf(r Rate) *Limiter {
	if r == (Rate{}) {
		return nil
	}
	return NewLimiter(r)
}

// half returns half a rate, of at least one at once.
func (r Rate) half() Rate {
	if r == (Rate{}) {
		return r
	}
	return Rate{r.PerSecond / 2, (r.Burst + 1) / 2}
}

// Allow reports whether a client may append so many events of so many bytes under a topic
// now, and if so takes them from each quota. The client is named by what tells it from
// others, as its address; without a name it is not bounded by half.
func (q *Quotas) Allow(topic, client string, events, bytes int) bool {
	if q == nil {
		return true
	}
	for _, one := range q.all {
		if !Match(one.pattern, topic) {
			continue
		}
		key := topic
		if one.shared {
			key = ""
		}
		if client != "" && !(one.half.events.Allow(key+" "+client, events) && one.half.bytes.Allow(key+" "+client, bytes)) {
			return false
		}
		if !one.events.Allow(key, events) || !one.bytes.Allow(key, bytes) {
			return false
		}
	}
	return true
}
