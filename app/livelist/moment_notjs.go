//go:build !js

package livelist

import "time"

var layouts = [...]string{timeOfDay: "15:04", dayAndTime: "2 Jan, 15:04", fullDate: "2 Jan 2006"}

// format formats a time in the process's zone: only tests have a user there.
func (p precision) format(at time.Time) string { return at.Local().Format(layouts[p]) }
