package transports

import (
	"strconv"
	"strings"
	"time"
)

// Dash stands for an unknown figure.
const Dash = "–"

// space keeps a number and its unit on one line.
const space = "\u00a0"

// Whole formats a number with a comma at each thousand.
func Whole(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Millis formats a delay: in milliseconds, or in seconds from ten of them.
func Millis(d time.Duration) string {
	switch {
	case d >= 10*time.Second:
		return decimal(d.Seconds(), "s")
	case d < time.Millisecond:
		return "<" + space + "1" + space + "ms"
	}
	return Whole(int(d.Round(time.Millisecond)/time.Millisecond)) + space + "ms"
}

// Seconds formats a waiting time.
func Seconds(d time.Duration) string { return decimal(d.Seconds(), "s") }

// Size formats a number of bytes.
func Size(n int64) string {
	switch {
	case n >= 1e6:
		return decimal(float64(n)/1e6, "MB")
	case n >= 1e4:
		return decimal(float64(n)/1e3, "kB")
	}
	return Whole(int(n)) + space + "B"
}

func decimal(n float64, unit string) string {
	return strconv.FormatFloat(n, 'f', 1, 64) + space + unit
}

// fill puts the parts in the places of the percent signs. It is a third of what
// fmt.Sprintf takes in wasm, where each argument would have to be boxed.
func fill(template string, parts ...string) string {
	var b strings.Builder
	for _, part := range parts {
		before, after, _ := strings.Cut(template, "%")
		b.WriteString(before)
		b.WriteString(part)
		template = after
	}
	return b.String() + template
}

// times formats how often.
func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return Whole(n) + " times"
}

// plural formats a number of things.
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return Whole(n) + " " + one + "s"
}

// path formats the states of a history.
func (t *StateHistory) path() string {
	var all []string
	for _, s := range t.States {
		all = append(all, strconv.Itoa(s))
	}
	return strings.Join(all, " → ")
}
