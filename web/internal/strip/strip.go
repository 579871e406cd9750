// Package strip removes the tables of files and lines from a wasm that Go has
// built.
//
//	after, err := strip.Wasm(before)
//
// It also joins the pieces of memory in the file, of which browsers take 100,000 at the
// most, and which packs better.
//
// The linker's flags -s and -w leave these tables in, since the program itself reads
// them when it prints a panic or calls runtime.Caller. They are a twelfth of a packed
// page.
//
// # What a page loses
//
// A trace in the browser's console names the functions, as before, and has ?:0 in
// the place of their files and lines; so has runtime.Caller. Nothing else reads
// the tables. Those that a program needs to run, where its stack's pointers are
// and what was inlined, which recover looks at, stay as they are.
//
// # What is checked
//
// The table of functions has had one form since Go 1.20. Wasm returns an error for
// a file that has another, or is not a wasm. It marks removed tables as absent in
// the way the runtime knows: offset 0. A file that has been stripped is not
// changed again.
package strip

// Wasm returns the wasm without the tables of files and lines.
func Wasm(wasm []byte) ([]byte, error) {
	m, err := parse(wasm)
	if err != nil {
		return nil, err
	}
	image, err := load(m.data)
	if err != nil {
		return nil, err
	}
	t, err := findTable(image)
	if err != nil {
		return nil, err
	}
	if err := t.forgetLines(); err != nil {
		return nil, err
	}
	m.data = store(image)
	return m.encode(), nil
}

// Join returns the wasm with all its tables, and with its memory in as few pieces as
// [Wasm] leaves.
func Join(wasm []byte) ([]byte, error) {
	m, err := parse(wasm)
	if err != nil {
		return nil, err
	}
	image, err := load(m.data)
	if err != nil {
		return nil, err
	}
	m.data = store(image)
	return m.encode(), nil
}
