package live

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/seawaykit/seaway/server/eventlog/embedded"
)

// The usages of the commands that a program has beside its server. Each returns an exit
// status: 0 when it is done, 1 when it is not or finds damage, 2 for wrong arguments.
const (
	backupUsage = "backup DIR [-data DIR]"
	checkUsage  = "check [DIR]"
	schemaUsage = "schema json|typescript"
)

// arguments are those of an operator's command.
type arguments struct {
	name, data string
	dir        string // "" if there is none
}

// operate runs an operator's command, if the arguments begin with the name of one.
func (p Program) operate(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) (status int, is bool) {
	if len(args) == 0 {
		return 0, false
	}
	var run func(ctx context.Context, a arguments, stdout, stderr io.Writer) int
	usage := ""
	switch args[0] {
	case "backup":
		run, usage = backup, backupUsage
	case "check":
		run, usage = check, checkUsage
	case "schema":
		run, usage = writeSchema, schemaUsage
	default:
		return 0, false
	}
	a, err := parseArguments(args[1:], getenv)
	if err == nil && args[0] == "backup" && a.dir == "" {
		err = errors.New("a directory for the copy is missing")
	}
	if err == nil && args[0] == "schema" && a.dir != "json" && a.dir != "typescript" {
		err = fmt.Errorf("%q is neither json nor typescript", a.dir)
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(stdout, "Usage: %s %s\n", p.Name, usage)
		return 0, true
	case err != nil:
		fmt.Fprintf(stderr, "%s: %s: %v (usage: %s %s)\n", p.Name, args[0], err, p.Name, usage)
		return 2, true
	}
	a.name = p.Name
	return run(ctx, a, stdout, stderr), true
}

// parseArguments reads one directory, with flags before or after it.
func parseArguments(args []string, getenv func(string) string) (a arguments, err error) {
	set := flag.NewFlagSet("", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.StringVar(&a.data, "data", cmp.Or(getenv("SEAWAY_DATA"), "./data"), "")
	if err = set.Parse(args); err != nil || set.NArg() == 0 {
		return a, err
	}
	a.dir = set.Arg(0)
	if err = set.Parse(set.Args()[1:]); err == nil && set.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q", set.Arg(0))
	}
	return a, err
}

// backup copies the log, which may be open in another process, and prints what the
// copy holds.
func backup(ctx context.Context, a arguments, stdout, stderr io.Writer) int {
	v, err := embedded.Backup(ctx, a.data, a.dir)
	if err != nil {
		fmt.Fprintf(stderr, "%s: %v\n", a.name, err)
		return 1
	}
	fmt.Fprintf(stdout, "%s: %s\n", a.dir, contents(v))
	return 0
}

// check verifies a log, by default that of the server, and prints one line for what is
// damaged.
func check(ctx context.Context, a arguments, stdout, stderr io.Writer) int {
	dir := cmp.Or(a.dir, a.data)
	v, err := embedded.Verify(ctx, dir)
	if err != nil {
		fmt.Fprintf(stderr, "%s: %v\n", a.name, err)
		return 1
	}
	for _, line := range v.Damages {
		fmt.Fprintln(stdout, line)
	}
	if len(v.Damages) > 0 {
		return 1
	}
	fmt.Fprintf(stdout, "%s: whole, %s\n", dir, contents(v))
	return 0
}

func contents(v embedded.Verified) string {
	return fmt.Sprintf("events up to number %d, and %d values, in %d files of %d bytes", v.Last, v.Values, v.Blocks, v.Bytes)
}
