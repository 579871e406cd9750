package source

// Callbacks returns how many JavaScript callbacks are not released.
func Callbacks() int64 { return callbacks.Load() }
