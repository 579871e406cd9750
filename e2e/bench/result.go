package main

import "time"

// A result is what one server did under one workload.
type result struct {
	Server   string `json:"server"`
	Workload string `json:"workload"`

	// CPU is what the server used for each delivery, in microseconds, with all
	// it did meanwhile. Net leaves out what it uses to take in events when
	// nobody reads.
	CPU   float64 `json:"cpu_us"`
	Net   float64 `json:"cpu_net_us"`
	Cores float64 `json:"cores"` // CPU seconds a second

	Published  int     `json:"published"` // and acknowledged
	Deliveries int     `json:"deliveries"`
	PerSecond  float64 `json:"deliveries_per_s"`

	// From the sending of the post to the arrival on a stream, in milliseconds.
	P50 float64 `json:"p50_ms"`
	P99 float64 `json:"p99_ms"`
	Max float64 `json:"max_ms"`

	// DueP99 counts from when the post was due. It shows a backlog that P99
	// hides, because a poster sends its next post when the last is answered.
	DueP99 float64 `json:"due_p99_ms"`

	// FreeP99 is P99 before some streams stopped reading.
	FreeP99 float64 `json:"free_p99_ms,omitempty"`

	IdleKiB  float64 `json:"idle_kib"` // resident memory for each stream
	BusyKiB  float64 `json:"busy_kib"`
	Connects float64 `json:"connects_per_s"`
	Resumed  float64 `json:"resumed_s,omitempty"` // until all had caught up

	Lost     int `json:"lost"`
	Repeated int `json:"repeated"`
	Late     int `json:"late"`  // after a later one of the same poster
	Ended    int `json:"ended"` // streams that the server ended

	ClientCPU   float64 `json:"client_cpu_us"` // for each delivery
	ClientCores float64 `json:"client_cores"`
	Trouble     string  `json:"trouble,omitempty"`
}

// A publishing is what events cost a server that has no streams.
type publishing struct {
	Server string  `json:"server"`
	Rate   float64 `json:"rate"`   // events a second
	CPU    float64 `json:"cpu_us"` // for each event
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func microseconds(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
