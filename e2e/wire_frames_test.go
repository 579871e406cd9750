package e2e_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// readFrames reads a stream up to the first frame of a name, or to its end if the name
// is empty. It returns the text as it came.
func readFrames(t *testing.T, stream *bufio.Reader, last string) string {
	t.Helper()
	var text strings.Builder
	for name := ""; ; {
		line, err := stream.ReadString('\n')
		text.WriteString(line)
		if strings.HasPrefix(line, "event: ") {
			name = strings.TrimSpace(strings.TrimPrefix(line, "event: "))
		}
		switch {
		case err != nil && last == "":
			return text.String()
		case err != nil:
			t.Fatalf("the stream ended before %q: %v\n%s", last, err, text.String())
		case line == "\n" && name == last:
			return text.String()
		}
	}
}

func (s *server) openStream(query string) *bufio.Reader {
	s.t.Helper()
	resp, err := http.Get(s.url + "/events?" + query)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { resp.Body.Close() })
	return bufio.NewReader(resp.Body)
}

var (
	anyNumber   = regexp.MustCompile(`^\d+$`)
	anyPosition = regexp.MustCompile(`^[a-z0-9]{1,10}-\d+-[\w-]{4,8}$`)
)

// shapes returns the frames of a stream with their values left out that differ from one
// recording to the next. Of several heartbeats in a row it returns the first.
func shapes(text string) (list []string) {
	for frame := range strings.SplitSeq(strings.TrimSuffix(text, "\n\n"), "\n\n") {
		var lines []string
		for line := range strings.SplitSeq(frame, "\n") {
			field, value, _ := strings.Cut(line, ": ")
			lines = append(lines, field+": "+shapeOf(field, value))
		}
		shape := strings.Join(lines, "\n")
		if n := len(list); n == 0 || list[n-1] != shape || !strings.Contains(shape, "event: heartbeat") {
			list = append(list, shape)
		}
	}
	return list
}

func shapeOf(field, value string) string {
	var object map[string]any
	if field == "data" && json.Unmarshal([]byte(value), &object) == nil {
		return fmt.Sprint("JSON of mode ", object["mode"], " with ", slices.Sorted(maps.Keys(object)))
	}
	words := strings.Fields(value)
	for i, word := range words {
		switch {
		case anyPosition.MatchString(word):
			words[i] = "<position>"
		case anyNumber.MatchString(word):
			words[i] = "<number>"
		}
	}
	return strings.Join(words, " ")
}

func compareFrames(t *testing.T, heading, got string) {
	t.Helper()
	if strings.Contains(got, "\r") {
		t.Errorf("%s: a line ends with CR:\n%q", heading, got)
	}
	written := wireBlock(t, heading, "text")
	if a, b := shapes(got), shapes(written); !slices.Equal(a, b) {
		t.Errorf("%s: the server sends\n%s\n\nand WIRE.md shows\n%s", heading, strings.Join(a, "\n\n"), strings.Join(b, "\n\n"))
	}
}

// The frames that WIRE.md shows are what the program sends today.
func TestWireDocumentShowsTheFramesOfTheProgram(t *testing.T) {
	t.Parallel()
	s := startServer(t, "-heartbeat", "1s", "-max-streams", "1")
	s.postAsWritten("hello")
	stream := s.openStream("topic=room.lobby&last=10")
	begin := readFrames(t, stream, "heartbeat")
	compareFrames(t, "### A stream that is refused", readFrames(t, s.openStream("topic=room.lobby"), ""))
	s.terminate()
	compareFrames(t, "### A stream from its hello to its bye", begin+readFrames(t, stream, ""))
	s.start()
	compareFrames(t, "### A stream that begins with a reset",
		readFrames(t, s.openStream("topic=room.lobby&after=k3x9q2-7-53u6gfJD"), "chat.posted"))
}

// A poll is answered with the frames of the stream, up to a heartbeat.
func TestWireDocumentShowsThePollOfTheProgram(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	s.postAsWritten("hello")
	resp, err := http.Get(s.url + "/poll?topic=room.lobby&last=10&wait=1000")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if got := resp.Header.Get("Content-Type"); got != "text/plain; charset=utf-8" || resp.ContentLength < 0 {
		t.Errorf("the type is %q, and the length %d", got, resp.ContentLength)
	}
	compareFrames(t, "## Polls", readFrames(t, bufio.NewReader(resp.Body), ""))
}
