package words

// A Compare has the texts of the comparison.
type Compare struct {
	About, NeedsScript         string
	Transports                 string    // the table's name
	Names, Abouts              [4]string // in the order of transports.Kinds
	State, Arrivals            string
	Messages, Missed           string
	Median, Worst              string
	Requests, Up, Down, Each   string
	Held, Reconnects, CaughtUp string
	Opening, Live, Checking    string // states
	Waiting, Offline, Closed   string
	MeasuredFor, ClocksRead    string
	Pause, GoOn                string

	Experiments                                 string
	DropTitle, DropAbout, Drop, Dropping        string
	TalkTitle, TalkAbout, Talk, Talking         string
	Watching, Failed, Cut, WithKit, WithBrowser string
	Back, NotBack, Unnoticed                    string
	Absent, NotCut, BackIn, ClosedForGood       string
	Asking, Answered, Meanwhile                 string
	Comma, And                                  string
	PageLeft, SocketNotOpen                     string // why an experiment could not be done

	Method                             string
	Delay, Bytes, Connections, Visible string

	Claims, Claim, Verdict, Measured string
	Said                             [16]Claim // in the order of transports.Claims
	Verdicts                         [5]string // in the order of transports.Verdict
	PressTalk, PressDrop             string
	Found                            Found
}

// A Claim is a common opinion about a transport.
type Claim struct{ About, Text string }

// Found has the texts of what was measured for the claims.
type Found struct {
	NoBytes                                               string
	Asks, Pays, Holds, Late, LateToo, Resort              string
	Duplex, Protocol, Heavy, Stays, KitReturned, Talk     string
	OneWay, Light, Cut, CutBack, CutGone, Types, Needless string
	Missing, NotShown                                     string
	Requests, Answers, Checks, Questions, Messages        Count
	Once, Twice, Times                                    string
}
