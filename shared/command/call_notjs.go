//go:build !js

package command

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
)

// roundTrip makes one POST and reads the whole answer.
func roundTrip(ctx context.Context, url, key string, body []byte) (status int, reply []byte, err error) {
	if strings.HasPrefix(url, "/") {
		return 0, nil, ErrNoServer
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(IdempotencyKeyHeader, key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	reply, err = io.ReadAll(io.LimitReader(resp.Body, maxReply))
	return resp.StatusCode, reply, err
}

// maxReply bounds what a native caller takes in.
const maxReply = 16 << 20
