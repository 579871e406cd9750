package event

// Defined reports whether the program defines an event type of that name.
func Defined(name string) bool {
	registry.RLock()
	defer registry.RUnlock()
	return registry.schema[name] != ""
}
