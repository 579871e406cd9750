package source

import (
	"strconv"
	"strings"
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
	value   string // the name of the fallback
	kept    string // what the storage did not keep
}

// holds reports whether the fallback is remembered.
func (m *memory) holds() bool {
	text := m.storage.Get(m.key)
	if text == "" {
		text = m.kept
	}
	name, at, _ := strings.Cut(text, " ")
	seconds, err := strconv.Atoi(at)
	age := time.Since(time.Unix(int64(seconds), 0))
	return name == m.value && err == nil && age > -time.Minute && age < memoryLasts // clocks are set back
}

func (m *memory) remember() {
	m.kept = ""
	text := m.value + " " + strconv.Itoa(int(time.Now().Unix()))
	m.storage.Set(m.key, text)
	if m.storage.Get(m.key) != text {
		m.kept = text
	}
}

func (m *memory) forget() {
	m.kept = ""
	if m.storage.Get(m.key) != "" {
		m.storage.Set(m.key, "")
	}
}
