package words

// A Frame has the texts around each page, and those of several.
type Frame struct {
	Description                                      string // of the program, for search engines
	Skip                                             string
	Pages                                            string // the navigation's name
	Live, Messages, Board, Dashboard, Inbox, Compare string // pages
	New, Unread                                      Count  // what badges count
	NotLive                                          string
	Here, You, Guest                                 string
	Others                                           Count // who are here as well
	NoCookie                                         string
	Guide                                            string // link to it
	DateTime                                         string // layout of a time in UTC, of package time
	CurrentTime                                      string // before the time of the server
}

// A Front has the texts of the first page.
type Front struct {
	Title, About                         string
	Further, Write, Or, Compare, Stop    string // a sentence, with links to write and to compare
	List, EachSecond, NoScript           string
	Console, Cut, Events, Frame          string
	Lost, GivesUp                        string // what an error means
	Received, Missed, Repeated, CaughtUp string
	Explanations                         [3]string // in the order of the page's lines of Go
}

// A Room has the texts of the messages.
type Room struct {
	Rooms                           string
	About                           [3]string // in the order of chat.Rooms
	Label, Empty                    string
	Message, Messages               string // one, and many
	As, YourName, Write, Text       string // of the composer; Write has the room's name
	Send                            string
	Left                            Count // characters that may follow
	NoName, NoAnswer                string
	Edited, Edit, EditLabel         string
	Save, Cancel                    string
	Delete, Keep, DeleteIt          string
	NotSent, NotChanged, NotDeleted string // a change that was refused, and why
	Announcement                    string // the author, and the text
}

// A Missing has the texts of what is shown at a path without a page.
type Missing struct {
	Name                string // in the window's title
	Title, About        string
	ToFront, ToMessages string
}

// A Form has the texts of the page that refuses a form.
type Form struct {
	Title, SendAgain, Back string
	Stop                   string // ends a sentence
}

// A Board has the texts of a board.
type Board struct {
	Title, Boards string
	Columns       [3]string // in the order of board.Columns
	NewCard, Add  string
	CardTitle     string
	Save          string
	Edit, Delete  string
}

// A Dashboard has the texts of the dashboard.
type Dashboard struct {
	About                                         string
	CPU, Memory, Streams, Delivered, Sent, Append string // charts
	Appended, Slowest, Heap, Goroutines           string // single numbers
	Present                                       string
	Guests                                        Count // without their number
	Time                                          string
	Range                                         string // the lowest and the highest value
	Chart                                         string // sums up for screen readers: title, now, and range
	Now, Minutes                                  string // on the axis of time; % minutes ago
	Figures, NowColumn, Lowest, Mean, Highest     string // of the table
}

// An Inbox has the texts of the inbox.
type Inbox struct {
	ReadAll, NeedsScript, Empty string
	StayUnread                  string // how many, and why
	Loading, AllRead            string
	Mentioned, Joined, New      string // after a guest's name
}
