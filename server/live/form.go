package live

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"mime"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/seawaykit/seaway/server/httpd"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

// maxForm is the size of the largest form, in bytes: that of a command.
const maxForm = 64 << 10

// keyField is the field of a form that has its idempotency key. A page draws it by the
// Key of package app/live.
const keyField = "key"

// Form lets a page's form call a command where the page's program does not run, as in a
// browser without JavaScript: one with method="post", and the page's own path as its
// action. Path is a pattern of [http.ServeMux] without a method.
//
//	live.Form(srv, "/room/{room}", chat.Post, nil)
//
// request makes the command's request of the form: by FormValue and PathValue. nil
// stands for the form's fields, by the names that the request has in JSON, as texts.
// When the command is carried out the browser is sent back to the page (303).
// Otherwise it gets a page with the refusal, and with the form as it was filled in.
//
// Options.Call, the rules of kinds, the limits and the check of origins apply as to any
// call. A form that is sent twice is carried out once, also if the page's program sends it
// as well.
//
// It must be called before s serves.
func Form[Req, Rep any](s *Server, path string, t command.Type[Req, Rep], request func(r *http.Request) (Req, error)) {
	s.form(path, t.Name(), func(r *http.Request) (any, error) {
		if request != nil {
			return request(r)
		}
		fields := map[string]string{}
		for name := range r.PostForm {
			if name != keyField {
				fields[name] = r.PostForm.Get(name)
			}
		}
		return fields, nil
	})
}

// form is apart from Form, since a program has one of those for each command.
func (s *Server) form(path, name string, request func(r *http.Request) (any, error)) {
	if strings.HasSuffix(path, "/") {
		path += "{$}" // that path alone
	}
	s.mux.Handle("POST "+path, s.withIdentity(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		// Another site's page has chosen the text: it is not offered to be sent again.
		if refused := s.origins.Check(r); refused != nil {
			s.refused(r, refused)
			http.Error(w, refused.Message, refused.Status())
			return
		}
		body, refused := readForm(w, r)
		// After it is read, since the user gets it back, and whatever is wrong with it.
		if err := s.limiters.command(r, Identity(r.Context())); err != nil {
			refused, _ = fault.From(err)
		}
		if refused == nil {
			refused = s.callByForm(r, name, request) // which remembers it
		} else {
			s.refused(r, refused)
		}
		if refused != nil {
			s.refuseForm(w, r, body, refused)
			return
		}
		back := r.URL.EscapedPath()
		if key := r.PostForm.Get(keyField); isOwnKey(key) && event.CheckTopic(key) == nil {
			back += "#sent-" + key // the page's script forgets the draft
		}
		http.Redirect(w, r, back, http.StatusSeeOther)
	})))
}

// readForm reads the form into r.PostForm and returns it as it came.
func readForm(w http.ResponseWriter, r *http.Request) (body string, refused *fault.Error) {
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if media != "application/x-www-form-urlencoded" {
		return "", fault.New(fault.UnsupportedMedia, "the content type is not application/x-www-form-urlencoded")
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxForm))
	if err != nil {
		return "", fault.New(fault.TooLarge, "the form is larger than %d bytes, or ended early", maxForm)
	}
	r.Body = io.NopCloser(bytes.NewReader(text))
	if err := r.ParseForm(); err != nil {
		return "", fault.New(fault.Invalid, "the form cannot be read")
	}
	return string(text), nil
}

// callByForm calls the command as a page would.
func (s *Server) callByForm(r *http.Request, name string, request func(r *http.Request) (any, error)) *fault.Error {
	req, err := request(r)
	if err != nil {
		return s.formFault(r, err)
	}
	body, err := json.Marshal(req)
	if err != nil {
		return s.formFault(r, err)
	}
	c := callerOf(r.Context())
	c.counted = true
	call := r.Clone(context.WithValue(r.Context(), callerKey{}, c))
	call.URL.Path, call.URL.RawPath, call.URL.RawQuery = command.PathPrefix+name, "", ""
	call.Body, call.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	call.Header.Set("Content-Type", "application/json")
	call.Header.Del(command.IdempotencyKeyHeader)
	if key := formKey(r); key != "" {
		call.Header.Set(command.IdempotencyKeyHeader, key)
	}
	reply := &formReply{header: http.Header{}, status: http.StatusOK}
	s.commands.ServeHTTP(reply, call)
	if reply.status == http.StatusOK {
		return nil
	}
	var refused fault.Body
	if json.Unmarshal(reply.body.Bytes(), &refused) != nil || refused.Error == nil {
		return fault.New(fault.Internal, "the form was not carried out")
	}
	return refused.Error
}

// formFault returns what the user is told of an error.
func (s *Server) formFault(r *http.Request, err error) *fault.Error {
	e, known := fault.From(err)
	if !known {
		s.opts.Logger.Error("a form was not carried out", "path", r.URL.Path, "err", err)
	}
	s.refused(r, e)
	return e
}

// isOwnKey reports whether a page's script or program has made a key for this form.
// Without one the field has what the page was drawn with: ~ and a position.
func isOwnKey(key string) bool {
	return key != "" && !strings.HasPrefix(key, "~") && event.CheckKey(key) == nil
}

// formKey returns the idempotency key of a form. The one that a page was drawn with is
// the same for all who have seen that page: together with the form and who sends it, it
// is that of one press of the button. Strangers are told apart by what their browsers send;
// two with the same address, browser and languages, who send the same form of the same view of
// a page, are one. A nonce of each view would tell them apart, but pages are cached.
func formKey(r *http.Request) string {
	key := r.PostForm.Get(keyField)
	if key == "" || key == "~" || isOwnKey(key) {
		return strings.TrimPrefix(key, "~")
	}
	h := sha256.New()
	names := slices.Sorted(maps.Keys(r.PostForm))
	parts := append([]string{Identity(r.Context()), r.UserAgent(), r.Header.Get("Accept-Language"), r.URL.Path}, senderOf(r)...)
	for _, name := range names {
		parts = append(parts, append([]string{name}, r.PostForm[name]...)...)
	}
	_ = json.NewEncoder(h).Encode(parts) // a hash takes everything
	return "form-" + hex.EncodeToString(h.Sum(nil)[:16])
}

// senderOf returns what tells a request's client from others: its address, of one that comes
// by a trusted proxy its own, as [httpd.Proxies] has set it. Where it is the address of a
// proxy that is not trusted, what that says counts too: a client that has made it up gets
// another key, which it could as well have sent in the form.
func senderOf(r *http.Request) []string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	said := []string{host}
	if _, known := httpd.Client(r); !known {
		said = append(append(said, r.Header.Values("X-Forwarded-For")...), r.Header.Values("Forwarded")...)
	}
	return said
}

// A formReply holds a command's answer.
type formReply struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements [http.ResponseWriter].
func (f *formReply) Header() http.Header { return f.header }

// WriteHeader implements [http.ResponseWriter].
func (f *formReply) WriteHeader(status int) { f.status = status }

// Write implements [http.ResponseWriter].
func (f *formReply) Write(text []byte) (int, error) { return f.body.Write(text) }
