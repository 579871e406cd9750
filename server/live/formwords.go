package live

import "github.com/seawaykit/seaway/shared/fault"

// FormWords are the texts of the page that refuses a form, in one language: see [Form].
type FormWords struct {
	Language        string // tag, as in "en"
	Title           string
	SendAgain, Back string                    // a button, and a link to the page
	Label           func(field string) string // of a field that was filled in
	Reason          func(*fault.Error) string // a sentence
}

var englishForm = FormWords{
	Language: "en", Title: "Not sent", SendAgain: "Send again", Back: "Back to the page", Label: capital,
	Reason: func(e *fault.Error) string { return sentence(e.Message) },
}
