package page

import (
	"math"
	"strconv"
)

// A unit formats amounts.
type unit struct {
	one   string // written after the number
	bytes bool   // by powers of 1024
	whole bool   // has no fractions
}

var prefixes = [...]string{"B", "KiB", "MiB", "GiB", "TiB"}

// base returns the factor and the name of the unit for an axis up to v.
func (u unit) base(v float64) (base float64, name string) {
	if !u.bytes {
		return 1, u.one
	}
	base, i := 1.0, 0
	for ; v >= 1024*base && i < len(prefixes)-1; i++ {
		base *= 1024
	}
	return base, prefixes[i] + u.one
}

// split returns an amount as a number of about three digits, and its unit.
func (u unit) split(v float64) (number, name string) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "–", u.one
	}
	base, name := u.base(v)
	return u.number(v / base), name
}

func (u unit) number(v float64) string {
	digits := 2
	switch {
	case u.whole || v >= 100:
		digits = 0
	case v >= 10:
		digits = 1
	}
	return strconv.FormatFloat(v, 'f', digits, 64)
}

// text returns an amount with its unit.
func (u unit) text(v float64) string {
	number, name := u.split(v)
	if name == "" {
		return number
	}
	return number + " " + name
}

// tick formats a round number of an axis, without its unit.
func (u unit) tick(v, base float64) string { return strconv.FormatFloat(round(v/base), 'f', -1, 64) }

// round removes the rounding errors of added steps.
func round(v float64) float64 { return math.Round(v*1e6) / 1e6 }
