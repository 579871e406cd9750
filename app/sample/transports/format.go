package transports

import (
	"strconv"
	"strings"
	"time"

	"github.com/seawaykit/seaway/app/sample/words"
)

// Dash stands for an unknown figure.
const Dash = "–"

// space keeps a number and its unit on one line.
const space = "\u00a0"

// Millis formats a delay: in milliseconds, or in seconds from ten of them.
func Millis(d time.Duration) string {
	switch {
	case d >= 10*time.Second:
		return decimal(d.Seconds(), "s")
	case d < time.Millisecond:
		return "<" + space + "1" + space + "ms"
	}
	return words.Whole(int(d.Round(time.Millisecond)/time.Millisecond)) + space + "ms"
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
	return words.Whole(int(n)) + space + "B"
}

func decimal(n float64, unit string) string {
	return strconv.FormatFloat(n, 'f', 1, 64) + space + unit
}

// times formats how often.
func times(n int, w *words.Found) string {
	switch n {
	case 1:
		return w.Once
	case 2:
		return w.Twice
	}
	return words.Fill(w.Times, words.Whole(n))
}

// path formats the states of a history.
func (t *StateHistory) path() string {
	var all []string
	for _, s := range t.States {
		all = append(all, strconv.Itoa(s))
	}
	return strings.Join(all, " → ")
}
