package shape

import "strings"

// A Schema is one of JSON Schema 2020-12.
type Schema = map[string]any

// JSONSchema returns a schema of each name.
func (d *Document) JSONSchema() map[string]Schema {
	all := map[string]Schema{}
	for _, name := range d.names {
		all[name] = d.schema(d.shapes[name], true)
	}
	return all
}

func (d *Document) schema(s *shape, naming bool) Schema {
	if name := d.of[s]; name != "" && !naming {
		return Schema{"$ref": "#/$defs/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)}
	}
	switch {
	case s.head == "{":
		return d.objectSchema(s)
	case s.head == "?":
		return nullable(d.schema(s.part, false))
	case s.head == "[":
		return nullable(Schema{"type": "array", "items": d.schema(s.part, false)})
	case s.head[0] == '[':
		return Schema{"type": "array", "items": d.schema(s.part, false)}
	case strings.HasPrefix(s.head, "map["):
		return nullable(Schema{"type": "object", "additionalProperties": d.schema(s.part, false)})
	case s.head == "base64":
		return nullable(Schema{"type": "string", "contentEncoding": "base64"})
	case s.head == "bool":
		return Schema{"type": "boolean"}
	case isWhole(s.head) && s.head[0] == 'u':
		return Schema{"type": "integer", "minimum": 0}
	case isWhole(s.head):
		return Schema{"type": "integer"}
	case isNumber(s.head):
		return Schema{"type": "number"}
	case s.head == "time":
		return Schema{"type": "string", "format": "date-time"}
	case s.head == "string" || s.head == "text":
		return Schema{"type": "string"}
	}
	return Schema{}
}

func nullable(s Schema) Schema { return Schema{"anyOf": []any{s, Schema{"type": "null"}}} }

// objectSchema lets an object have more than is known: types gain fields.
func (d *Document) objectSchema(s *shape) Schema {
	properties, required := Schema{}, []string{}
	for _, m := range s.fields {
		if properties[m.name] = d.schema(m.shape, false); m.isQuoted() {
			properties[m.name] = Schema{"type": "string"}
		}
		if !m.isOptional() {
			required = append(required, m.name)
		}
	}
	return Schema{"type": "object", "properties": properties, "required": required}
}
