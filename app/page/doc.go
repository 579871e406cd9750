// Package page is a sample: the live message list, drawn with go-app. Replace it
// with your own.
//
// The same components run twice. On the server they draw the first HTML from a
// [Snapshot]; in the browser they draw it again from the same snapshot, which
// travels in the page, and then follow the stream from the snapshot's position.
// What the browser draws first is therefore what is already there.
package page
