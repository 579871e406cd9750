package event

// forms returns a name and those of its older forms, the newest first.
func forms(name string) []string {
	names := []string{name}
	for l := present()[name]; l != nil; l = present()[l.older] {
		names = append(names, l.older)
	}
	return names
}

// A Form is an event's payload as one of the types that tell it.
type Form struct {
	Name string
	Data []byte
}

// OlderForms returns the payload of an event of type name in the types that
// [Upcast] joins to it, the newest first; nil for a type without any, at the
// cost of one look into a map. A form that cannot be made, since the payload is
// not of its type, is left out, and so are those older than it.
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

// Forms lists the names under which events of this type are told: its own, then
// those of the types that [Upcast] joins to it, the newest first.
func (t Type[T]) Forms() []string { return forms(t.name) }

// DecodeForm is [Type.Decode] for a payload under any of the names of
// [Type.Forms]: an older one is brought up to date.
func (t Type[T]) DecodeForm(name string, id ID, data []byte) (Of[T], error) {
	if name == t.name {
		return t.Decode(id, data)
	}
	v, err := upToDate(t.name, name, data)
	if err != nil {
		return Of[T]{}, &DecodeError{Type: name, ID: id, Data: data, Err: err}
	}
	return Of[T]{id, payload[T](v)}, nil
}

// upToDate reads a payload of form as one of name, which it leads up to.
func upToDate(name, form string, data []byte) (v any, err error) {
	l := present()[name]
	switch {
	case l == nil:
		return nil, ErrUndefined
	case l.older == form:
		v, err = l.readOlder(data)
	default:
		v, err = upToDate(l.older, form, data)
	}
	if err != nil {
		return nil, err
	}
	return l.up(v), nil
}
