package source

// LongPoll asks again and again for what is new.
type LongPoll struct{ URL string }

// Name is what [State].Transport says.
func (LongPoll) Name() string { return "longpoll" }

// Open implements [Transport].
func (LongPoll) Open(Request, func(...Signal)) (release func(), err error) {
	return nil, ErrUnsupported
}
