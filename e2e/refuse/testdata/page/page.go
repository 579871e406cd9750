// Package page is the half that shows events and sends commands.
package page

import (
	"context"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/e2e/refuse/testdata/contract"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
)

func Show(src *source.Source, show func(author, text string)) {
	source.On(src, contract.Posted, func(e event.Of[contract.Message]) {
		show(e.Value.Author, e.Value.Text)
	})
}

func Say(ctx context.Context, text string) (event.ID, error) {
	reply, err := command.Call(ctx, contract.Post, contract.PostRequest{Text: text})
	return reply.ID, err
}
