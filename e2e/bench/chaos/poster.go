package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"
)

// As package shared/command does it: its callers are who must not lose a post.
const (
	callTime = 90 * time.Second // for a post with all its retries; a key is known for 120 s
	tryTime  = 15 * time.Second
)

// errRefused says that a post was refused for good.
var errRefused = errors.New("the post was refused")

// A poster writes one post after the other, each with a key of its own.
type poster struct {
	name    string
	url     string // of the server
	client  *http.Client
	chance  *rand.Rand
	checker *checker

	sent, retries, givenUp int
}

// post writes posts until quit is closed.
func (p *poster) post(ctx context.Context, quit <-chan struct{}) {
	for {
		pause := time.NewTimer(upTo(p.chance, 150*time.Millisecond))
		select {
		case <-quit:
			pause.Stop()
			return
		case <-ctx.Done():
			pause.Stop()
			return
		case <-pause.C:
		}
		room := roomNames[p.chance.IntN(len(roomNames))]
		p.one(ctx, room, fmt.Sprintf("%s-%d", p.name, p.sent), p.chance.IntN(50) == 0)
	}
}

// one writes one post. A careless poster tries once and never asks what became
// of it.
func (p *poster) one(ctx context.Context, room, text string, careless bool) {
	p.sent++
	p.checker.send(room, text)
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	for {
		id, err := p.try(ctx, room, text)
		switch {
		case err == nil:
			p.checker.acknowledge(text, id)
			return
		case errors.Is(err, errRefused):
			p.checker.violate("post %q: %v", text, err)
			return
		case careless:
			p.givenUp++
			return
		}
		select {
		case <-time.After(100*time.Millisecond + upTo(p.chance, 400*time.Millisecond)):
			p.retries++
		case <-ctx.Done():
			p.checker.violate("post %q was not acknowledged within %v: %v", text, callTime, err)
			return
		}
	}
}

// try makes one request. The text is the idempotency key as well.
func (p *poster) try(ctx context.Context, room, text string) (id string, err error) {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	body, err := json.Marshal(map[string]string{"room": room, "author": p.name, "text": text})
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+"/commands/chat.post", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", text)
	resp, err := p.client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", err
	}
	return readAnswer(resp.StatusCode, answer)
}

// readAnswer returns the id, or an error that wraps errRefused if another try is
// of no use.
func readAnswer(status int, body []byte) (id string, err error) {
	var reply struct {
		ID    string
		Error struct{ Retry bool }
	}
	if err := json.Unmarshal(body, &reply); err != nil {
		return "", fmt.Errorf("status %d: %w", status, err)
	}
	switch {
	case status == http.StatusOK:
		return reply.ID, nil
	case reply.Error.Retry || status == http.StatusServiceUnavailable:
		return "", fmt.Errorf("status %d: %s", status, body)
	}
	return "", fmt.Errorf("%w with status %d: %s", errRefused, status, body)
}

// upTo returns a time from 0 to d.
func upTo(chance *rand.Rand, d time.Duration) time.Duration {
	return time.Duration(chance.Int64N(int64(d)))
}
