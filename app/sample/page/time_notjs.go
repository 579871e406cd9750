//go:build !js

package page

import "time"

// local formats a time in the process's zone: only tests have a user there.
func (p precision) local(at time.Time) string { return at.Local().Format(layouts[p]) }
