package sourcetest

import (
	"maps"
	"sync"
)

// A Storage is a [github.com/seawaykit/seaway/app/source.Storage] that keeps
// everything. The zero Storage is empty. It is safe for concurrent use.
type Storage struct {
	mu    sync.Mutex
	texts map[string]string
}

// Get implements source.Storage.
func (s *Storage) Get(key string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.texts[key]
}

// Set implements source.Storage.
func (s *Storage) Set(key, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.texts == nil {
		s.texts = map[string]string{}
	}
	s.texts[key] = value
}

// Texts returns a copy of all that is kept, by key.
func (s *Storage) Texts() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.texts)
}
