package event

// forms returns a name followed by the names of its older forms, newest first.
func forms(name string) []string {
	names := []string{name}
	for l := present()[name]; l != nil; l = present()[l.older] {
		names = append(names, l.older)
	}
	return names
}

// A Form is the payload of an event in one version of its type: a type may have
// predecessors, joined to it by [Upcast], in whose form the event is sent as well.
type Form struct {
	Name string
	Data []byte
}

// OlderForms returns the payload of an event of type name in the types that
// [Upcast] joins to it, the newest first; nil for a type without any, at the
// cost of one look into a map. A form that cannot be made, because the payload is
// not of its type, is left out, and so are the forms older than it.
func OlderForms(name string, data []byte) (older []Form) {
	l := present()[name]
	if l == nil {
		return nil
	}
	v, err := l.readNewer(data)
	for ; err == nil && l != nil; l = present()[l.older] {
		v = l.down(v)
		if data, err = l.writeOlder(v); err == nil {
			older = append(older, Form{l.older, data})
		}
	}
	return older
}

// Forms returns the names under which events of this type are sent: its own, then the
// names of the types that [Upcast] joins to it, newest first.
func (t Type[T]) Forms() []string { return forms(t.name) }

// Forms lists the names under which events of the type of that name are sent: its
// own, then those of the types that [Upcast] joins to it, the newest first.
func Forms(name string) []string { return forms(name) }
