package interop_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gosse "github.com/tmaxmax/go-sse"

	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/app/transport/transporttest"
)

// names are what the texts' frames are called, and what is listened for.
var names = []string{"a", "message", "chat.posted", "é: x", "\u2028"}

// texts returns streams with what a server of the kit may write: frames of one
// id, one name and data without CR. The first are those that are remembered.
func texts() (all []string) {
	all = []string{frame("1", "a", "x\n\ny"), frame("e1-7-abc", "message", "")}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 20 {
		var b strings.Builder
		for range 100 {
			data := letters(random)
			if i%2 == 0 {
				data += "\x00" + letters(random)
			}
			b.WriteString(frame("i"+strings.ReplaceAll(letters(random), "\n", ""), names[random.IntN(len(names))], data))
		}
		all = append(all, b.String())
	}
	return all
}

func frame(id, name, data string) string {
	return "id: " + id + "\nevent: " + name + "\ndata: " + strings.ReplaceAll(data, "\n", "\ndata: ") + "\n\n"
}

// letters returns a random text of what parsers have tripped over.
func letters(random *rand.Rand) string {
	pieces := []string{"a", " ", ":", "\n", "\n\n", "data: ", "id", "event:", "retry: 1", "\ufeff", "\u2028", "\u0085", "\t", "\x0b", "é", "😀", `{"a":1}`}
	var b strings.Builder
	for range random.IntN(12) {
		b.WriteString(pieces[random.IntN(len(pieces))])
	}
	return b.String()
}

// another reads a text with the other parser.
func another(t *testing.T, text string) (frames []transport.Frame) {
	t.Helper()
	for e, err := range gosse.Read(strings.NewReader(text), &gosse.ReadConfig{MaxEventSize: 1 << 20}) {
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		frames = append(frames, transport.Frame{Name: e.Type, Data: e.Data, LastEventID: e.LastEventID})
	}
	return frames
}

// receive returns the frames that a transport makes of an answer with the text.
func receive(t *testing.T, over transport.Transport, url string) (frames []transport.Frame) {
	t.Helper()
	signals := make(chan transport.Signal, 1000)
	release, err := over.Open(transport.Request{URL: url, Names: names}, func(batch ...transport.Signal) {
		for _, s := range batch {
			signals <- s
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	limit := time.After(2 * time.Minute)
	for {
		select {
		case s := <-signals:
			switch s.Kind {
			case transport.FrameArrived:
				frames = append(frames, s.Frame)
			case transport.ConnectionFailed:
				return frames
			}
		case <-limit:
			t.Fatalf("the answer does not end after %d frames", len(frames))
		}
	}
}

// What brings a page its frames reads them as the other parser does: the
// browser's own EventSource, and the kit's parser behind polls and WebSockets.
func TestTransportsReadWhatAnotherParserReads(t *testing.T) {
	for i, text := range texts() {
		srv := transporttest.Serve(t, transporttest.Answer{Parts: []string{text}, Then: transporttest.Finish})
		want := another(t, text)
		if len(want) != strings.Count(text, "\n\nid: ")+1 {
			t.Fatalf("%d frames in %q", len(want), text)
		}
		transports := []transport.Transport{transport.LongPoll{URL: srv.URL}, &transport.WebSocket{URL: srv.URL}}
		if !strings.Contains(text, "\x00") { // Firefox's EventSource leaves it out; JSON holds none
			transports = append(transports, transport.EventSource{})
		}
		for _, over := range transports {
			got := receive(t, over, srv.URL)
			if !slices.Equal(got, want) {
				t.Errorf("text %d by %T: %s", i, over, difference(got, want))
			}
		}
	}
}

// difference names the first frame that is another.
func difference(got, want []transport.Frame) string {
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			return fmt.Sprintf("frame %d is %q, want %q", i, got[i], want[i])
		}
	}
	return fmt.Sprintf("%d frames, want %d", len(got), len(want))
}
