package access

import "github.com/seawaykit/seaway/shared/fault"

// A Rule decides about a right: it returns nil, or a refusal, best a [*fault.Error], whose
// message the user sees.
type Rule func(Right) error

var (
	errTopic    = &fault.Error{Code: fault.Forbidden, Message: "this topic is not public", Field: "topic"}
	errCommand  = fault.New(fault.Forbidden, "you may not do this")
	errStranger = fault.New(fault.Unauthenticated, "sign in first")
)

// Refuse returns the refusal of a right that says no more than that.
func Refuse(r Right) error {
	if r.Action == Call || r.Action == Change {
		return errCommand
	}
	return errTopic
}

// Everyone is a Rule by which everyone has the right, strangers too.
func Everyone(Right) error { return nil }

// Users is a Rule by which everyone has the right whose identity is known.
func Users(r Right) error {
	if r.User == "" {
		return errStranger
	}
	return nil
}

// Own is a Rule by which users have the right to what is called after them: the key is
// their identity.
func Own(r Right) error { return Allow(func(user, key string) bool { return user == key })(r) }

// Allow returns a Rule by which those users have the right for whom may returns true. It is
// not asked for strangers, who are refused.
func Allow(may func(user, key string) bool) Rule {
	return func(r Right) error {
		switch {
		case r.User == "":
			return errStranger
		case !may(r.User, r.Key):
			return Refuse(r)
		}
		return nil
	}
}
