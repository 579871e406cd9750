package tabs

// A Group is what a tab has in common with the others that share its stream: a
// channel and a lock.
type Group interface {
	// Post sends a text to every other member.
	Post(text string)
	// Seek asks for the lock, in place of an earlier request: to get it in
	// turn, or to steal it from the member that has it.
	Seek(steal bool, r Outcome)
	// Leave gives up the lock or the request for it, and closes the channel.
	// It waits until nothing is left.
	Leave()
}

// An Outcome is called with what becomes of a request for the lock. Like the function
// that receives what others post, it does not block and is called on any goroutine,
// also while the request is given up.
type Outcome struct {
	Granted func()
	Lost    func(stolen bool) // after that; or, if not stolen, there are no locks here
}

// soloGroup is the group of a tab that is alone.
type soloGroup struct{}

func (soloGroup) Post(string)        {}
func (soloGroup) Seek(bool, Outcome) {}
func (soloGroup) Leave()             {}
