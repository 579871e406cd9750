// Package live makes a go-app component a live page: it subscribes to states and
// events, draws the first HTML from them, and shows whether the page is live.
//
//	func (h *home) OnInit() {
//		h.page = live.New(live.Options{})
//		h.notes = live.State(h.page, notes.Lists, "all") // h.notes.Now() is its value
//		h.page.Init()
//	}
//	func (h *home) OnMount(ctx app.Context) { h.page.Mount(ctx) }
//	func (h *home) OnDismount()             { h.page.Close() }
//	func (h *home) Render() app.UI          { return h.page.Shell(h.list(), &composer{}) }
//
// [State] is for what the server keeps by live.Serve. A page that needs events alone
// names their Topics, and registers a function for each type by [On].
//
// # Promises
//
// Topics: [Page.Follow] and [Page.Unfollow] change the topics of a page while it
// runs. The other topics are not affected, and the status line does not change.
//
// One goroutine: functions given to [On], [Page.OnReset], [Page.OnState] and
// [Page.OnUser] run on go-app's goroutine, in the order of the log, and may change
// what the component draws. A burst of events is one redraw.
//
// First HTML: [Page.Init] applies the newest [Options].Last events of the page's
// Topics, on the server from the log and in the browser from the page that the
// server drew, and the stream goes on from there: the browser draws first what the
// HTML shows already, and no event is missing or comes twice. A server that cannot
// read its log within a second draws a page without events, which the stream
// fills. A browser whose build would misread the events that the page carries
// ignores them, and its stream begins with the newest events.
//
// Visitors: a page is drawn for the values in its path, see [Routes], and for who looks at
// it, see [User]. One that asks for its user, or has a state or topic that the rules
// refuse to strangers, is private: it is drawn for each request and marked private,
// no-store, and neither the server nor the service worker keeps it. The HTML of every other
// page is the same for all users: only the stream has the user's own topics.
//
// Sign-out: when package session has signed a user out in this browser, the next page that
// is loaded forgets drafts, held forms and pending changes, and older pages of the browser,
// in other tabs or in its back/forward cache, are loaded anew.
//
// States: the events of a state's topic do not count among the newest events. A page
// with states gets those of its other topics by themselves, after a reset and when its
// first HTML has none, so that a busy state leaves room for them.
//
// Kept HTML: the HTML of a page that calls Init and is not private is drawn once for as long as the
// events and states that Init has loaded are unchanged. Each event that was
// acknowledged before a request is in its page. What else a component draws, such as
// the time, or what the server's half reads elsewhere, may be [Site].MaxAge old in the
// HTML. A page is drawn for each request if it does not call Init, could not load
// something, or is asked for with a query.
//
// Mutations: [Do] shows what a mutation would change at once, and sends the mutations of
// a state one after the other. What the server refuses is shown no more, in the redraw
// that reports the refusal.
//
// Start: until the wasm runs, the status line says how much of it has come, and why it
// does not run if it does not. See start.js.
//
// Input: text that was typed before the wasm ran, the focus and the selection are
// kept, for fields that have an id. A field with data-draft="<name>" keeps its text over
// a reload, a crash and a new build: see [Draft] and [Clear]. A form with the field of
// [Page.Key] that was sent before the wasm ran is sent when it does, and by the browser
// where it does not. The update bar never reloads a page by itself
// while a text field holds anything, unless the field has the attribute data-kept.
//
// Identity: with [Options].Identify the page asks the server who the user is, and
// follows the user's own topics. The answer is kept in the browser, so that the
// next page load subscribes at once. If the server refuses the stream, the page
// asks again; after the third refusal in a row the user is anonymous and has what
// is public.
//
// Shutdown: Close ends the stream without waiting, and nothing is called after it.
// Mount goes on from where the page was.
//
// A Page belongs to go-app's goroutine and to one component, which may draw all
// pages of a program. Both halves of a program compile the same calls: on the
// server Mount is never called.
//
// # Look
//
// The styles of the status line, the update bar and go-app's loader are part of
// the sheet that package goapp serves; see there for the custom properties that
// set their colours. --seaway-update-bottom is how far above the lower edge the
// update bar is shown. The class of the shell, seaway-page, comes with one for the
// phase of the stream: see [source.Phase.String].
package live
