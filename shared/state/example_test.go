package state_test

import (
	"fmt"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
)

// A Poll counts the votes for each dish.
type Poll struct {
	Votes map[string]int `json:"votes"`
}

type Vote struct {
	Dish string `json:"dish"`
}

var (
	Polls = state.Define[Poll]("poll") // one Poll for each topic poll.<key>
	Voted = state.On(Polls, "poll.voted", func(t *Poll, e event.Of[Vote]) { t.Votes[e.Value.Dish]++ })
)

func ExampleOn() {
	lunch := Polls.New()
	for i, dish := range []string{"soup", "rice", "soup"} {
		draft, _ := Voted.Draft(Polls.Topic("lunch"), Vote{dish})
		e, _ := event.New(event.NewID("k3x9q2", uint64(i+1), dish), draft, time.Now()) // a log does this
		if _, err := Polls.Apply(&lunch, e); err != nil {
			fmt.Println(err)
		}
	}
	data, _ := Polls.Encode(&lunch)
	fmt.Println(string(data))
	// Output: {"votes":{"rice":1,"soup":2}}
}
