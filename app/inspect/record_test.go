package inspect

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

type note struct{ N int }

var noted = event.Define[note]("test.noted")

func at(n uint64) event.ID { return event.NewID("e1", n, "key") }

// watched starts a source with a record; the server's side is returned.
func watched(t *testing.T) (*source.Source, *Record, *sourcetest.Transport) {
	server := sourcetest.NewTransport()
	src := source.New(source.Options{Topics: []string{"notes"}, Transport: server, Environment: &sourcetest.Environment{}, Share: source.ShareNever})
	source.On(src, noted, func(event.Of[note]) {})
	src.OnError(func(error) {})
	record := Watch(src)
	if err := src.Start(); err != nil {
		t.Fatal(err)
	}
	return src, record, server
}

func TestRecordReportsEachTrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src, record, server := watched(t)
		conn := server.Next()
		conn.Send(sourcetest.HelloFrom(wire.Hello{Epoch: "e1", Head: at(7), Mode: wire.Live, Build: "b1"}, at(0)))
		for n := range 5 {
			conn.Send(sourcetest.Event(noted, at(uint64(n+1)), note{n}))
		}
		conn.Send(sourcetest.Event(noted, at(5), note{5})) // again
		synctest.Wait()
		r := record.Report(time.Now(), src.State().Position)
		if r.State.Phase != source.Live || r.Lag != 2 || r.Build != "b1" {
			t.Errorf("state %v, %d behind, build %q", r.State.Phase, r.Lag, r.Build)
		}
		if len(r.Types) != 2 || r.Types[1] != (Type{"test.noted", 6, 0.6}) {
			t.Errorf("the types are %v", r.Types)
		}
		if f := r.Frames[0]; f.What != "test.noted" || f.ID != at(5).String() || f.Detail != `{"N":5}` {
			t.Errorf("the newest frame is %+v", f)
		}
		if h := r.History[0]; h.What != "dropped" {
			t.Errorf("the newest of the history is %+v", h)
		}
		conn.Break()
		synctest.Wait()
		if h := record.Report(time.Now(), src.State().Position).History[0]; h.What != "waiting" || !strings.Contains(h.Detail, "lost") {
			t.Errorf("the newest of the history is %+v", h)
		}
		src.Close()
		<-src.Done()
	})
}

func TestRecordIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src, record, server := watched(t)
		conn := server.Next()
		conn.Send(sourcetest.Hello(wire.Live, at(0)))
		for n := range 3 * maxFrames {
			conn.Send(transport.Frame{Name: noted.Name(), LastEventID: at(uint64(n + 1)).String(), Data: strings.Repeat("x", maxData+9)})
		}
		synctest.Wait()
		r := record.Report(time.Now(), src.State().Position)
		if len(r.Frames) != maxFrames || len(r.History) != maxHistory || len(r.Frames[0].Detail) > maxData+4 {
			t.Errorf("%d frames, %d lines of history, %d bytes of a payload", len(r.Frames), len(r.History), len(r.Frames[0].Detail))
		}
		if want := at(3 * maxFrames).String(); r.Frames[0].ID != want {
			t.Errorf("the newest frame is %s, want %s", r.Frames[0].ID, want)
		}
		src.Close()
		<-src.Done()
	})
}

func TestRateIsOfTheLastTenSeconds(t *testing.T) {
	var all counter
	begin := time.Unix(1_000_000, 0)
	for n := range 30 {
		all.count(begin.Add(time.Duration(n) * time.Second))
	}
	for after, want := range map[int]string{29: "1", 32: "0.7", 38: "0.1", 39: "0", 1000: "0"} {
		copied := all
		if got := fmt.Sprint(copied.rate(begin.Add(time.Duration(after) * time.Second))); got != want {
			t.Errorf("after %d s the rate is %s, want %s", after, got, want)
		}
	}
	if all.total != 30 {
		t.Errorf("%d are counted", all.total)
	}
}
