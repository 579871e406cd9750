//go:build !js

package command_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"
)

// GreetRequest and GreetReply are compiled into both halves with Greet.
type GreetRequest struct {
	Name string `json:"name"`
}

type GreetReply struct {
	Text string `json:"text"`
}

var Greet = command.Define[GreetRequest, GreetReply]("example.greet")

func ExampleDefine() {
	// On the server: one function, and a hook that authorises callers.
	mux, err := command.NewMux(command.Options{
		Authorize: func(*http.Request, string) (identity string, err error) { return "everybody", nil },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	command.Handle(mux, Greet, func(_ context.Context, r GreetRequest) (GreetReply, error) {
		if r.Name == "" {
			return GreetReply{}, fault.Field("name", "a name is needed")
		}
		return GreetReply{Text: "Hello, " + r.Name + "!"}, nil
	})
	server := httptest.NewServer(mux)
	defer server.Close()

	// In the page, which needs no address.
	reply, err := command.Call(context.Background(), Greet, GreetRequest{Name: "Ann"}, command.To(server.URL))
	fmt.Println(reply.Text, err)

	_, err = command.Call(context.Background(), Greet, GreetRequest{}, command.To(server.URL))
	if refused := new(fault.Error); errors.As(err, &refused) {
		fmt.Println(refused.Code, refused.Field, refused.Message)
	}
	// Output:
	// Hello, Ann! <nil>
	// invalid name a name is needed
}
