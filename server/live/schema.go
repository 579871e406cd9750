package live

import (
	"context"
	"fmt"
	"io"

	"github.com/seawaykit/seaway/shared/schema"
)

// writeSchema prints the types of the program's events and commands.
func writeSchema(_ context.Context, a arguments, stdout, stderr io.Writer) int {
	write := schema.WriteJSON
	if a.dir == "typescript" {
		write = schema.WriteTypeScript
	}
	if err := write(stdout); err != nil {
		fmt.Fprintf(stderr, "%s: %v\n", a.name, err)
		return 1
	}
	return 0
}
