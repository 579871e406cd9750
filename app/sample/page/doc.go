// Package page is a sample: messages, a dashboard, an inbox and a comparison,
// drawn with go-app. Replace it with your own.
//
// The same components run twice. On the server they draw the first HTML from a
// [Snapshot]; in the browser they draw it again from the same snapshot, which
// travels in the page, and then follow the stream from the snapshot's position.
// What the browser draws first is therefore what is already there.
//
// # One stream
//
// All pages of a browser's tab share one: the root component stays when the
// reader goes from page to page, and with it the tab, which holds what is known
// and the source that brings more. What comes is collected on the source's own
// goroutine and handed over once a batch, so that a burst is one redraw; the
// model that it changes knows nothing of browsers and is tested without one.
//
// # What is the reader's own
//
// The server draws a page for whoever asks, so nobody's inbox is in it. Once it
// runs, the page asks who its reader is, opens the stream with the reader's own
// topics in it, and fetches the notices of before. A stream that is refused was
// opened for somebody whom the browser's cookie does not name any more: the page
// asks again who it is, and after three refusals in a row its reader is nobody
// and has what is public. A message that is written is
// shown at once under the ID it will have, stays until the server has it, and
// says so if it was not taken: a text that was typed leaves the page only when
// its writer throws it away.
package page
