// Package transports is a sample contract: the events and commands of the page
// that compares transports. Replace it with your own.
//
// The page follows one topic by several transports at once. Each request has a
// parameter with the page's random token and the kind of transport, by which the
// server counts the usage of each.
package transports

import (
	"strings"
	"time"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
)

// Topic is what all transports follow. It has events only while a page follows it.
const Topic = "compare"

// A Message is published to be received and counted.
type Message struct {
	From string    `json:"from"` // the server's run, which numbers its own
	N    int       `json:"n"`    // from 1, without gaps
	At   time.Time `json:"at"`   // by the server's clock, before it was stored
}

// Sent is a message, published four times a second and retained for [Retention].
var Sent = event.Define[Message]("compare.pulsed")

// Retention is how long a message can be caught up with.
const Retention = time.Minute

// TransportParam is the query parameter that has a request's [TransportID].
const TransportParam = "lane"

// A Kind is a way to follow the topic.
type Kind string

// The transports that are compared, two that only the browser looks after, and one
// more.
const (
	Poll            Kind = "poll"     // asks every so often
	LongPoll        Kind = "longpoll" // asks, and is kept until there is something
	WebSocket       Kind = "websocket"
	EventSource     Kind = "eventsource"
	BareWebSocket   Kind = "bare_websocket"
	BareEventSource Kind = "bare_eventsource"

	RoundTrip Kind = "talk" // a socket for requests, which would change the other's figures
)

// Kinds are all kinds.
var Kinds = []Kind{Poll, LongPoll, WebSocket, EventSource, BareWebSocket, BareEventSource, RoundTrip}

// MinToken and MaxToken bound a page's token, in characters.
const (
	MinToken = 16
	MaxToken = 64
)

// TransportID returns the value of [TransportParam] for a transport of the page
// with this token.
func TransportID(token string, kind Kind) string { return token + "-" + string(kind) }

// ParseTransportID is the reverse of [TransportID], and refuses other texts.
func ParseTransportID(s string) (token string, kind Kind, ok bool) {
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

// A Usage is what one transport has used so far.
type Usage struct {
	Requests   int  `json:"requests"`
	Upgrades   int  `json:"upgrades"` // requests that left HTTP for another protocol
	Opened     int  `json:"opened"`   // connections, each time that the transport took one over
	Held       int  `json:"held"`     // requests that are open now
	Cut        int  `json:"cut"`      // connections that the server has cut
	BytesKnown bool `json:"counted"`  // whether In and Out are known
	// Bytes of the transport's TCP connections, without the packets' own headers.
	In  int64 `json:"in"`  // from the page
	Out int64 `json:"out"` // to the page
}

// A UsageReport has the usage of a page's transports; one without requests so far
// is missing.
type UsageReport struct {
	At         time.Time      `json:"at"` // the server's clock
	Transports map[Kind]Usage `json:"lanes"`
}

// A Dropped says how many connections were cut.
type Dropped struct {
	Cut int `json:"cut"`
}

// An Echo is returned as it is.
type Echo struct {
	N int `json:"n"`
}

// The commands of the page.
var (
	// GetUsage returns the usage of the page's transports.
	GetUsage = command.Define[Page, UsageReport]("compare.counts")
	// Drop cuts the connections of the page's transports.
	Drop = command.Define[Page, Dropped]("compare.drop")
	// Reply returns its request, to time the round trip.
	Reply = command.Define[Echo, Echo]("compare.echo")
)
