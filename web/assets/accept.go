package assets

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Negotiate returns the content coding that the request's Accept-Encoding prefers:
// the earlier of two that weigh the same, or "identity" if it accepts none of them
// (RFC 9110, section 12.5.3). It is for handlers that compress generated answers;
// the handler of [Assets] negotiates its files by the same rule.
func Negotiate(header http.Header, codings ...string) string {
	codings = append(slices.Clone(codings), identity)
	if i := preferred(codings, header.Values("Accept-Encoding")); i >= 0 {
		return codings[i]
	}
	return identity
}

// negotiate returns the index of the encoding to answer with, or -1 if the client
// accepts none of them.
func negotiate(encodings []encoding, lines []string) int {
	codings := make([]string, len(encodings))
	for i, f := range encodings {
		codings[i] = f.coding
	}
	return preferred(codings, lines)
}

// preferred returns the index of the coding with the highest weight in the
// Accept-Encoding lines, the earlier of two that weigh the same, or -1.
func preferred(codings, lines []string) int {
	weights := parseWeights(lines)
	best, most := -1, 0.0
	for i, coding := range codings {
		if w := weights.of(coding); w > most {
			best, most = i, w
		}
	}
	return best
}

// weights are the quality values of an Accept-Encoding header, by coding.
type weights map[string]float64

// unlisted is the weight of the plain encoding for a client that does not mention
// it: acceptable, but after everything that was asked for. The smallest weight
// that can be sent is larger.
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

// parseWeights parses the header's lines. Elements that it does not understand are
// left out, so that a client's mistake costs it compression and not the page.
func parseWeights(lines []string) weights {
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

// aliases returns the other name of the one coding for which RFC 9110 (section
// 8.4.1.3) has two.
func aliases(coding string) string {
	if coding == "x-gzip" {
		return "gzip"
	}
	return coding
}

// quality parses ";q=0.5" without its semicolon. Nothing means 1.
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
