// Package schema writes the types of a program's events and commands for clients in
// other languages: as JSON Schema and as TypeScript.
//
//	err := schema.WriteTypeScript(os.Stdout)
//
// It writes what the program has defined: all packages that define events and commands
// must be imported. A program of package live writes them by its command "schema".
//
// The types are those of the JSON. A list, a map and bytes may be null where they have no
// omitempty, since Go writes none of them so. A type with its own MarshalJSON is unknown, and so
// is a request or a reply that has one in it.
// Objects may have more fields than are written: later builds add some.
package schema

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/internal/shape"
)

// WriteJSON writes a JSON Schema, 2020-12. Its definitions are the events' payloads under
// their names, and the requests and replies of commands under theirs with .request and
// .reply appended. "events" and "commands" list the names.
func WriteJSON(w io.Writer) error {
	c, err := collect()
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$defs":   c.JSONSchema(), "events": c.events, "commands": c.commands,
	}, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

// WriteTypeScript writes a type for each payload, and the interfaces Events and Commands
// that find them by name.
func WriteTypeScript(w io.Writer) error {
	c, err := collect()
	if err != nil {
		return err
	}
	text, names := c.TypeScript()
	var b strings.Builder
	b.WriteString("// The events and commands of the server. Generated: do not edit.\n\n" + text + "export interface Events {\n")
	for _, name := range c.events {
		fmt.Fprintf(&b, "  %q: %s;\n", name, names[name])
	}
	b.WriteString("}\n\nexport interface Commands {\n")
	for _, name := range c.commands {
		fmt.Fprintf(&b, "  %q: { request: %s; reply: %s };\n", name, names[name+".request"], names[name+".reply"])
	}
	_, err = io.WriteString(w, b.String()+"}\n")
	return err
}

// A collection is all that the program has defined.
type collection struct {
	*shape.Document
	events, commands []string
}

func collect() (c collection, err error) {
	c.Document, c.events, c.commands = shape.NewDocument(), []string{}, []string{}
	for line := range strings.Lines(event.Schema()) {
		name, description, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if err := c.Add(name, description); err != nil {
			return c, err
		}
		c.events = append(c.events, name)
	}
	types := command.Types()
	for _, name := range slices.Sorted(maps.Keys(types)) {
		for i, part := range []string{"request", "reply"} {
			if err := c.Add(name+"."+part, describe(types[name][i])); err != nil {
				return c, err
			}
		}
		c.commands = append(c.commands, name)
	}
	return c, nil
}

// parted is a type whose JSON is one object with the fields of several.
type parted interface{ JSONParts() []reflect.Type }

// describe returns the description of a request or a reply. One whose JSON cannot be seen
// is anything.
func describe(t reflect.Type) string {
	types := []reflect.Type{t}
	if p, is := reflect.Zero(t).Interface().(parted); is {
		types = p.JSONParts()
	}
	var fields []string
	for _, one := range types {
		d, err := shape.Describe(one)
		if err != nil {
			return "any"
		}
		if len(types) == 1 {
			return d
		}
		if inner := strings.TrimSuffix(strings.TrimPrefix(d, "{"), "}"); inner != "" {
			fields = append(fields, inner)
		}
	}
	return "{" + strings.Join(fields, " ") + "}"
}
