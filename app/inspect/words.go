package inspect

// Words are the texts of a panel, in one language. What a source reports is shown as it
// is: the names of frames, phases and transports, and errors.
type Words struct {
	Panel                                                              string // its accessible name
	Drop, Gap, GoOffline, GoOnline, Close                              string // buttons
	State, Reason, Transport, Schema, Server, Position, Newest, Behind string // facts
	Type, Count, Rate                                                  string // columns
	Connection, Frames                                                 string // headings
}

// English are the words of a panel that has no others.
var English = Words{
	Panel: "Inspector",
	Drop:  "Drop", Gap: "Gap", GoOffline: "Go offline", GoOnline: "Go online", Close: "Close",
	State: "state", Reason: "reason", Transport: "transport", Schema: "schema", Server: "server", Position: "position", Newest: "head", Behind: "behind",
	Type: "Type", Count: "Count", Rate: "A second",
	Connection: "Connection", Frames: "Frames",
}
