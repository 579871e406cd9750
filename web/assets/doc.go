// Package assets serves a program's embedded files to browsers: the built page,
// app.wasm, and its static files, compressed, with addresses that may be cached
// for ever.
//
//	files, err := assets.New(embedded) // an embed.FS with app.wasm and app.css
//	http.Handle(assets.Prefix, files)
//	files.URL("/web/app.css") // /web/app.css?v=0f3a9c1e5b7d2846
//
// # Promises
//
//   - The files never change while the program runs. A binary contains the files
//     it was built with and reads none from a disk.
//   - An address from [Assets.URL] names one content for ever and may be cached as
//     long. The bare address of a file is revalidated each time, and answered 304
//     if nothing changed.
//   - No file is compressed during a request. The wasm is packed when it is built,
//     by web/page; texts of a few kilobytes are packed once, when the program
//     starts. A packed file that does not belong to its file, left over from an
//     older build, is ignored.
//   - There are no directory listings, and requests can only name the files listed
//     at start: paths are looked up, not opened.
//   - New reads and hashes all files, 30 ms for a page of 6 MB, and returns an
//     error for those that cannot be served. Nothing fails later.
//   - Handlers are safe for concurrent use, start no goroutine and need no closing.
//
// A program built before the page still compiles and runs; [Assets.HasApp] then
// reports false.
package assets
