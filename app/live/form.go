package live

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/shared/command"
)

// Key draws the hidden field that makes a form the browser's own where the page's program
// does not run: one with method="post", and an action for which the server has a
// live.Form. What is sent before the program runs is held, and sent when it does. The id
// names the form among those of the page.
//
//	app.Form().Method("post").Action("/").OnSubmit(h.write).Body(
//		h.page.Key("key"),
//		app.Input().ID("text").Name("text").DataSet("draft", "note"),
//
// The browser and the program send a form under the same idempotency key, [FormKey], and
// what both have sent is carried out once. The default action of such a form is prevented
// while the program runs.
func (p *Page) Key(id string) app.UI {
	if p.nonce == "" {
		p.nonce = noKey + p.position.String()
	}
	return app.Elem("input").Attr("type", "hidden").Attr("name", "key").ID(goapp.Attr(id)).DataSet("key", "yes").Attr("value", p.nonce)
}

// noKey begins the value of a Key that is none yet. What follows distinguishes views of
// the page: see package server/live.
const noKey = "~"

// FormKey returns the idempotency key under which the form of an event is sent, for
// [DoWithKey]. The next time it is another.
func FormKey(e app.Event) string {
	form := e.Get("target").Call("closest", "form")
	if !form.Truthy() {
		return command.NewIdempotencyKey()
	}
	field := form.Call("querySelector", "input[data-key]")
	if !field.Truthy() {
		return command.NewIdempotencyKey()
	}
	key := field.Get("value").String()
	field.Set("value", noKey)
	if strings.HasPrefix(key, noKey) {
		return command.NewIdempotencyKey()
	}
	return key
}

// WithFormKey sends a call as the form of an event: under its [FormKey].
func WithFormKey(e app.Event) command.CallOption { return command.WithIdempotencyKey(FormKey(e)) }

// A heldForm is one that was sent before the program ran: the id of its Key, and the
// key under which it is sent.
type heldForm struct {
	ID  string `json:"id"`
	Key string `json:"key"`
}

// send sends the form again, to the component that has drawn it now.
func (h *heldForm) send() {
	field := app.Window().GetElementByID(h.ID)
	if !field.Truthy() || !field.Get("form").Truthy() {
		return // the text is a draft
	}
	field.Set("value", h.Key)
	field.Get("form").Call("requestSubmit")
}
