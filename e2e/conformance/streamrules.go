package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A follower follows the topic over one transport.
type follower struct {
	target
	open opener
	name string
}

// A streamRule holds for each transport, or for one only.
type streamRule struct {
	name  string
	check func(context.Context, follower) error
	only  string
}

var streamRules = []streamRule{
	{"a hello comes first, within a second", checkHello, ""},
	{"an event comes with position, topic, time and payload", checkEvent, ""},
	{"last=n sends the newest n, in order", checkLast, ""},
	{"a position resumes right after it, each event once", checkResume, ""},
	{"the whole text of an id is a position, and Last-Event-ID wins over after", checkLastEventID, ""},
	{"the position of another log is reset", func(ctx context.Context, f follower) error { return checkReset(ctx, f, "zz9zz9-7-53u6gfJD", "epoch") }, ""},
	{"what is no position is reset", func(ctx context.Context, f follower) error { return checkReset(ctx, f, "what", "id") }, ""},
	{"a command is answered by a reply", checkReply, "socket"},
	{"what is no command closes it with 1008", func(ctx context.Context, f follower) error { return checkClose(ctx, f, "no command", 1008) }, "socket"},
	{"a plain GET is 426", func(ctx context.Context, f follower) error {
		return f.refused(ctx, "GET", "/socket?topic="+f.topic, 426, "upgrade_required")
	}, "socket"},
	{"catchup=1 sends a heartbeat once there is no more", checkCatchUp, ""},
	{"a quiet stream has heartbeats at its interval", checkHeartbeat, ""},
	{"a topic that is named twice is one topic", checkTwoTopics, ""},
}

// query returns the parameters of a stream, with more as pairs.
func (f follower) query(more ...string) url.Values {
	q := url.Values{"topic": {f.topic}}
	for i := 0; i < len(more); i += 2 {
		q.Add(more[i], more[i+1])
	}
	return q
}

// A hello is the data of that frame.
type hello struct {
	frame
	Epoch, Head, Mode, Build string
	Heartbeat                int               `json:"heartbeat_ms"`
	Retry                    int               `json:"retry_ms"`
	Schema                   map[string]string `json:"schema"`
	Time                     time.Time         `json:"time"`
}

// begin opens a stream and reads its hello.
func (f follower) begin(ctx context.Context, lastEventID string, query url.Values) (*stream, hello, error) {
	var h hello
	s, err := f.open(ctx, f.target, query, lastEventID)
	if err != nil {
		return nil, h, err
	}
	first, err := s.next()
	if err == nil && first.event != "hello" {
		err = fmt.Errorf("the first frame is %s", first.event)
	}
	if err == nil {
		err = json.Unmarshal([]byte(first.data), &h)
	}
	h.frame = first
	if err == nil {
		err = h.checkFields()
	}
	if err != nil {
		s.close()
		return nil, h, err
	}
	return s, h, nil
}

func (h hello) checkFields() error {
	switch {
	case h.Epoch == "" || !strings.HasPrefix(h.Head, h.Epoch+"-") || !positions.MatchString(h.Head):
		return fmt.Errorf("hello has the epoch %q and the head %q", h.Epoch, h.Head)
	case !slices.Contains([]string{"live", "resumed", "reset"}, h.Mode):
		return fmt.Errorf("hello has the mode %q", h.Mode)
	case h.Heartbeat <= 0 || h.Retry <= 0 || h.retry != strconv.Itoa(h.Retry):
		return fmt.Errorf("hello has heartbeat_ms %d, retry_ms %d and retry: %s", h.Heartbeat, h.Retry, h.retry)
	case len(h.Schema) == 0 || h.Time.IsZero():
		return fmt.Errorf("hello has %d types and the time %v", len(h.Schema), h.Time)
	case (h.Mode == "reset") == (h.id != ""):
		return fmt.Errorf("hello of the mode %s has the id %q", h.Mode, h.id)
	}
	for name, print := range h.Schema {
		if !fingerprints.MatchString(print) {
			return fmt.Errorf("the fingerprint of %s is %q", name, print)
		}
	}
	return nil
}

func checkHello(ctx context.Context, f follower) error {
	began := time.Now()
	s, h, err := f.begin(ctx, "", f.query())
	if err != nil {
		return err
	}
	defer s.close()
	if took := time.Since(began); took > time.Second+f.slack {
		return fmt.Errorf("it took %v", took)
	}
	if h.Mode != "live" {
		return fmt.Errorf("without a position the mode is %s", h.Mode)
	}
	return nil
}

// collect reads events until one holds the text, which is the last. It checks that
// positions rise and that nothing comes twice.
func collect(s *stream, until string) (events []frame, err error) {
	last := uint64(0)
	for {
		f, err := s.next()
		if err != nil {
			return events, err
		}
		if !f.isEvent() {
			if f.event == "bye" || f.event == "fault" || f.event == "reset" {
				return events, fmt.Errorf("there is a %s: %s", f.event, f.data)
			}
			continue
		}
		n := seq(f.position())
		if n < last || n == last && len(events) > 0 && events[len(events)-1].event == f.event {
			return events, fmt.Errorf("number %d comes after %d", n, last)
		}
		last = n
		events = append(events, f)
		if holds(f.data, until) {
			return events, nil
		}
	}
}

func checkEvent(ctx context.Context, f follower) error {
	s, h, err := f.begin(ctx, "", f.query())
	if err != nil {
		return err
	}
	defer s.close()
	began, sent := time.Now(), text()
	position, err := f.publish(ctx, sent)
	if err != nil {
		return err
	}
	events, err := collect(s, sent)
	if err != nil {
		return fmt.Errorf("the event does not come: %w", err)
	}
	e := events[len(events)-1]
	parts := strings.Split(e.id, " ")
	if len(parts) != 3 || parts[1] != f.topic {
		return fmt.Errorf("the id field is %q, want position, %s and a time", e.id, f.topic)
	}
	ms, err := strconv.ParseInt(parts[2], 10, 64)
	if at := time.UnixMilli(ms); err != nil || at.Sub(began).Abs() > 24*time.Hour {
		return fmt.Errorf("the time of the event is %q", parts[2])
	}
	if position != "" && position != parts[0] {
		return fmt.Errorf("the command was answered with %s, and the event is %s", position, parts[0])
	}
	if h.Schema[e.event] == "" {
		return fmt.Errorf("hello does not have the type %s", e.event)
	}
	return nil
}

// publishThree publishes three events and returns their texts, and their positions as
// the stream has them.
func (f follower) publishThree(ctx context.Context) (texts, positions []string, err error) {
	s, _, err := f.begin(ctx, "", f.query())
	if err != nil {
		return nil, nil, err
	}
	defer s.close()
	for range 3 {
		one := text()
		if _, err := f.publish(ctx, one); err != nil {
			return nil, nil, err
		}
		events, err := collect(s, one)
		if err != nil {
			return nil, nil, err
		}
		texts, positions = append(texts, one), append(positions, events[len(events)-1].position())
	}
	return texts, positions, nil
}

// has checks that events hold exactly the texts, in order.
func has(events []frame, texts []string) error {
	if len(events) != len(texts) {
		return fmt.Errorf("there are %d events, want %d", len(events), len(texts))
	}
	for i, e := range events {
		if !holds(e.data, texts[i]) {
			return fmt.Errorf("event %d of %d is another one: %.200s", i+1, len(texts), e.data)
		}
	}
	return nil
}

func checkLast(ctx context.Context, f follower) error {
	texts, _, err := f.publishThree(ctx)
	if err != nil {
		return err
	}
	s, _, err := f.begin(ctx, "", f.query("last", "2"))
	if err != nil {
		return err
	}
	defer s.close()
	events, err := collect(s, texts[2])
	return errors.Join(err, has(events, texts[1:]))
}

func checkResume(ctx context.Context, f follower) error {
	texts, positions, err := f.publishThree(ctx)
	if err != nil {
		return err
	}
	s, h, err := f.begin(ctx, "", f.query("after", positions[0], "last", "10"))
	if err != nil {
		return err
	}
	defer s.close()
	if h.Mode != "resumed" || h.position() != positions[0] {
		return fmt.Errorf("after %s hello has the mode %s and the id %s", positions[0], h.Mode, h.id)
	}
	more := text()
	if _, err := f.publish(ctx, more); err != nil {
		return err
	}
	events, err := collect(s, more)
	return errors.Join(err, has(events, append(texts[1:], more)))
}

func checkLastEventID(ctx context.Context, f follower) error {
	texts, positions, err := f.publishThree(ctx)
	if err != nil {
		return err
	}
	s, h, err := f.begin(ctx, positions[1]+" "+f.topic+" 1796033482241", f.query("after", positions[0]))
	if err != nil {
		return err
	}
	defer s.close()
	if h.Mode != "resumed" {
		return fmt.Errorf("the mode is %s", h.Mode)
	}
	events, err := collect(s, texts[2])
	return errors.Join(err, has(events, texts[2:]))
}

func checkReset(ctx context.Context, f follower, after, reason string) error {
	texts, _, err := f.publishThree(ctx)
	if err != nil {
		return err
	}
	s, h, err := f.begin(ctx, "", f.query("after", after, "last", "3"))
	if err != nil {
		return err
	}
	defer s.close()
	if h.Mode != "reset" {
		return fmt.Errorf("the mode is %s", h.Mode)
	}
	r, err := s.next()
	var info struct{ Reason string }
	if err != nil || r.event != "reset" || r.id == "" || json.Unmarshal([]byte(r.data), &info) != nil || info.Reason != reason {
		return fmt.Errorf("the second frame is %+v (%v), want a reset with an id and the reason %s", r, err, reason)
	}
	events, err := collect(s, texts[2])
	return errors.Join(err, has(events, texts))
}

func checkCatchUp(ctx context.Context, f follower) error {
	texts, _, err := f.publishThree(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	s, h, err := f.begin(ctx, "", f.query("last", "3", "catchup", "1"))
	if err != nil {
		return err
	}
	defer s.close()
	events, err := collect(s, texts[2])
	if err == nil {
		err = has(events, texts)
	}
	if err != nil {
		return err
	}
	next, err := s.next()
	if half := time.Duration(h.Heartbeat) * time.Millisecond / 2; err != nil || next.event != "heartbeat" || time.Since(began) > half+f.slack {
		return fmt.Errorf("after %v there is %s (%v), want a heartbeat at once", time.Since(began), next.event, err)
	}
	return nil
}

func checkHeartbeat(ctx context.Context, f follower) error {
	s, h, err := f.begin(ctx, "", f.query())
	if err != nil {
		return err
	}
	defer s.close()
	interval := time.Duration(h.Heartbeat) * time.Millisecond
	for began := time.Now(); ; {
		next, err := s.next()
		took := time.Since(began)
		switch {
		case err != nil:
			return err
		case took > interval*5/4+time.Second+f.slack:
			return fmt.Errorf("the stream was silent for %v", took)
		case next.event == "heartbeat":
			return nil
		}
		began = time.Now()
	}
}

func checkTwoTopics(ctx context.Context, f follower) error {
	s, _, err := f.begin(ctx, "", f.query("topic", f.topic)) // the same again
	if err != nil {
		return err
	}
	defer s.close()
	sent := text()
	if _, err := f.publish(ctx, sent); err != nil {
		return err
	}
	events, err := collect(s, sent)
	return errors.Join(err, has(events, []string{sent}))
}
