package web

import (
	"cmp"
	"strconv"
	"strings"
)

// choose returns the index of the form to answer with: the one whose coding the
// Accept-Encoding lines weigh highest, the earlier of two that weigh the same.
// It returns -1 if the client takes none of them (RFC 9110, section 12.5.3).
func choose(forms []form, lines []string) int {
	weights := weigh(lines)
	best, most := -1, 0.0
	for i, f := range forms {
		if w := weights.of(f.coding); w > most {
			best, most = i, w
		}
	}
	return best
}

// weights are the quality values of an Accept-Encoding header, by coding.
type weights map[string]float64

// unlisted is the weight of the plain form for a client that does not mention
// it: acceptable, but behind everything that was asked for. The smallest weight
// that can be asked for is larger.
const unlisted = 0.0005

func (w weights) of(coding string) float64 {
	if q, listed := w[coding]; listed {
		return q
	}
	if q, any := w["*"]; any {
		return q
	}
	if coding == identity {
		return unlisted
	}
	return 0
}

// weigh reads a header's lines. Elements that it does not understand are left
// out, so that one client's mistake costs it compression and not the page.
func weigh(lines []string) weights {
	w := weights{}
	for element := range strings.SplitSeq(strings.Join(lines, ","), ",") {
		coding, params, _ := strings.Cut(element, ";")
		coding = strings.ToLower(strings.TrimSpace(coding))
		if q, ok := quality(params); ok && coding != "" {
			w[aliases(coding)] = q
		}
	}
	return w
}

// aliases maps the one name that RFC 9110 (section 8.4.1.3) wants treated as
// another.
func aliases(coding string) string {
	if coding == "x-gzip" {
		return "gzip"
	}
	return coding
}

// quality reads ";q=0.5" without its semicolon; nothing at all means 1.
func quality(params string) (q float64, ok bool) {
	params = strings.TrimSpace(params)
	if params == "" {
		return 1, true
	}
	name, value, _ := strings.Cut(params, "=")
	if !strings.EqualFold(strings.TrimSpace(name), "q") {
		return 0, false
	}
	value = strings.TrimSpace(value)
	if strings.Trim(value, "0123456789.") != "" || len(value) > len("0.000") {
		return 0, false
	}
	q, err := strconv.ParseFloat(cmp.Or(value, "none"), 64)
	return q, err == nil && q <= 1
}
