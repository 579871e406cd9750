package jetstream

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// led returns what a stream of three says whose leader last heard from its two
// followers that long ago; 0 stands for never.
func led(leader string, heard ...time.Duration) *jetstream.StreamInfo {
	info := &jetstream.StreamInfo{Cluster: &jetstream.ClusterInfo{Leader: leader}}
	info.Config.Replicas = len(heard) + 1
	for i, h := range heard {
		info.Cluster.Replicas = append(info.Cluster.Replicas, &jetstream.PeerInfo{Name: string(rune('b' + i)), Active: h})
	}
	return info
}

func TestQuorumIsWhatTheLeaderHasHeardFrom(t *testing.T) {
	const day = 24 * time.Hour
	tests := []struct {
		name  string
		info  *jetstream.StreamInfo
		heard time.Duration
		says  string
	}{
		{"a server without a cluster", &jetstream.StreamInfo{}, 0, ""},
		{"one replica", led("a"), 0, ""},
		{"both followers", led("a", time.Second, 2*time.Second), time.Second, ""},
		{"one follower", led("a", day, 2*time.Second), 2 * time.Second, ""},
		{"one follower, and one that has never been there", led("a", 0, 2*time.Second), 2 * time.Second, ""},
		{"no follower", led("a", day, 2*day), day, ""},
		{"five", led("a", 3, 1, 4, 2), 2, ""},
		{"two", led("a", 7), 7, ""},
		{"followers that have never been there", led("a", 0, 0), 0, "1 of 3"},
		{"no leader", led("", 1, 2), 0, "no leader"},
		{"a follower's answer", led("b", 1, 2), 0, "no leader"},
		{"replicas that are not known yet", &jetstream.StreamInfo{
			Config: jetstream.StreamConfig{Replicas: 3}, Cluster: &jetstream.ClusterInfo{Leader: "a"},
		}, 0, "1 of 3"},
	}
	for _, test := range tests {
		heard, err := heardFrom(test.info)
		if heard != test.heard || (err == nil) != (test.says == "") || (err != nil && !strings.Contains(err.Error(), test.says)) {
			t.Errorf("%s: heard %v ago (%v), want %v and %q", test.name, heard, err, test.heard, test.says)
		}
	}
}

func TestQuorumAgesFromItsLastSign(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q quorum
		step := func(what string, info *jetstream.StreamInfo, want time.Duration, wantCause bool) {
			t.Helper()
			q.note(time.Now(), info)
			if since, cause := q.since(); since != want || (cause != nil) != wantCause {
				t.Errorf("%s: %v since the last sign (%v), want %v", what, since, cause, want)
			}
			time.Sleep(time.Second)
		}
		step("well", led("a", time.Second, time.Second), 0, false)
		step("a heartbeat is due", led("a", 2*time.Second, 2*time.Second), 0, false)
		step("a heartbeat has not come", led("a", 3*time.Second, 3*time.Second), 3*time.Second, true)
		step("none has since", led("a", 4*time.Second, 4*time.Second), 4*time.Second, true)
		step("the leader has stepped down", led("", 0, 0), 5*time.Second, true)
		step("another leads", led("a", time.Second, 0), 0, false)
	})
}

func TestQuorumTakesNoAnswerForANewerOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q quorum
		early := time.Now()
		time.Sleep(time.Second)
		q.note(time.Now(), led("a", time.Second, time.Second))
		q.note(early, led("", 0, 0))
		if since, cause := q.since(); since != 0 || cause != nil {
			t.Errorf("%v since the last sign (%v)", since, cause)
		}
		time.Sleep(time.Minute)
		q.noteStored()
		if since, cause := q.since(); since != 0 || cause != nil {
			t.Errorf("after an acknowledgement: %v since the last sign (%v)", since, cause)
		}
		q.note(time.Now(), led("a", 9*time.Second, 9*time.Second))
		if since, _ := q.since(); since != 0 {
			t.Errorf("after an acknowledgement, and an answer that knows less: %v since the last sign", since)
		}
	})
}

func TestAbsenceIsConfirmedByAClusterOnlyAfterAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a absence
		if !a.confirmed(true, false) {
			t.Error("a single server is not believed")
		}
		a = absence{}
		for _, missing := range []bool{true, false, true} { // anything else begins it anew
			if a.confirmed(missing, true) {
				t.Error("it is believed at once")
			}
			time.Sleep(settleTime - time.Nanosecond)
		}
		time.Sleep(time.Nanosecond)
		if !a.confirmed(true, true) {
			t.Error("it is not believed in the end")
		}
	})
}
