package page

import (
	"hash/fnv"
	"strconv"
	"strings"
	"unicode"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/sample/words"
)

// hues is how many colours the style sheet has for avatars.
const hues = 8

// avatar draws a user's avatar: always the same colour, and the first letter of
// the name. The name is beside it for screen readers.
func avatar(id, name string) app.UI {
	return el("span").Class("avatar", "hue-"+strconv.Itoa(hue(id, name))).Aria("hidden", ariaBool(true)).Text(initial(name))
}

// hue picks the colour by the user's id. A program has none, and gets it by name.
func hue(id, name string) int {
	h := fnv.New32a()
	if id == "" {
		id = name
	}
	_, _ = h.Write([]byte(id)) // it never fails
	return int(h.Sum32() % hues)
}

// initial returns the first letter or digit: other characters may be invisible, or
// change the direction of the text that follows.
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

// displayName returns the name to show for a guest who may have none yet.
func displayName(name string, w *words.Words) string {
	if strings.TrimSpace(name) == "" {
		return w.Frame.Guest
	}
	return name
}
