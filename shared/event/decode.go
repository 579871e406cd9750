package event

import "encoding/json"

// Decode returns the payload of an event of type t, or of a type that t has taken
// the place of by [Upcast]: it converts an older payload. A program that reads a
// log decodes with it whatever it finds:
//
//	for _, e := range page.Events {
//		if m, err := Posted.Decode(e); err == nil {
//			show(m)
//		}
//	}
//
// The error is [ErrOtherType] for an event of any other type, and a [*DecodeError]
// for one that is of the right type and cannot be decoded. Comparing e.Type with
// t.Name instead would miss what the log still holds of the older types.
func (t Type[T]) Decode(e Event) (Of[T], error) { return t.DecodeForm(e.typ, e.Meta(), e.data) }

// DecodeForm is [Type.Decode] for an event of which only type name, meta data and
// payload are at hand, as in a page. Fields that T does not have are ignored, so that a
// page outlives a server that has learnt new ones.
func (t Type[T]) DecodeForm(name string, m Meta, data []byte) (Of[T], error) {
	if t.name == "" {
		return Of[T]{}, &DecodeError{Type: name, ID: m.ID, Data: data, Err: ErrUndefined}
	}
	if !isForm(t.name, name) {
		return Of[T]{}, ErrOtherType
	}
	v, err := t.read(name, data)
	if err != nil {
		return Of[T]{}, &DecodeError{Type: name, ID: m.ID, Data: data, Err: err}
	}
	return Of[T]{ID: m.ID, Topic: m.Topic, At: m.At, Value: v}, nil
}

// read returns the payload of an event of type name, one of t's forms.
func (t Type[T]) read(name string, data []byte) (v T, err error) {
	if name == t.name {
		err = json.Unmarshal(data, &v)
		return v, err
	}
	newest, err := upToDate(t.name, name, data)
	return payload[T](newest), err
}

// isForm reports whether form is name or one of its older forms.
func isForm(name, form string) bool {
	for name != form {
		l := present()[name]
		if l == nil {
			return false
		}
		name = l.older
	}
	return true
}

// upToDate reads a payload of form, an older form of name, as one of name.
func upToDate(name, form string, data []byte) (v any, err error) {
	l := present()[name]
	if l.older == form {
		v, err = l.readOlder(data)
	} else {
		v, err = upToDate(l.older, form, data)
	}
	if err != nil {
		return nil, err
	}
	return l.up(v), nil
}
