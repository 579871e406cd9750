//go:build !js

package livelist_test

import (
	"fmt"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/livelist"
)

type Message struct{ ID, Author, Text string }

func messages() *livelist.List[Message] {
	return livelist.New(livelist.Options[Message]{
		Key: func(m Message) string { return m.ID },
	})
}

func Example() {
	list := messages()
	list.Upsert(Message{"1", "Ann", "Is the new build up?"})
	list.Upsert(Message{"2", "Bob", "Yess"})
	list.Upsert(Message{"2", "Bob", "Yes."}) // Bob has edited it
	for m := range list.All() {
		fmt.Println(m.Author+":", m.Text)
	}
	// Output:
	// Ann: Is the new build up?
	// Bob: Yes.
}

// A message is shown while it is on its way, and when it has failed. Its event ends that,
// whether it comes before the command's reply or after it.
func ExampleList_SetPending() {
	list := messages()
	hello := Message{"3", "Ann", "Hello"}
	list.SetPending([]livelist.Pending[Message]{{Item: hello, Failure: "the server cannot be reached"}})
	for _, p := range list.Pending() {
		fmt.Println(p.Item.Text, "-", p.Failure)
	}
	list.SetPending([]livelist.Pending[Message]{{Item: hello}}) // it is sent again
	list.Upsert(hello)                                          // the event
	fmt.Println(list.Len(), "shown,", len(list.Pending()), "pending")
	// Output:
	// Hello - the server cannot be reached
	// 1 shown, 0 pending
}

func ExampleList_SetAtEnd() {
	list := messages()
	list.SetAtEnd(false) // the reader looks at something else
	list.Upsert(Message{"1", "Ann", "Hello"})
	list.Upsert(Message{"2", "Bob", "Hi"})
	fmt.Println(list.Unread(), "unread, from", list.Divider(), "on")
	list.SetAtEnd(true)
	fmt.Println(list.Unread(), "unread")
	// Output:
	// 2 unread, from 1 on
	// 0 unread
}

func ExampleList_Pause() {
	list := messages()
	list.Pause()
	list.Upsert(Message{"1", "Ann", "Hello"})
	for range list.All() {
		fmt.Println("never shown")
	}
	fmt.Println(list.Held(), "held back")
	list.Resume()
	for m := range list.All() {
		fmt.Println(m.Text)
	}
	// Output:
	// 1 held back
	// Hello
}

type messageRow struct{}

func (messageRow) Draw(m Message, _ livelist.Moment) app.UI {
	return app.P().Body(livelist.Text(m.Author + ": " + m.Text))
}

// A page draws its list in Render. What changes the list is dispatched through
// the page's context.
func ExampleShow() {
	list := messages()
	list.Upsert(Message{"1", "Ann", "<3"})
	ui := livelist.Show(list, messageRow{}, livelist.ViewOptions{Label: "Messages", NoPauseButton: true})
	fmt.Println(parse(app.HTMLString(ui)).texts)
	// Output: [Ann: <3]
}
