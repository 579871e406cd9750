package main

import (
	"fmt"
	"time"
)

// A workload is what a server is put through.
type workload struct {
	Name    string        `json:"name"`
	Streams int           `json:"streams"`
	Rate    float64       `json:"rate"` // events a second, in all rooms together
	Rooms   int           `json:"rooms"`
	Time    time.Duration `json:"time_ns"`
	Stuck   int           `json:"stuck,omitempty"`   // streams that read for a quarter of the time and then, for all of it, do not
	Padding int           `json:"padding,omitempty"` // bytes added to every event
	Storm   bool          `json:"storm,omitempty"`   // streams are cut and come back
	Posters int           `json:"posters,omitempty"` // default 8
}

// workloads take about 6 minutes with six servers. Longer ones would give
// steadier tails, and nobody would run them. Sockets and channels hold up to
// 200 KB for a stream that does not read, so that part takes longer and has
// longer events.
var workloads = []workload{
	{Name: "1,000 streams, 20/s", Streams: 1000, Rate: 20, Rooms: 1, Time: 3 * time.Second},
	{Name: "1,000 streams, 300/s", Streams: 1000, Rate: 300, Rooms: 1, Time: 3 * time.Second},
	{Name: "4,000 streams, 20/s", Streams: 4000, Rate: 20, Rooms: 1, Time: 3 * time.Second},
	{Name: "16,000 streams, 5/s", Streams: 16000, Rate: 5, Rooms: 1, Time: 3 * time.Second},
	{Name: "100 streams, 5,000/s to one topic", Streams: 100, Rate: 5000, Rooms: 1, Time: 3 * time.Second, Posters: 64},
	{Name: "8,000 streams, 5/s", Streams: 8000, Rate: 5, Rooms: 1, Time: 3 * time.Second},
	{Name: "5,000 streams on own topics, 80/s in all", Streams: 5000, Rate: 80, Rooms: 5000, Time: 3 * time.Second},
	{Name: "1,000 streams, 100/s of 1 KB, 50 stop reading", Streams: 1000, Rate: 100, Rooms: 1, Time: 7 * time.Second, Stuck: 50, Padding: 870},
	{Name: "5,000 streams come back at once, 10/s", Streams: 5000, Rate: 10, Rooms: 1, Time: 3 * time.Second, Storm: true},
}

// unread is how publishing is measured by itself: twice, since an event costs
// less when more come together.
var unread = []workload{
	{Rate: 80, Rooms: 1, Time: 2500 * time.Millisecond},
	{Rate: 300, Rooms: 1, Time: 1500 * time.Millisecond},
}

// rooms returns each room once.
func (w workload) rooms() []string {
	rooms := make([]string, w.Rooms)
	for i := range rooms {
		rooms[i] = fmt.Sprint("r", i)
	}
	return rooms
}

// roomOfEach returns the room of each stream.
func (w workload) roomOfEach() []string {
	rooms := make([]string, w.Streams)
	for i := range rooms {
		rooms[i] = fmt.Sprint("r", i%w.Rooms)
	}
	return rooms
}
