package live

import (
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"
)

//go:embed form.html
var formHTML string

//go:embed form.css
var formStyle string

var formPage = template.Must(template.New("form").Parse(formHTML))

// formPolicy lets a refused form have its own style, and be sent again.
var formPolicy = func() string {
	sum := sha256.Sum256([]byte(formStyle))
	return "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; " +
		"style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}()

// A formField is one that the user has filled in.
type formField struct{ Name, Label, Value string }

// refuseForm answers with a page that has the reason, and the form as it was sent.
func (s *Server) refuseForm(w http.ResponseWriter, r *http.Request, body string, refused *fault.Error) {
	words := &englishForm
	if s.opts.FormWords != nil {
		words = s.opts.FormWords(r)
	}
	key := r.PostForm.Get(keyField)
	if refused.Code == fault.KeyReused {
		key = command.NewIdempotencyKey()
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Language", words.Language)
	header.Set("Content-Security-Policy", formPolicy)
	header.Set("Referrer-Policy", "same-origin")
	if refused.Retry {
		header.Set("Retry-After", "1")
	}
	w.WriteHeader(refused.Status())
	// A client that has gone needs no page.
	_ = formPage.Execute(w, struct {
		Words             *FormWords
		Reason, Path, Key string
		Style             template.CSS
		Fields            []formField
	}{words, words.Reason(refused), s.site.path(r.URL.EscapedPath()), key, template.CSS(formStyle), formFields(r, body, words)})
}

// formFields returns the fields but for the key, in the order in which they came.
func formFields(r *http.Request, body string, words *FormWords) (fields []formField) {
	for name := range r.PostForm {
		if name != keyField {
			fields = append(fields, formField{name, words.Label(name), r.PostForm.Get(name)})
		}
	}
	place := func(f formField) int { return strings.Index("&"+body, "&"+f.Name+"=") }
	slices.SortFunc(fields, func(a, b formField) int { return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.Name, b.Name)) })
	return fields
}

// sentence makes one of a fault's message.
func sentence(message string) string { return capital(strings.TrimSuffix(message, ".")) + "." }

func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return text
	}
	return string(unicode.ToUpper(first)) + text[size:]
}
