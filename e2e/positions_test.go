package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gosse "github.com/tmaxmax/go-sse"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/vitals"
	"github.com/seawaykit/seaway/shared/wire"
)

// frames reads a stream until more returns false for one of its frames.
func (s *server) frames(query string, more func(gosse.Event) bool) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/events?"+query, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	for e, err := range gosse.Read(resp.Body, nil) {
		if err != nil {
			s.t.Fatalf("the stream of %s: %v", query, err)
		}
		if !more(e) {
			return
		}
	}
	s.t.Fatalf("the stream of %s has ended", query)
}

// ids returns the ids of the first n frames of that name.
func (s *server) ids(query, name string, n int) (ids []event.ID) {
	s.t.Helper()
	s.frames(query, func(e gosse.Event) bool {
		if e.Type == name {
			m, err := event.ParseMeta(e.LastEventID)
			if err != nil {
				s.t.Fatal(err)
			}
			ids = append(ids, m.ID)
		}
		return len(ids) < n
	})
	return ids
}

// comeBack opens the lobby after an id and returns how the stream begins, and
// the lobby's messages up to the one that is awaited.
func (s *server) comeBack(after event.ID, awaited string) (begins string, texts []string) {
	s.t.Helper()
	s.frames("topic=room.lobby&topic=clock&after="+after.String(), func(e gosse.Event) bool {
		switch e.Type {
		case wire.HelloName:
			var hello wire.Hello
			if err := json.Unmarshal([]byte(e.Data), &hello); err != nil {
				s.t.Fatal(err)
			}
			begins = string(hello.Mode)
		case wire.ResetName:
			begins += " " + e.Data
		case chat.Posted.Name():
			var m chat.Message
			if err := json.Unmarshal([]byte(e.Data), &m); err != nil {
				s.t.Fatal(err)
			}
			texts = append(texts, m.Text)
		}
		return len(texts) == 0 || texts[len(texts)-1] != awaited
	})
	return begins, texts
}

// places returns ids of all kinds that a client can come back with: of a message,
// of a tick that a newer one has replaced, and of a heartbeat.
func (s *server) places(text string) map[string]event.ID {
	s.t.Helper()
	posted, err := event.ParseID(s.post("ann", text))
	if err != nil {
		s.t.Fatal(err)
	}
	ticks := s.ids("topic=clock&last=1", vitals.Ticked.Name(), 3)
	return map[string]event.ID{
		"a message":       posted,
		"a replaced tick": ticks[1],
		"a heartbeat":     s.ids("topic=room.quiet", wire.HeartbeatName, 1)[0],
	}
}

// An operator restores an older copy of the data. A client that has seen more than
// it holds is reset, also when the log has grown past that number again and
// whatever the number was of; other clients miss nothing.
func TestRestoredBackupResetsClientsThatHaveSeenMore(t *testing.T) {
	t.Parallel()
	s := startServer(t, "-heartbeat", "1s")
	shared := s.places("shared")
	backup := filepath.Join(t.TempDir(), "copy")
	for _, args := range [][]string{{"backup", backup, "-data", s.data}, {"check", backup}} {
		if out, err := exec.CommandContext(t.Context(), binary, args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v: %s", args, err, out)
		}
	}
	s.terminate()
	s.start()
	lost := s.places("lost")
	for what, id := range shared { // there was a restart, and no more
		if begins, texts := s.comeBack(id, "lost"); begins != "resumed" {
			t.Errorf("after a restart %s begins with %s and %q", what, begins, texts)
		}
	}
	s.kill()
	if err := os.RemoveAll(s.data); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(s.data, os.DirFS(backup)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(s.data, "session.key"), 0o600); err != nil { // which CopyFS opens to all
		t.Fatal(err)
	}
	s.start()
	// Ticks take the numbers again, and are replaced: nothing is left under a number
	// that could show that it was another event's.
	passed := lost["a heartbeat"].Seq() + 2
	s.frames("topic=clock", func(e gosse.Event) bool {
		m, err := event.ParseMeta(e.LastEventID)
		return err != nil || m.ID.Seq() <= passed
	})
	want := []string{"shared", "new"}
	s.post("ann", "new")
	for range 2 {
		for what, id := range lost {
			if begins, texts := s.comeBack(id, "new"); !strings.HasPrefix(begins, "reset {") || !slices.Equal(texts, want) {
				t.Errorf("%s that the copy does not have begins with %s and %q, want a reset and %q", what, begins, texts, want)
			}
		}
		for what, id := range shared {
			if begins, texts := s.comeBack(id, "new"); begins != "resumed" || !slices.Equal(texts, want[1:]) {
				t.Errorf("%s that the copy has begins with %s and %q", what, begins, texts)
			}
		}
		s.kill()
		s.start()
	}
}

// However often the server is stopped or killed, every client resumes.
func TestRestartResetsNoClient(t *testing.T) {
	t.Parallel()
	s := startServer(t, "-heartbeat", "1s")
	known := map[string]event.ID{}
	var want []string
	for i, end := range []func(){func() { s.terminate() }, s.kill, s.kill, func() { s.terminate() }} {
		for what, id := range s.places(fmt.Sprint("message ", i)) {
			known[fmt.Sprintf("%s of life %d", what, i)] = id
		}
		want = append(want, fmt.Sprint("message ", i))
		end()
		s.start()
		s.post("ann", fmt.Sprint("after ", i))
		want = append(want, fmt.Sprint("after ", i))
		for what, id := range known {
			begins, texts := s.comeBack(id, want[len(want)-1])
			if begins != "resumed" || !slices.Equal(texts, want[len(want)-len(texts):]) {
				t.Errorf("after %d restarts %s begins with %s and %q", i+1, what, begins, texts)
			}
		}
	}
	for i, e := range s.events("topic=room.lobby&last=100", len(want)) {
		if id := known[fmt.Sprintf("a message of life %d", i/2)]; i%2 == 0 && !strings.HasPrefix(e.LastEventID, id.String()+" room.lobby ") {
			t.Errorf("message %d has the id %s, and had %s", i, e.LastEventID, id)
		}
	}
}

// All that has left a young log are ticks that newer ones have replaced.
func TestYoungLogResumesFromItsBeginning(t *testing.T) {
	t.Parallel()
	for ticks := 1; ticks <= 4; ticks++ {
		t.Run(fmt.Sprint(ticks), func(t *testing.T) {
			t.Parallel()
			s := startServer(t)
			first := s.ids("topic=room.quiet", wire.HelloName, 1)[0]
			s.ids("topic=clock&last=1", vitals.Ticked.Name(), ticks)
			s.kill()
			s.start()
			for _, id := range []event.ID{first, event.Position(first.Epoch(), 0)} {
				s.frames("topic=room.quiet&after="+id.String(), func(e gosse.Event) bool {
					if !strings.Contains(e.Data, `"mode":"resumed"`) {
						t.Errorf("after %s the stream begins with %s %s", id, e.Type, e.Data)
					}
					return false
				})
			}
		})
	}
}
