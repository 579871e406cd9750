// Package transports is a sample: it follows one topic in four ways at once, and
// measures what each is worth. Package page draws what it finds. Replace it with
// your own.
//
// # What is measured
//
// Delay is the time from a pulse's making, by the server's clock, to the call of
// the page's function, by the page's own. The two clocks differ, so each reply
// of the server to a question is taken as a reading of its clock, half a round
// trip ago, and the quickest reply counts: see [clock]. To compare each lane
// with the fastest, which needs no clock, would hide what all of them are late.
// A pulse that was made while its lane was not there is caught up with
// afterwards; it is no delay of the lane's, and counted apart.
//
// Bytes, requests and connections are the server's own figures, for which it is
// asked once a second. Those questions are nobody's lane.
//
// # Promises
//
// A [Run] holds no connection before Start and none soon after Stop. Its methods
// may be called from anywhere and do not block. Figures are consistent at one
// moment. What it keeps does not grow: the delays of the newest 512 pulses, and
// the arrivals of ten seconds.
package transports
