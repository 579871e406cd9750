package source

import "io"

// SetConsole has errors that nobody asked for written elsewhere, until undo.
func SetConsole(w io.Writer) (undo func()) {
	was := console
	console = w
	return func() { console = was }
}

// AnswerError returns the error of a transport that was answered with a status.
func AnswerError(status int) error { return &answerError{Answer{Status: status}} }
