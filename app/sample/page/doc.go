// Package page is a sample: messages, a dashboard, an inbox and a comparison,
// drawn with go-app. Replace it with your own.
//
// The same components run twice. On the server they draw the first HTML from states
// and events; in the browser they draw it again from the same ones, which travel in
// the page, and then follow the stream from there: see package live. What the browser
// draws first is therefore what is already there. A room and an inbox are states,
// folded by the functions of the contract; the clock, the vital signs and the guests
// who are present are events.
//
// # One stream
//
// All pages of a browser's tab share one stream: the root component stays when the
// user goes from page to page, and with it the session, which has the state of the
// pages and the [live.Page] that updates it. The model that events change does not
// depend on a browser and is tested without one.
//
// # What belongs to the user
//
// The server draws the same page for all users, without their inboxes. Once it runs,
// the page asks the server who its user is, and opens the stream with the user's own
// inbox in it: see package live. A new message is shown at once under its final ID, as
// pending until the server has it, and as failed if the server refuses it: only the
// user discards it.
package page
