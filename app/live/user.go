package live

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/source"
)

// An Identity is who the user is. The zero Identity is anonymous.
type Identity struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// userKey is the localStorage key for the user that the server has named. The page
// cannot read the cookie that proves it. Sites of one host have different ones.
func userKey() string { return prefix() + "seaway-user" }

// maxRefusals is how many streams for a user are tried in a row. Two suffice when
// tabs that were opened at once replaced each other's cookie, and a third when an
// answer was older than that. A browser without cookies gets another identity with
// each request: that would never end.
const maxRefusals = 3

// User returns who the user is, as far as the page knows.
func (p *Page) User() Identity { return p.user }

// IsAnonymous reports whether the page has stopped asking who the user is, because
// the server refuses each identity that it returns.
func (p *Page) IsAnonymous() bool { return p.user.ID == "" && p.refusals >= maxRefusals }

// OnUser registers fn for answers of Identify, also if the answer is the same as
// before or an error, and for calls of SetUser.
func (p *Page) OnUser(fn func(Identity)) { p.users = append(p.users, fn) }

// SetUser sets the user after a change, such as another name. It does not change
// what the page follows.
func (p *Page) SetUser(u Identity) {
	p.setUser(u)
	p.notifyUsers()
}

func (p *Page) notifyUsers() {
	for _, fn := range p.users {
		fn(p.user)
	}
	if p.user.ID != "" || p.IsAnonymous() {
		p.sendHeld()
	}
}

func (p *Page) setUser(u Identity) {
	p.user = u
	p.belong()
	if err := p.view.set(userKey(), u); err != nil {
		app.Log(err)
	}
}

// belong makes the values that are the user's own those of the present one.
func (p *Page) belong() {
	for _, v := range p.values {
		v.belong(p.user.ID)
	}
	p.report()
}

// open opens the stream. With the user of the last page load it does so at once,
// and asks the server meanwhile; without one it has to ask first.
func (p *Page) open() {
	if p.opts.Identify == nil {
		p.belong()
		p.follow()
		return
	}
	p.asking = false // an answer for an earlier mount is dropped
	if err := p.view.get(userKey(), &p.user); err != nil {
		app.Log(err)
	}
	p.belong()
	if p.user.ID != "" {
		p.follow()
	}
	p.ask()
}

// ask asks the server who the user is.
func (p *Page) ask() {
	if p.asking {
		return
	}
	p.asking = true
	p.view.runAsync(func() (then func()) {
		u, err := p.opts.Identify(context.Background())
		return func() { p.identified(u, err) }
	})
}

// identified opens the stream if it was opened for another user, or refused, or
// not opened yet. Without an answer the page follows the public topics.
func (p *Page) identified(u Identity, err error) {
	p.asking = false
	if err != nil {
		app.Log("live: Identify:", err)
	} else {
		p.setUser(u)
	}
	if p.subscription == nil || p.subscription.user != p.user.ID || p.subscription.refused {
		p.follow()
	}
	p.notifyUsers()
}

// identifyAgain asks who the user is when the stream was refused: the cookie may
// be another user's by now.
func (p *Page) identifyAgain(s source.State) {
	sub, refused := p.subscription, s.Phase == source.Refused
	again := sub.refused
	sub.refused = refused
	switch {
	case p.opts.Identify == nil:
	case sub.user != "" && refused && !again:
		p.userRefused()
	case sub.user != "" && s.Phase == source.Live:
		p.refusals = 0
	case s.Phase == source.Live && p.refusals < maxRefusals: // there was no answer before
		p.ask()
	}
}

// userRefused asks again, and after maxRefusals goes on anonymously.
func (p *Page) userRefused() {
	if p.refusals++; p.refusals < maxRefusals {
		p.ask()
		return
	}
	p.setUser(Identity{})
	p.follow()
	p.notifyUsers()
}
