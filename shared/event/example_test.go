package event_test

import (
	"context"
	"fmt"

	"github.com/seawaykit/seaway/shared/event"
)

// A Reading is what a thermometer says. The definition is compiled into the
// server, which publishes it, and into the page, which shows it.
type Reading struct {
	Degrees float64 `json:"degrees"`
}

var Measured = event.Define[Reading]("example.measured")

// oneEvent stands in for a log.
type oneEvent struct{ draft event.Draft }

func (l *oneEvent) Append(_ context.Context, d event.Draft) (event.ID, error) {
	l.draft = d
	return event.NewID("k3x9q2", 1, "first"), nil
}

func ExampleDefine() {
	log := &oneEvent{}

	// On the server.
	id, err := Measured.Publish(context.Background(), log, "house.kitchen", Reading{21.5})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(id, log.draft.Type, string(log.draft.Data))

	// In the page, with what the stream carried.
	e, err := Measured.DecodeForm(log.draft.Type, event.Meta{ID: id, Topic: log.draft.Topic}, log.draft.Data)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(e.Topic, e.Value.Degrees)
	// Output:
	// k3x9q2-1-_G4Q example.measured {"degrees":21.5}
	// house.kitchen 21.5
}

// A Temperature is what the next release calls a Reading. What was Degrees is
// in tenths, which pages of the last release would misread.
type Temperature struct {
	Tenths int `json:"tenths"`
}

var MeasuredV2 = event.Define[Temperature]("example.measured.v2")

func init() {
	event.Upcast(Measured, MeasuredV2,
		func(r Reading) Temperature { return Temperature{int(r.Degrees * 10)} },
		func(t Temperature) Reading { return Reading{float64(t.Tenths) / 10} })
}

func ExampleUpcast() {
	// The server publishes the new type; a page of the last release is told
	// the old one.
	for _, form := range event.OlderForms("example.measured.v2", []byte(`{"tenths":215}`)) {
		fmt.Println(form.Name, string(form.Data))
	}
	// A page that follows the new type hears of events that were published
	// before there was one.
	e, err := MeasuredV2.DecodeForm("example.measured", event.Meta{ID: event.NewID("k3x9q2", 1, "first"), Topic: "house.cellar"}, []byte(`{"degrees":9.5}`))
	fmt.Println(e.Topic, e.Value.Tenths, err)
	// Output:
	// example.measured {"degrees":21.5}
	// house.cellar 95 <nil>
}
