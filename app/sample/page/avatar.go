package page

import (
	"hash/fnv"
	"strconv"
	"strings"
	"unicode"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// hues is how many colours the style sheet has for people.
const hues = 8

// avatar is a person's mark: the same colour wherever they appear, and the first
// letter of what they are called. The name stands beside it for those who see
// neither.
func avatar(id, name string) app.UI {
	return el("span").Class("avatar", "hue-"+strconv.Itoa(hue(id, name))).Aria("hidden", truth(true)).Text(initial(name))
}

// hue picks the colour by who somebody is. Without an id, as of a program, the
// name has to do.
func hue(id, name string) int {
	h := fnv.New32a()
	if id == "" {
		id = name
	}
	_, _ = h.Write([]byte(id)) // it never fails
	return int(h.Sum32() % hues)
}

// initial returns the first letter or digit: other characters may be invisible,
// or turn the direction of what follows.
func initial(name string) string {
	at := strings.IndexFunc(name, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
	if at < 0 {
		return "·"
	}
	for _, r := range name[at:] {
		return string(unicode.ToUpper(r))
	}
	return "·"
}

// called is what to call somebody who may have no name yet.
func called(name string) string {
	if strings.TrimSpace(name) == "" {
		return "Guest"
	}
	return name
}
