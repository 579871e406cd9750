// Command strip leaves out of a wasm that Go has built what maps its code to
// files and lines.
//
//	go run ./web/strip [-o OUT] FILE
//
// OUT is web/build/app.wasm by default, and is written in one step. It should not
// be FILE: the go command would take it for what it built, and not build it again
// for somebody who wants the lines. The linker's flags -s and -w leave these tables in, since the program itself reads them when
// it prints a panic or calls runtime.Caller. They are a twelfth of a packed page.
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
// The table of functions has had one form since Go 1.20. strip fails, in a
// sentence, on a file that has another or is no wasm, and then writes nothing.
// What it leaves out it marks as absent in the way the runtime knows: offset 0.
// A file that has been stripped is not changed again.
//
// The exit status is 1 if something failed and 2 for wrong arguments.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() {
	err := run(os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "strip:", err)
		os.Exit(1)
	}
}

// errUsage says that the arguments were wrong; what was wrong is printed
// already.
var errUsage = errors.New("wrong arguments")

func run(args []string, out, errs io.Writer) error {
	flags := flag.NewFlagSet("strip", flag.ContinueOnError)
	flags.SetOutput(errs)
	to := flags.String("o", "web/build/app.wasm", "where the stripped `file` is written")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return err
	} else if err != nil {
		return errUsage
	}
	if flags.NArg() != 1 {
		flags.Usage()
		return errUsage
	}
	before, err := os.ReadFile(flags.Arg(0))
	if err != nil {
		return err
	}
	after, err := strip(before)
	if err != nil {
		return fmt.Errorf("%s: %w", flags.Arg(0), err)
	}
	fmt.Fprintf(out, "%s: %d bytes without files and lines, %d before\n", *to, len(after), len(before))
	return write(*to, after)
}

// strip returns the wasm without the tables of files and lines.
func strip(wasm []byte) ([]byte, error) {
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

// write writes a file's content beside it first: half a page is none.
func write(file string, content []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(file), ".strip-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // there only if something failed
	_, err = tmp.Write(content)
	if err = errors.Join(err, tmp.Chmod(0o644), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), file)
}
