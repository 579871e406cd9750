// Package words is a sample: the texts of its pages, in each language. Replace it with
// your own.
//
// A language is one value of [Words], in a file of its own. The server draws a page in the
// language that its reader asks for, and the browser in the same one: see
// live.PageLanguage. Names of rooms, boards and events are the same in all languages, as
// are texts from users.
package words

import (
	"github.com/seawaykit/seaway/app/inspect"
	"github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/app/livelist"
)

// Words are the texts of all pages in one language. A % stands for what a page puts there:
// see [Fill].
type Words struct {
	Language live.Language
	List     *livelist.Words
	Inspect  *inspect.Words

	Frame     Frame
	Front     Front
	Room      Room
	Form      Form
	Board     Board
	Dashboard Dashboard
	Inbox     Inbox
	Compare   Compare
	Missing   Missing
}

// All are the languages of the pages, the default one first.
var All = []*Words{&English, &Chinese}

// In returns the words of a language, by its tag, or those of the default one.
func In(tag string) *Words {
	for _, w := range All {
		if w.Language.Tag == tag {
			return w
		}
	}
	return All[0]
}

// Languages are the languages of All.
func Languages() (all []live.Language) {
	for _, w := range All {
		all = append(all, w.Language)
	}
	return all
}
