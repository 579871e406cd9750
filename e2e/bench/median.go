package main

import "slices"

// medians collects the values of rounds, and has the median of each figure.
type medians struct {
	order []figure
	of    map[figure][]float64
}

// add adds the value of one round.
func (m *medians) add(server, what string, value float64) {
	key := figure{Server: server, What: what}
	if m.of == nil {
		m.of = map[figure][]float64{}
	}
	if _, known := m.of[key]; !known {
		m.order = append(m.order, key)
	}
	m.of[key] = append(m.of[key], value)
}

// figures returns the medians, in the order in which they were first added.
func (m *medians) figures() []figure {
	all := slices.Clone(m.order)
	for i := range all {
		values := slices.Sorted(slices.Values(m.of[all[i]]))
		all[i].Value = values[len(values)/2]
	}
	return all
}
