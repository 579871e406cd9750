package source

import (
	"cmp"
	"strconv"
	"time"
)

// memoryLasts is how long an origin remembers that the fallback works where the
// stream does not. Proxies change seldom, people's networks twice a day.
const memoryLasts = 24 * time.Hour

// A memory says that the fallback is what works at an address: for all tabs of
// the origin, for a day from the last time that the stream was found to be held
// back. A browser that stores nothing keeps it as long as the page.
type memory struct {
	storage Storage
	key     string
	since   string // what is stored, if it is stored: in Unix time
}

// holds reports whether the fallback is remembered.
func (m *memory) holds() bool {
	seconds, err := strconv.Atoi(cmp.Or(m.storage.Get(m.key), m.since))
	age := time.Since(time.Unix(int64(seconds), 0))
	return err == nil && age > -time.Minute && age < memoryLasts // clocks are set back
}

func (m *memory) remember() {
	m.since = strconv.Itoa(int(time.Now().Unix()))
	m.storage.Set(m.key, m.since)
}

func (m *memory) forget() {
	if m.since = ""; m.storage.Get(m.key) != "" {
		m.storage.Set(m.key, "")
	}
}
