package jetstream

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seawaykit/seaway/server/eventlog"
)

// A replica answers direct gets by a script: which of the events 1, 2, 3 ... of
// the given topics it has, for one request after the other.
type replica struct {
	mu      sync.Mutex
	topics  []string // of event 1, 2, 3 ...
	has     []int    // how many of them it has at each request; the last counts on
	drop    int      // the reply of the first answer that gets lost, if not 0
	request int

	// What is answered to a question for the stream's state.
	first   uint64                 // the first number, if not 1
	last    int                    // the last number, if not that of all topics
	epoch   string                 // if not "fake"
	cluster *jetstream.ClusterInfo // nil for a server without one
	asked   int                    // how often
}

// becomes changes what the replica answers from now on.
func (r *replica) becomes(change func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change()
}

// serve answers as a server does.
func (r *replica) serve(m *nats.Msg) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var g directGet
	if err := json.Unmarshal(m.Data, &g); err != nil {
		panic(err)
	}
	has := r.has[min(r.request, len(r.has)-1)]
	r.request++
	var found []int
	if len(g.Last) > 0 {
		found = r.lastOf(g.Last, has)
	} else {
		found = r.next(g, has)
	}
	if len(found) == 0 {
		reply(m, "404", 0, nil)
		return
	}
	more := len(found) == g.Batch
	for i, seq := range found {
		if r.request == 1 && i+1 == r.drop {
			continue
		}
		reply(m, "", before(found, i), r.header(seq))
	}
	end := nats.Header{}
	end.Set("Nats-Num-Pending", map[bool]string{true: "1", false: "0"}[more])
	end.Set("Nats-UpTo-Sequence", strconv.Itoa(has))
	reply(m, "204", before(found, len(found)), end)
}

func (r *replica) next(g directGet, has int) (found []int) {
	for seq := int(g.Seq); seq <= has && len(found) < g.Batch; seq++ {
		if g.Next == "" || g.Next == "fake."+r.topics[seq-1] {
			found = append(found, seq)
		}
	}
	return found
}

func (r *replica) lastOf(subjects []string, has int) (found []int) {
	last := map[string]int{}
	for i, topic := range r.topics[:has] {
		last["fake."+topic] = i + 1
	}
	for _, subject := range subjects {
		if last[subject] > 0 {
			found = append(found, last[subject])
		}
	}
	slices.Sort(found)
	return found
}

func (r *replica) header(seq int) nats.Header {
	return nats.Header{
		jetstream.SubjectHeader:  {"fake." + r.topics[seq-1]},
		jetstream.SequenceHeader: {strconv.Itoa(seq)},
		jetstream.MsgIDHeader:    {"key" + strconv.Itoa(seq)},
		timeHeader:               {time.Unix(int64(seq), 0).UTC().Format(time.RFC3339Nano)},
		typeHeader:               {"test"},
	}
}

func before(found []int, i int) int {
	if i == 0 {
		return 0
	}
	return found[i-1]
}

// describe answers a question for the stream's state: by default as its leader,
// which has all events.
func (r *replica) describe(m *nats.Msg) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked++
	var asked struct {
		Filter string `json:"subjects_filter"`
	}
	if len(m.Data) > 0 && strings.Contains(m.Subject, "INFO") {
		if err := json.Unmarshal(m.Data, &asked); err != nil {
			panic(err)
		}
	}
	count := map[string]int{}
	for _, topic := range r.topics {
		if subject := "fake." + topic; subject == asked.Filter {
			count[subject]++
		}
	}
	answer, err := json.Marshal(map[string]any{
		"type":   "io.nats.jetstream.api.v1.stream_info_response",
		"config": map[string]any{"name": "FAKE", "metadata": map[string]string{epochKey: cmp.Or(r.epoch, "fake")}},
		"state": map[string]any{
			"messages": len(r.topics), "first_seq": max(r.first, 1), "last_seq": cmp.Or(r.last, len(r.topics)), "subjects": count,
		},
		"cluster": r.cluster,
	})
	if err != nil {
		panic(err)
	}
	if err := m.Respond(answer); err != nil {
		panic(err)
	}
}

func reply(m *nats.Msg, status string, last int, header nats.Header) {
	out := nats.NewMsg(m.Reply)
	if header != nil {
		out.Header = header
	}
	if status != "" {
		out.Header.Set("Status", status)
	}
	out.Header.Set(jetstream.LastSequenceHeader, strconv.Itoa(last))
	if err := m.RespondMsg(out); err != nil {
		panic(err)
	}
}

// fake returns a log whose stream is one scripted replica.
func fake(t *testing.T, r *replica) *Log {
	t.Helper()
	s, err := server.NewServer(&server.Options{DontListen: true, NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	nc, err := nats.Connect("", nats.InProcessServer(s))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	if _, err := nc.Subscribe("$JS.API.DIRECT.GET.FAKE", r.serve); err != nil {
		t.Fatal(err)
	}
	for _, question := range []string{"INFO", "UPDATE"} { // both are answered alike
		if _, err := nc.Subscribe("$JS.API.STREAM."+question+".FAKE", r.describe); err != nil {
			t.Fatal(err)
		}
	}
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	o, err := Options{Stream: "FAKE", Subject: "fake", Epoch: "fake", Logger: slog.New(slog.NewTextHandler(t.Output(), nil))}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	l := newLog(nc, js, o)
	l.epoch.Store(&o.Epoch)
	t.Cleanup(func() { l.Close() })
	return l
}

// walk reads on until the head is reached and n events have come, at most 100
// pages.
func walk(t *testing.T, l *Log, n, limit int, topics ...string) (seqs []uint64) {
	t.Helper()
	from := uint64(1)
	for range 100 {
		page, err := l.Read(t.Context(), from, limit, topics...)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			seqs = append(seqs, e.ID().Seq())
		}
		if from = page.Next; page.Head && len(seqs) >= n {
			break
		}
	}
	return seqs
}

func TestReadDoesNotSkipWhatAReplicaLacks(t *testing.T) {
	topics := strings.Split("a b a b a b a b", " ")
	all := fmt.Sprint([]int{1, 2, 3, 4, 5, 6, 7, 8})
	tests := []struct {
		name string
		has  []int
		drop int
	}{
		{"all is there", []int{8}, 0},
		{"the last ones come from one that knows all, the first topic from one that lags", []int{8, 3, 8}, 0},
		{"the second topic comes from one that lags", []int{8, 8, 3, 8}, 0},
		{"both topics come from one that has nothing", []int{8, 0, 0, 8}, 0},
		{"the last ones come from one that lags", []int{3, 8}, 0},
		{"the last ones come from one that has nothing", []int{0, 8}, 0},
		{"everything comes from one that has nothing", []int{0, 0, 0, 0, 8}, 0},
		{"replicas lag at random", []int{5, 2, 0, 7, 3, 1, 8, 4, 6, 2, 8, 5, 8}, 0},
		{"a reply is lost", []int{8}, 1},
	}
	for _, test := range tests {
		for _, limit := range []int{1, 3, 100} {
			t.Run(fmt.Sprintf("%s, by %d", test.name, limit), func(t *testing.T) {
				r := &replica{topics: topics, has: test.has, drop: test.drop}
				if got := fmt.Sprint(walk(t, fake(t, r), 8, limit, "a", "b")); got != all {
					t.Errorf("the reader sees %s, want %s", got, all)
				}
			})
		}
	}
}

func TestDirectGetIsCutWhereAReplyIsLost(t *testing.T) {
	for drop := 1; drop <= 5; drop++ {
		r := &replica{topics: strings.Split("a a a a a", " "), has: []int{5}, drop: drop}
		page, err := fake(t, r).Read(t.Context(), 1, 10)
		want := drop - 1
		if drop == 1 {
			want = 5 // nothing was usable: it asked again
		}
		if err != nil || len(page.Events) != want || page.Next != uint64(want+1) || page.Head != (want == 5) {
			t.Errorf("without reply %d: %+v (%v)", drop, page, err)
		}
	}
}

func TestTopicsThatAreTooManyAreReadByAScan(t *testing.T) {
	r := &replica{topics: strings.Split("a x b y a z b", " "), has: []int{7}}
	topics := []string{"a", "b"}
	for i := range maxMerged {
		topics = append(topics, fmt.Sprint("none.", i))
	}
	if got := fmt.Sprint(walk(t, fake(t, r), 4, 2, topics...)); got != "[1 3 5 7]" {
		t.Errorf("the reader sees %s", got)
	}
}

func TestPubAckBecomesAnErrorOfTheContract(t *testing.T) {
	again := errors.New("asked again")
	tests := []struct {
		answer string
		want   error
	}{
		{`{"stream":"S","seq":7}`, nil},
		{`{"stream":"S","seq":7,"duplicate":true}`, nil},
		{`{"stream":"S"}`, again},
		{`{"error":{"code":400,"err_code":10071,"description":"wrong last sequence: 4"}}`, eventlog.ErrConflict},
		{`{"error":{"code":400,"err_code":10054,"description":"message size exceeds maximum allowed"}}`, eventlog.ErrTooLarge},
		{`{"error":{"code":503,"err_code":10023,"description":"insufficient resources"}}`, eventlog.ErrFull},
		{`{"error":{"code":503,"err_code":10077,"description":"maximum bytes exceeded"}}`, eventlog.ErrFull},
		{`{"error":{"code":500,"err_code":10047,"description":"insufficient storage resources available"}}`, eventlog.ErrFull},
		{`{"error":{"code":409,"err_code":10158,"description":"duplicate message id is in process"}}`, again},
		{`{"error":{"code":400,"err_code":10164,"description":"wrong last sequence"}}`, again},
		{`{"error":{"code":503,"err_code":10008,"description":"JetStream system temporarily unavailable"}}`, again},
	}
	for _, test := range tests {
		var a pubAck
		if err := json.Unmarshal([]byte(test.answer), &a); err != nil {
			t.Fatal(err)
		}
		err := a.err()
		if open := new(undecided); errors.As(err, &open) {
			err = again
		}
		if !errors.Is(err, test.want) {
			t.Errorf("%s becomes %v, want %v", test.answer, err, test.want)
		}
	}
}
