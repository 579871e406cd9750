package eventlogtest

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// put stores a value over the one with the position prev.
func (t *testCase) put(log eventlog.Log, v eventlog.Value, prev event.ID) {
	t.Helper()
	if err := log.Put(t.Context(), v, prev); err != nil {
		t.Fatal(err)
	}
}

// refusesPut fails unless a Put returns the error.
func (t *testCase) refusesPut(log eventlog.Log, v eventlog.Value, prev event.ID, want error) {
	t.Helper()
	if err := log.Put(t.Context(), v, prev); !errors.Is(err, want) {
		t.Errorf("put %.80q at %s over %s: %v, want %v", v.Name, v.Position, prev, err, want)
	}
}

// holds fails unless the log returns exactly this value.
func (t *testCase) holds(log eventlog.Log, want eventlog.Value) {
	t.Helper()
	got, err := log.Get(t.Context(), want.Name)
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != want.Name || got.Position != want.Position || got.Holds != want.Holds || !bytes.Equal(got.Data, want.Data) {
		t.Fatalf("the value is %s, want %s", sketch(got), sketch(want))
	}
}

// sketch describes a value in a line, however large it is.
func sketch(v eventlog.Value) string {
	return fmt.Sprintf("%.80q at %s (holds: %t) with %d bytes %.20q", v.Name, v.Position, v.Holds, len(v.Data), v.Data)
}

// lacks fails unless there is no value of the name.
func (t *testCase) lacks(log eventlog.Log, name string) {
	t.Helper()
	if v, err := log.Get(t.Context(), name); !errors.Is(err, eventlog.ErrNoValue) {
		t.Errorf("get %.80q: %s, %v, want %v", name, sketch(v), err, eventlog.ErrNoValue)
	}
}

// random returns n bytes that do not compress and are the same each time.
func random(n int) []byte {
	data := make([]byte, 0, n+sha256.Size)
	for i := 0; len(data) < n; i++ {
		sum := sha256.Sum256(fmt.Append(nil, n, i))
		data = append(data, sum[:]...)
	}
	return data[:n]
}

func values(t *testCase) {
	log := t.open(eventlog.Retention{})
	ids := t.fill(log, 3, "a")
	long := strings.Repeat("0123456789.abcde", eventlog.MaxValueName/16-1) + "0123456789_ABCDE"
	for i, size := range []int{0, 1, 64 << 10, 64<<10 + 1, 1 << 20, eventlog.MaxValue} {
		v := eventlog.Value{Name: fmt.Sprint("size.", size), Position: ids[i%3], Data: random(size), Holds: i%2 == 0}
		want := v
		v.Data = bytes.Clone(v.Data)
		t.put(log, v, event.ID{})
		for j := range v.Data {
			v.Data[j] = 'x' // the caller's own again
		}
		t.holds(log, want)
		t.holds(t.peer(log), want)
	}
	for _, name := range []string{long, "Room_1.lobby-2", "a", "a.b", "hold.free", "a.hold.b"} {
		v := eventlog.Value{Name: name, Position: ids[1].Before(), Data: []byte("a\r\n\x00\xff\nb")}
		t.put(log, v, event.ID{})
		t.holds(log, v)
	}
	got, err := log.Get(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	got.Data[0] = 'x'
	t.holds(log, eventlog.Value{Name: "a", Position: ids[1].Before(), Data: []byte("a\r\n\x00\xff\nb")})
	if state := t.state(log); state.Last != 3 {
		t.Errorf("the last number is %d: values take numbers of events", state.Last)
	}
	t.await(log, "1 2 3")
}

func valueExpectations(t *testCase) {
	log := t.open(eventlog.Retention{})
	ids := t.fill(log, 5, "a")
	none := event.ID{}
	at := func(i int) eventlog.Value {
		return eventlog.Value{Name: "v", Position: ids[i], Data: fmt.Append(nil, i), Holds: i == 2}
	}
	t.refusesPut(log, at(1), ids[0], eventlog.ErrConflict)
	t.lacks(log, "v")
	t.put(log, at(1), none)
	t.refusesPut(log, at(2), none, eventlog.ErrConflict)
	t.refusesPut(log, at(2), ids[0], eventlog.ErrConflict)
	t.refusesPut(log, at(2), ids[1].Before(), eventlog.ErrConflict)
	t.holds(log, at(1))
	t.put(log, at(2), ids[1])
	t.put(log, at(3), ids[2])
	t.holds(log, at(3))
	t.refusesPut(log, at(2), ids[3], eventlog.ErrPosition)
	again := at(3)
	again.Data, again.Holds = random(200<<10), true
	t.put(t.peer(log), again, ids[3])
	t.holds(log, again)
	t.put(log, at(4), ids[3])
	t.holds(log, at(4))
	// The name is as free as before.
	if err := log.Delete(t.Context(), "v", ids[3]); !errors.Is(err, eventlog.ErrConflict) {
		t.Errorf("a delete that expects another position: %v", err)
	}
	t.holds(log, at(4))
	for range 2 {
		if err := log.Delete(t.Context(), "v", ids[4]); err != nil {
			t.Errorf("delete: %v", err)
		}
		t.lacks(log, "v")
		t.lacks(t.peer(log), "v")
	}
	t.refusesPut(log, at(4), ids[3], eventlog.ErrConflict)
	t.put(log, at(0), none)
	t.holds(log, at(0))
}
