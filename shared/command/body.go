//go:build !js

package command

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/seawaykit/seaway/shared/fault"
)

// readTime bounds how long a body may take to arrive, if the server has no bound
// of its own.
const readTime = 10 * time.Second

// readJSON returns the body of a request, which must declare JSON and have at most
// limit bytes.
func readJSON(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset, declared := params["charset"]
	if err != nil || media != "application/json" || declared && !strings.EqualFold(charset, "utf-8") {
		return nil, fault.New(fault.UnsupportedMedia, "the content type is not application/json")
	}
	// A test's recorder has no deadlines to set.
	rc := http.NewResponseController(w)
	if !hasDeadline(r) {
		_ = rc.SetReadDeadline(time.Now().Add(readTime))
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if err == nil { // else net/http would wait for the rest without one
		_ = rc.SetReadDeadline(time.Time{})
	}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, fault.New(fault.TooLarge, "the body is larger than %d bytes", limit)
	case err != nil:
		return nil, fault.New(fault.Invalid, "the body ended early")
	case !utf8.Valid(body):
		return nil, fault.New(fault.Invalid, "the body is not UTF-8")
	}
	return body, nil
}

// hasDeadline reports whether the server has set a deadline for the whole request,
// which a later one would extend.
func hasDeadline(r *http.Request) bool {
	server, _ := r.Context().Value(http.ServerContextKey).(*http.Server)
	return server != nil && server.ReadTimeout > 0
}

// decode decodes one JSON value into req, a pointer, and refuses unknown fields: a caller
// whose field is ignored would believe that it was used.
func decode(body []byte, req any) error {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(req); err != nil {
		return explain(err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return fault.New(fault.Invalid, "the body holds more than one JSON value")
	}
	return checkMembers(body, reflect.TypeOf(req))
}

// explain returns the caller's error for a decoder's error.
func explain(err error) error {
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		return fault.Field(wrongType.Field, "the value does not have the right type: it is a JSON %s", wrongType.Value)
	}
	// encoding/json has no type for this error; its text has been stable since
	// Go 1.10, and a test watches it.
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return fault.Field(strings.Trim(name, `"`), "there is no such field")
	}
	return fault.New(fault.Invalid, "the body is not valid JSON")
}
