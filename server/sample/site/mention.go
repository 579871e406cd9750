package site

import (
	"slices"
	"unicode"

	"github.com/seawaykit/seaway/shared/sample/guest"
)

const (
	maxMentions = 10  // how many guests one message can mention
	maxSigns    = 100 // how many @ of a text are looked at
)

// mentioned returns the IDs of the guests that a text mentions: an @ and a
// known name, in any case, at a word boundary on both sides. Names may hold
// spaces: the longest known name counts. All guests of a shared name are
// mentioned.
func mentioned(text string, called func(folded string) []string) (ids []string) {
	letters := []rune(fold(text))
	for i, signs := 0, 0; i < len(letters) && signs < maxSigns && len(ids) < maxMentions; i++ {
		if letters[i] != '@' {
			continue
		}
		if signs++; i > 0 && isWord(letters[i-1]) {
			continue // an address
		}
		for _, id := range longest(letters[i+1:], called) {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids[:min(len(ids), maxMentions)]
}

// longest returns the IDs of the guests with the longest name that the letters
// begin with.
func longest(letters []rune, called func(folded string) []string) []string {
	for n := min(len(letters), guest.MaxName); n > 0; n-- {
		if n < len(letters) && isWord(letters[n-1]) && isWord(letters[n]) {
			continue // in the middle of a word
		}
		if ids := called(string(letters[:n])); ids != nil {
			return ids
		}
	}
	return nil
}

func isWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '_'
}
