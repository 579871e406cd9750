// Package web serves the files a browser fetches out of the program itself: the
// built page, app.wasm, and what goes with it. [New] takes a program's own files,
// embedded in it. The sample's are here as well, in static and build: embed.go has
// them and the functions about them, which a program that calls New does not link.
//
// # Promises
//
//   - What is served never changes while the program runs. A binary carries the
//     files it was built with and reads none from a disk.
//   - An address from [Assets.URL] names one content for ever and may be cached as
//     long. The bare address of a file is always checked with the server, which
//     answers 304 if nothing changed.
//   - No file is compressed while somebody waits for it. The wasm is packed when
//     it is built, by web/pack; texts of a few kilobytes are packed once, when
//     the program starts. A packed form that does not belong to its file, left
//     over from an older build, is ignored.
//   - There are no directory listings, and nothing but the files listed at start
//     can be named by a request: paths are looked up, not opened.
//   - Reading the files is done when New returns, and hashing with it, 30 ms for a
//     page of 6 MB. What is wrong with them is its error. Nothing later fails.
//   - Handlers are safe for concurrent use, start no goroutine and need no closing.
//
// A program built before the page still compiles and runs; [Assets.HasApp] then
// reports false.
package web
