package access_test

import (
	"testing"

	"github.com/seawaykit/seaway/server/access"
)

func TestQuotasByPattern(t *testing.T) {
	burst := func(n int) access.Rate { return access.Rate{PerSecond: 1e-9, Burst: n} }
	q := access.NewQuotas(map[string]access.Quota{
		"**":     {Events: burst(3), Bytes: burst(100)},
		"room.*": {Events: burst(5), Shared: true},
	})
	take := func(topic string, bytes int) (events int) {
		for q.Allow(topic, 1, bytes) {
			events++
		}
		return events
	}
	for _, c := range []struct {
		topic string
		bytes int
		want  int
	}{
		{"room.a", 1, 3}, {"room.b", 1, 2}, {"room.c", 1, 0}, // all rooms together
		{"user.ann", 40, 2}, {"user.bob", 101, 0}, {"user.cy", 1, 3},
	} {
		if got := take(c.topic, c.bytes); got != c.want {
			t.Errorf("%s takes %d events, want %d", c.topic, got, c.want)
		}
	}
	if !(*access.Quotas)(nil).Allow("room.a", 1e6, 1e9) {
		t.Error("nil Quotas have a bound")
	}
}

func TestQuotaOfNoPatternIsRefusedAtOnce(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("it is taken")
		}
	}()
	access.NewQuotas(map[string]access.Quota{"a..b": {}})
}
