package page

// A draft is what the reader has typed into the page before the components took
// it over, and where they were typing.
type draft struct {
	author, text string
	focus        string // the id of the field
	begin, end   int    // of the selection
}

func readDraft() draft {
	d := draft{author: field(authorID).text(), text: field(textID).text()}
	active := document().Get("activeElement")
	if !active.Truthy() {
		return d
	}
	if d.focus = active.Get("id").String(); d.focus == authorID || d.focus == textID {
		d.begin, d.end = active.Get("selectionStart").Int(), active.Get("selectionEnd").Int()
	}
	return d
}

func (d draft) restore() {
	if d.author != "" {
		field(authorID).set(d.author)
	}
	if d.text != "" {
		field(textID).set(d.text)
	}
	if d.focus == "" {
		return
	}
	focusOn(d.focus)
	if d.focus == authorID || d.focus == textID {
		field(d.focus).element().Call("setSelectionRange", d.begin, d.end)
	}
}

// drafts are the texts that the reader has begun to write, by room, while no
// composer holds them.
type drafts map[string]string
