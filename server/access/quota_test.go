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
		for q.Allow(topic, "", 1, bytes) {
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
	if !(*access.Quotas)(nil).Allow("room.a", "eve", 1e6, 1e9) {
		t.Error("nil Quotas have a bound")
	}
}

func TestQuotaLeavesHalfToOtherClients(t *testing.T) {
	few := access.Rate{PerSecond: 1e-9, Burst: 9}
	q := access.NewQuotas(map[string]access.Quota{"room.*": {Events: few}, "hall.*": {Bytes: access.Rate{PerSecond: 1e-9, Burst: 100}, Shared: true}})
	take := func(topic, client string, bytes int) (events int) {
		for q.Allow(topic, client, 1, bytes) {
			events++
		}
		return events
	}
	for _, c := range []struct {
		topic, client string
		bytes, want   int
	}{
		{"room.a", "eve", 1, 5}, {"room.a", "ann", 1, 4}, {"room.a", "", 1, 0}, {"room.b", "eve", 1, 5},
		{"hall.a", "eve", 10, 5}, {"hall.b", "eve", 10, 0}, {"hall.b", "ann", 10, 5}, {"hall.b", "bob", 10, 0},
	} {
		if got := take(c.topic, c.client, c.bytes); got != c.want {
			t.Errorf("%s takes %d events of %s, want %d", c.client, got, c.topic, c.want)
		}
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
