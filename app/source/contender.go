package source

import (
	"slices"
	"time"

	"github.com/seawaykit/seaway/app/transport"
)

// A contender is one transport's connection.
type contender struct {
	side      side
	name      string // of its transport
	release   func()
	since     time.Time          // when it was asked
	held      []transport.Signal // of a stream on trial: what the source has not received
	greetedAt time.Time          // when its hello came, on trial
}

// ask opens the connection of one side, for which receive is called on the race's
// goroutine until the side is dropped.
func (x *race) ask(s side, r transport.Request, receive func(*contender, []transport.Signal)) error {
	e := &contender{side: s, since: time.Now()}
	x.contenders[s] = e // first: a transport may be fast
	release, name, err := x.choice.dial(s, x.phase == alone, r, func(signals ...transport.Signal) {
		copied := slices.Clone(signals)
		x.mail.Put(func() {
			if x.contenders[s] == e {
				receive(e, copied)
			}
		})
	})
	if err != nil {
		x.contenders[s] = nil
		return err
	}
	e.release, e.name = release, name
	return nil
}

// drop gives up one side.
func (x *race) drop(s side) {
	if e := x.contenders[s]; e != nil {
		x.contenders[s] = nil
		e.release()
	}
}
