// Package transports is a sample contract: what the page that compares transports
// and its server say to each other. Replace it with your own.
//
// The page follows one topic in several ways at once, each of which is a lane.
// It names itself by a random token, and its lanes by the token and the way, in
// a parameter of their requests; so the server can tell what each lane costs.
package transports

import (
	"strings"
	"time"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
)

// Topic is what all lanes follow. There are events on it only while somebody
// does.
const Topic = "compare"

// A Pulse is there to be received.
type Pulse struct {
	From string    `json:"from"` // the server's run, which numbers its own
	N    int       `json:"n"`    // from 1, without gaps
	At   time.Time `json:"at"`   // by the server's clock, before it was stored
}

// Pulsed tells a pulse, four times a second. It is gone after [Kept].
var Pulsed = event.Define[Pulse]("compare.pulsed")

// Kept is how long a pulse can be caught up with.
const Kept = time.Minute

// LaneParam is the query parameter that names a request's lane.
const LaneParam = "lane"

// A Kind is a way to follow the topic.
type Kind string

// The lanes that are compared, two that the browser is left alone with, and one
// more.
const (
	Poll            Kind = "poll"     // asks every so often
	LongPoll        Kind = "longpoll" // asks, and is kept until there is something
	WebSocket       Kind = "websocket"
	EventSource     Kind = "eventsource"
	BareWebSocket   Kind = "bare_websocket"
	BareEventSource Kind = "bare_eventsource"

	Talk Kind = "talk" // a socket for questions, which would weigh on the other's figures
)

// Kinds are all there are.
var Kinds = []Kind{Poll, LongPoll, WebSocket, EventSource, BareWebSocket, BareEventSource, Talk}

// MinToken and MaxToken bound a page's token, in characters.
const (
	MinToken = 16
	MaxToken = 64
)

// Lane returns the value of [LaneParam] for a lane of the page with this token.
func Lane(token string, kind Kind) string { return token + "-" + string(kind) }

// ParseLane is the reverse of [Lane], and refuses what it would not return.
func ParseLane(s string) (token string, kind Kind, ok bool) {
	token, name, _ := strings.Cut(s, "-")
	for _, k := range Kinds {
		if string(k) == name {
			return token, k, ValidToken(token)
		}
	}
	return "", "", false
}

// ValidToken reports whether s can be a page's token: letters and digits only,
// and too many to be guessed.
func ValidToken(s string) bool {
	for _, c := range []byte(s) {
		if !('0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z') {
			return false
		}
	}
	return MinToken <= len(s) && len(s) <= MaxToken
}

// A Page names the page that asks.
type Page struct {
	Token string `json:"token"`
}

// A Count is what one lane has cost so far.
type Count struct {
	Requests int  `json:"requests"`
	Upgrades int  `json:"upgrades"` // of them: that left HTTP for another protocol
	Opened   int  `json:"opened"`   // connections that it has used, each time it took one over
	Held     int  `json:"held"`     // requests that are being answered now
	Cut      int  `json:"cut"`      // connections that were cut under it
	Counted  bool `json:"counted"`  // whether In and Out are known
	// Bytes of the lane's TCP connections, without the packets' own headers.
	In  int64 `json:"in"`  // from the page
	Out int64 `json:"out"` // to the page
}

// Counts are those of a page's lanes; one that has asked nothing yet is missing.
type Counts struct {
	At    time.Time      `json:"at"` // the server's clock
	Lanes map[Kind]Count `json:"lanes"`
}

// A Dropped says how many connections were cut.
type Dropped struct {
	Cut int `json:"cut"`
}

// An Echo comes back as it is.
type Echo struct {
	N int `json:"n"`
}

// What the page asks for.
var (
	// CountLanes asks what its lanes have cost.
	CountLanes = command.Define[Page, Counts]("compare.counts")
	// Drop has the connections of its lanes cut.
	Drop = command.Define[Page, Dropped]("compare.drop")
	// Reply has the server send something back.
	Reply = command.Define[Echo, Echo]("compare.echo")
)
