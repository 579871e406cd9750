package sse

import "cmp"

// typicalLimit stands for a limit of open files that is not known.
const typicalLimit = 16_384

// defaultMaxStreams leaves files for the log and for other requests.
func defaultMaxStreams() int {
	limit := cmp.Or(fileLimit(), typicalLimit)
	return max(1, limit-min(limit/4, 1024))
}
