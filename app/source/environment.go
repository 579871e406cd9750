package source

import "time"

// An Environment is what a page knows besides its stream. The default one is
// the browser's; the package sourcetest has one that tests can change.
type Environment interface {
	// Watch calls fn with each page event until stop. fn does not block and may
	// be called on any goroutine. The source calls stop exactly once.
	Watch(fn func(PageEvent)) (stop func())
	// Online reports whether there may be a network. Browsers that say no are
	// mostly right; those that say yes know little.
	Online() bool
	// Hidden reports whether the page cannot be seen.
	Hidden() bool
	// Now returns the time on the wall clock, which goes on while a laptop
	// sleeps.
	Now() time.Time
}

// A PageEvent is the name of an event by which a browser reports that things may have
// changed.
type PageEvent string

// The page events that a source understands.
const (
	VisibilityChange PageEvent = "visibilitychange" // the page was hidden or can be seen again
	Resume           PageEvent = "resume"           // the browser had frozen the page
	PageShow         PageEvent = "pageshow"         // the page was loaded, or came back from the back/forward cache
	PageHide         PageEvent = "pagehide"         // the page is left; it may come back
	WentOnline       PageEvent = "online"           // there may be a network again
	WentOffline      PageEvent = "offline"          // there is no network
	Focus            PageEvent = "focus"            // the user turned to the page
)
