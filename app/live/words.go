package live

import (
	"strconv"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/shared/fault"
)

// Words are the texts that this package shows to users by itself, in one language: of the
// status line, the update bar and errors. A page has those of its [Options]. To have
// them in another language fill all fields.
type Words struct {
	// The status line.
	Connecting, Live, Stale, Offline string
	LivePolling                      string                   // live, in a browser without EventSource
	LiveNoDrafts                     string                   // live, in a browser that keeps nothing
	NoScript                         string                   // where JavaScript is off
	Late                             string                   // after ten seconds, if the script has not come that would say anything
	Waiting                          func(seconds int) string // until the next try to connect
	Refused, OutOfDate, Closed       string                   // a reason may follow, after Colon
	Colon                            string
	Reason                           func(source.Reason) string // "" for none

	// Start are those of the script that starts the program. Default its own, in English.
	Start *StartWords

	// The update bar, and its buttons.
	Update                          string // there is a new version
	UpdateFetching, UpdateTyped     string // this version is too old; until the new one comes, or text is sent
	UpdateSoon, UpdateNow           string
	UpdateStuck                     string
	Reload, ReloadNow, ReloadAnyway string

	// Errors: see [Words.Message].
	Refusal func(*fault.Error) string
	Failed  string // an error that tells nothing
	// Busy is what a client gets in place of a page that the server has no time for.
	Busy string

	// Language names the switch to other languages.
	Language string
}

// StartWords are the texts in the place of the status line while the page's program is
// loaded, and where it does not run. A name in braces stands for a figure, the same as in the
// script's own texts.
type StartWords struct {
	Loading    string `json:"loading"`    // {done} of {all} KB
	Held       string `json:"held"`       // likewise, and what was typed is sent then
	Connecting string `json:"connecting"` // the status line's
	NoWasm     string `json:"noWasm"`
	Blocked    string `json:"blocked"`  // by a policy
	NoScript   string `json:"noScript"` // a script is missing
	Lost       string `json:"lost"`     // the program has not arrived
	Status     string `json:"status"`   // it was answered {status}
	Broken     string `json:"broken"`   // it cannot be started
	Stopped    string `json:"stopped"`
	Off        string `json:"off"` // by go-app
}

// English are the words of a page whose Options have no others.
var English = Words{
	Connecting: "connecting", Live: "live", Stale: "not live: checking the connection", Offline: "offline: waiting for a network",
	LivePolling:  "live, by polling: this browser has no EventSource",
	LiveNoDrafts: "live, but this browser keeps no drafts",
	NoScript:     "Not live: JavaScript is off. Reload to update.",
	Late:         "Not live: a script is missing. Reload to try again.",
	Waiting:      func(seconds int) string { return "reconnecting in " + strconv.Itoa(seconds) + " s" },
	Refused:      "refused", OutOfDate: "out of date", Closed: "closed", Colon: ": ",
	Reason: func(r source.Reason) string { return r.Text },

	Update:         "A new version of this page is there.",
	UpdateFetching: "This version of the page is too old to show what is new. The next one is being fetched.",
	UpdateTyped:    "This version of the page is too old to show what is new. It reloads once what you have written is sent or removed.",
	UpdateSoon:     "This version of the page is too old to show what is new. It reloads in a moment.",
	UpdateNow:      "This version of the page is too old to show what is new. It reloads now.",
	UpdateStuck:    "This version of the page does not fit the server, and reloading has not helped.",
	Reload:         "Reload", ReloadNow: "Reload now", ReloadAnyway: "Reload without it",

	Refusal: func(e *fault.Error) string { return e.Message },
	Failed:  "something went wrong",
	Busy:    "The server is busy. Please try again in a moment.",

	Language: "Language",
}

// Message returns a text about an error of a call: what Refusal makes of the server's
// refusal, or of the error that there was no answer. It is empty for nil.
func (w *Words) Message(err error) string {
	if err == nil {
		return ""
	}
	if e, ok := fault.From(err); ok {
		return w.Refusal(e)
	}
	return w.Failed
}

// because returns a text with the reason for it, if there is one to show.
func (w *Words) because(text string, r source.Reason) string {
	if reason := w.Reason(r); reason != "" {
		return text + w.Colon + reason
	}
	return text
}
