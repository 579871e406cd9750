package gotool

import "context"

// A Build builds a program as small as the linker can make it. Equal sources make
// an equal file wherever they are.
type Build struct {
	Command
	Package string
	Output  string // the file
	Modfile string // instead of go.mod, if not empty
}

// Run builds the program. The error is an [*Error] if the sources are at fault.
func (b Build) Run(ctx context.Context) error {
	args := []string{"build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", b.Output}
	if b.Modfile != "" {
		args = append(args, "-modfile="+b.Modfile)
	}
	_, err := b.Command.Output(ctx, append(args, b.Package)...)
	return err
}
