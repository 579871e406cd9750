// Package wasm builds the page that browsers run: one file, app.wasm, and its
// compressed files beside it.
//
//	err := wasm.Build(ctx, wasm.Options{Package: "./app", Out: "web/build", Work: "bin", Trim: true, Strip: true, Quality: 11}, os.Stdout)
//
// # Promises
//
//   - Each step is printed when it begins and when it is done, and every five seconds
//     between: no step is silent.
//   - app.wasm is replaced atomically, and only if its content changes. The
//     compressed files beside it belong to it, or are removed.
//   - Equal sources and options make equal files, wherever the module is.
//   - The working directory must be in the page's module.
package wasm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/seawaykit/seaway/web/internal/gotool"
	"github.com/seawaykit/seaway/web/internal/pack"
	"github.com/seawaykit/seaway/web/internal/packed"
	"github.com/seawaykit/seaway/web/internal/progress"
	"github.com/seawaykit/seaway/web/internal/strip"
	"github.com/seawaykit/seaway/web/internal/trim"
)

// Name is the file name of the page, in the output directory and on the server.
const Name = "app.wasm"

// Unpacked is the quality of a page that is not packed.
const Unpacked = -1

// Options configure a [Build].
type Options struct {
	Package string // the page
	Out     string // the directory of app.wasm
	Work    string // a directory of the module, for files between the steps
	Trim    bool   // leave out of go-app what the page does not need: see web/internal/trim
	Strip   bool   // leave out files and lines: see web/internal/strip
	Quality int    // of brotli, 0 to 11, or Unpacked
	Budget  int64  // the most bytes of brotli; 0 is no limit
}

// A builder is a running build.
type builder struct {
	Options
	out     io.Writer
	modfile string // what the page is compiled with, go.mod if empty
}

// Build builds the page.
func Build(ctx context.Context, o Options, out io.Writer) error {
	b := &builder{Options: o, out: out}
	if err := errors.Join(os.MkdirAll(o.Out, 0o755), os.MkdirAll(o.Work, 0o755)); err != nil {
		return err
	}
	if o.Trim {
		if err := b.step("trim go-app", func() (string, error) { return b.trim(ctx) }); err != nil {
			return err
		}
	}
	if err := b.step("compile "+o.Package, func() (string, error) { return b.compile(ctx) }); err != nil {
		return err
	}
	if err := b.step("write "+b.file(), b.write); err != nil {
		return err
	}
	if o.Quality == Unpacked {
		return Unpack(b.file())
	}
	return b.step("pack "+b.file(), b.pack)
}

// step does one step, and prints its result.
func (b *builder) step(what string, work func() (string, error)) error {
	var done string
	err := progress.Of(b.out, "page: "+what, func() (err error) {
		done, err = work()
		return err
	})
	if err == nil { // and the progress prints nothing any more
		_, err = fmt.Fprintf(b.out, "page:   %s\n", done)
	}
	return err
}

func (b *builder) trim(ctx context.Context) (string, error) {
	c, err := trim.Page(ctx, b.Package, filepath.Join(b.Work, "goapp"))
	b.modfile = c.Modfile
	return fmt.Sprintf("go-app %s is verified; %s has %d files of it, %d of them new", c.Version, filepath.Join(b.Work, "goapp"), c.Files, c.Written), err
}

// compile writes to the work directory, since the go command would take a file of
// another origin for what it has not built.
func (b *builder) compile(ctx context.Context) (string, error) {
	build := gotool.Build{Command: gotool.Command{Env: gotool.Browser}, Package: b.Package, Output: b.built(), Modfile: b.modfile}
	if err := build.Run(ctx); err != nil {
		return "", err
	}
	info, err := os.Stat(b.built())
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s: %d bytes", b.built(), info.Size()), nil
}

// write writes the page, stripped or as it was compiled.
func (b *builder) write() (string, error) {
	page, err := os.ReadFile(b.built())
	if err != nil {
		return "", err
	}
	how, leave := "with files and lines", strip.Join
	if b.Strip {
		how, leave = "without files and lines", strip.Wasm
	}
	if page, err = leave(page); err != nil {
		return "", fmt.Errorf("%s: %w", b.built(), err)
	}
	return fmt.Sprintf("%d bytes %s", len(page), how), replace(b.file(), page)
}

func (b *builder) pack() (string, error) {
	sizes, err := pack.File(b.file(), b.Quality)
	if err == nil && b.Budget > 0 {
		err = sizes.Within(b.Budget)
	}
	return sizes.String(), err
}

func (b *builder) built() string { return filepath.Join(b.Work, Name) }
func (b *builder) file() string  { return filepath.Join(b.Out, Name) }

// replace replaces a file atomically, unless it has the content already.
func replace(file string, content []byte) error {
	if is, err := os.ReadFile(file); err == nil && bytes.Equal(is, content) {
		return nil
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), ".page-*")
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

// Unpack removes the compressed files of another page, which would only make the
// server larger.
func Unpack(file string) error {
	endings := []string{packed.StampEnding}
	for _, c := range packed.Codings {
		endings = append(endings, c.Ending)
	}
	for _, ending := range endings {
		if err := os.Remove(file + ending); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
