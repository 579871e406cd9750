package refuse_test

// A disagreement is one change of the program and the compiler errors that it must
// cause, by half. A half that is not named must still build.
type disagreement struct {
	name string
	edit edit
	says map[string]string
}

var disagreements = []disagreement{
	{
		"a payload of another type is published",
		edit{"server", "log, \"room\", msg)", "log, \"room\", contract.Other{Text: req.Text})"},
		map[string]string{"server": "as contract.Message value in argument to contract.Posted.Publish"},
	},
	{
		"a pointer to the payload is published",
		edit{"server", "log, \"room\", msg)", "log, \"room\", &msg)"},
		map[string]string{"server": "as contract.Message value in argument to contract.Posted.Publish"},
	},
	{
		"a page listens for another payload",
		edit{"page", "event.Of[contract.Message]", "event.Of[contract.Other]"},
		map[string]string{"page": "does not match inferred type func(event.Of[contract.Message])"},
	},
	{
		"a page listens for the bare payload",
		edit{"page", "e event.Of[contract.Message]", "e contract.Message"},
		map[string]string{"page": "does not match inferred type func(event.Of[contract.Message])"},
	},
	{
		"a page reads a field that the payload does not have",
		edit{"page", "e.Value.Text", "e.Value.Body"},
		map[string]string{"page": "e.Value.Body undefined (type contract.Message has no field or method Body)"},
	},
	{
		"a field of the payload is renamed",
		edit{"contract", "Author string\n\tText ", "Author string\n\tBody "},
		map[string]string{
			"server": "unknown field Text in struct literal of type contract.Message",
			"page":   "e.Value.Text undefined (type contract.Message has no field or method Text)",
		},
	},
	{
		"a field of the payload changes its type",
		edit{"contract", "Author string\n\tText   string", "Author string\n\tText   []string"},
		map[string]string{
			"server": "as []string value in struct literal",
			"page":   "as string value in argument to show",
		},
	},
	{
		"an event is defined with another payload",
		edit{"contract", "event.Define[Message]", "event.Define[Other]"},
		map[string]string{
			"server": "as contract.Other value in argument to contract.Posted.Publish",
			"page":   "does not match inferred type func(event.Of[contract.Other])",
		},
	},
	{
		"an event is removed",
		edit{"contract", `var Posted = event.Define[Message]("refuse.posted")`, ""},
		map[string]string{"server": "undefined: contract.Posted", "page": "undefined: contract.Posted"},
	},
	{
		"a command is handled with another request",
		edit{"server", "req contract.PostRequest", "req contract.Message"},
		map[string]string{"server": "does not match inferred type func(ctx context.Context, req contract.PostRequest)"},
	},
	{
		"a command is answered with another reply",
		edit{"server", "return contract.PostReply{ID: id}, err", "return id, err"},
		map[string]string{"server": "as contract.PostReply value in return statement"},
	},
	{
		"a command is called with another request",
		edit{"page", "contract.PostRequest{Text: text}", "contract.Message{Text: text}"},
		map[string]string{"page": "does not match inferred type contract.PostRequest"},
	},
	{
		"a reply is taken for another",
		edit{"page", "return reply.ID, err", "return reply, err"},
		map[string]string{"page": "as event.ID value in return statement"},
	},
	{
		"a field of the request is renamed",
		edit{"contract", "type PostRequest struct{ Text string }", "type PostRequest struct{ Body string }"},
		map[string]string{
			"server": "req.Text undefined (type contract.PostRequest has no field or method Text)",
			"page":   "unknown field Text in struct literal of type contract.PostRequest",
		},
	},
	{
		"an event is used as a command",
		edit{"page", "ctx, contract.Post,", "ctx, contract.Posted,"},
		map[string]string{"page": "of contract.Posted does not match"},
	},
}
