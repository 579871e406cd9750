package shape

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
)

// TypeScript returns an exported type for each name, and the name that it has there.
func (d *Document) TypeScript() (text string, names map[string]string) {
	names = d.identifiers()
	var b strings.Builder
	for _, name := range d.names {
		fmt.Fprintf(&b, "export type %s = %s;\n\n", names[name], d.typeScript(d.shapes[name], names, true, ""))
	}
	return b.String(), names
}

// identifiers returns a name of TypeScript for each name: ChatPosted for chat.posted. Of
// two that are equal the second has a number.
func (d *Document) identifiers() map[string]string {
	names, taken := map[string]string{}, map[string]bool{}
	for _, name := range d.names {
		var b strings.Builder
		for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
		id := b.String()
		if id == "" || unicode.IsDigit(rune(id[0])) {
			id = "T" + id
		}
		for n, first := 2, id; taken[id]; n++ {
			id = fmt.Sprint(first, n)
		}
		names[name], taken[id] = id, true
	}
	return names
}

// typeScript returns the type of a shape: by its name, unless it is what is being named.
func (d *Document) typeScript(s *shape, names map[string]string, naming bool, indent string) string {
	if name := d.of[s]; name != "" && !naming {
		return names[name]
	}
	part := func() string { return d.typeScript(s.part, names, false, indent) }
	switch {
	case s.head == "{":
		return d.typeScriptObject(s, names, indent)
	case s.head == "?":
		return orNull(part())
	case s.head == "[":
		return orNull("Array<" + part() + ">")
	case s.head[0] == '[':
		return "Array<" + part() + ">"
	case strings.HasPrefix(s.head, "map["):
		return orNull("Record<string, " + part() + ">")
	case s.head == "base64":
		return orNull("string")
	case s.head == "bool":
		return "boolean"
	case isNumber(s.head):
		return "number"
	case s.head == "string" || s.head == "text" || s.head == "time":
		return "string"
	}
	return "unknown"
}

// orNull adds null to a type, once.
func orNull(t string) string {
	if strings.HasSuffix(t, " | null") {
		return t
	}
	return t + " | null"
}

func (d *Document) typeScriptObject(s *shape, names map[string]string, indent string) string {
	if len(s.fields) == 0 {
		return "Record<string, never>"
	}
	var b strings.Builder
	b.WriteString("{\n")
	for _, m := range s.fields {
		t, question := d.typeScript(m.shape, names, false, indent+"  "), ""
		if m.isQuoted() {
			t = "string"
		}
		if m.isOptional() {
			question = "?"
			if m.shape.isNull() && m.shape.head != "?" {
				t = strings.TrimSuffix(t, " | null")
			}
		}
		key, _ := json.Marshal(m.name) // a string
		fmt.Fprintf(&b, "%s  %s%s: %s;\n", indent, key, question, t)
	}
	return b.String() + indent + "}"
}

// isQuoted reports whether the member is written as a string, whatever it is.
func (m member) isQuoted() bool {
	for _, o := range m.options {
		if o == "string" && (m.shape.head == "bool" || m.shape.head == "string" || isNumber(m.shape.head)) {
			return true
		}
	}
	return false
}

func isNumber(head string) bool { return isWhole(head) || strings.HasPrefix(head, "float") }

func isWhole(head string) bool {
	return head == "uintptr" || strings.TrimRight(strings.TrimPrefix(head, "u"), "0123456789") == "int"
}
