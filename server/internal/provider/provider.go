// Package provider is how a package beside server/live serves topics whose values it keeps
// itself, as server/presence does.
package provider

import (
	"context"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/shared/event"
)

// A Provider serves the topics that it owns. Its methods are safe for concurrent use.
type Provider interface {
	// Owns reports whether a topic is the provider's.
	Owns(topic string) bool
	// RuledBy returns the topic whose rule decides about one of the provider's, or false if
	// Rule does.
	RuledBy(topic string) (of string, ok bool)
	// Rule decides about the other topics.
	Rule(access.Right) error
	// Value returns the value of a topic.
	Value(ctx context.Context, topic string) (Value, error)
	// Connect is called for each connection, as Options.OnConnect of package sse.
	Connect(identity string, topics []string) (disconnected func())
	// Run runs beside the server until ctx ends.
	Run(ctx context.Context)
}

// A Value is the value of a topic as JSON, with the fingerprint of its type, and a position:
// all events of the topic up to it are in the value.
type Value struct {
	JSON        []byte
	Fingerprint string
	At          event.ID
}
