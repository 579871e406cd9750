package sourcetest

// Waiting returns how many connections [Transport.Next] would return at once.
func (t *Transport) Waiting() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.waiting)
}
