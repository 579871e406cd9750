package source

// A group is what a tab has in common with the others that share its stream: a
// channel and a lock.
type group interface {
	// say sends a text to every other member.
	say(text string)
	// seek asks for the lock, in place of an earlier request: to get it in
	// turn, or to take it from whoever has it.
	seek(steal bool, r outcome)
	// leave gives up the lock or the request for it, and closes the channel.
	// It waits until nothing is left.
	leave()
}

// An outcome is told what becomes of a request for the lock. Like the function
// that hears what others say, it does not block and is called on any goroutine,
// also while the request is given up.
type outcome struct {
	granted func()
	lost    func(stolen bool) // after that; or, if not stolen, there are no locks here
}
