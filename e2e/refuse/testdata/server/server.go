// Package server is the half that publishes and carries out commands.
package server

import (
	"context"

	"github.com/seawaykit/seaway/e2e/refuse/testdata/contract"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
)

func Routes(mux *command.Mux, log event.Appender) {
	command.Handle(mux, contract.Post, func(ctx context.Context, req contract.PostRequest) (contract.PostReply, error) {
		msg := contract.Message{Author: "Ann", Text: req.Text}
		id, err := contract.Posted.Publish(ctx, log, "room", msg)
		return contract.PostReply{ID: id}, err
	})
}
