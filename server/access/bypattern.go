package access

import (
	"maps"
	"slices"
)

// ByTopic returns a Rule that asks the one whose pattern matches the topic; the most exact
// one if several do: tokens are compared from the left, and a name comes before *, and *
// before **. A topic that no pattern matches is refused. It panics if a text is no pattern,
// since rules are a part of the program.
func ByTopic(rules map[string]Rule) Rule {
	return byPattern(rules, func(r Right) string { return r.Topic })
}

// ByCommand is [ByTopic] by the name of the command.
func ByCommand(rules map[string]Rule) Rule {
	return byPattern(rules, func(r Right) string { return r.Command })
}

func byPattern(rules map[string]Rule, name func(Right) string) Rule {
	rules = maps.Clone(rules)
	patterns := slices.SortedFunc(maps.Keys(rules), exactness)
	for _, p := range patterns {
		if err := CheckPattern(p); err != nil {
			panic("access: " + err.Error())
		}
	}
	return func(r Right) error {
		for _, p := range patterns {
			key, ok := match(p, name(r))
			if !ok {
				continue
			}
			if rules[p] == nil {
				break
			}
			r.Key = key
			return rules[p](r)
		}
		return Refuse(r)
	}
}
