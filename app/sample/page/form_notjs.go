//go:build !js

package page

import (
	"net/http"

	"github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/shared/fault"
)

// FormWords are the texts of the page that refuses a form.
type FormWords struct {
	Language        string
	Title           string
	SendAgain, Back string
	Label           func(field string) string
	Reason          func(*fault.Error) string
}

// FormWordsFor returns the texts in the language of a request.
func FormWordsFor(r *http.Request) FormWords {
	w := words.In(live.RequestLanguage(r, words.Languages()).Tag)
	return FormWords{
		Language: w.Language.Tag, Title: w.Form.Title, SendAgain: w.Form.SendAgain, Back: w.Form.Back,
		Label: func(field string) string {
			if field == authorID {
				return w.Room.YourName
			}
			return w.Room.Text
		},
		Reason: func(e *fault.Error) string { return words.Sentence(w.Language.Words.Refusal(e)) + w.Form.Stop },
	}
}
