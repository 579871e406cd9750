package states

// recency counts the memory of the entries that are loaded, and orders those that
// have nothing to be written by their last use: only they can be evicted.
type recency[S any] struct {
	bytes          int
	oldest, newest *entry[S]
}

// A use is what the recency has of an entry.
type use[S any] struct {
	size         int // about that of its JSON
	listed       bool
	older, newer *entry[S]
}

// add counts an entry and makes it the newest.
func (r *recency[S]) add(t *entry[S]) {
	r.bytes += t.size
	r.list(t)
}

// resize counts another size for an entry.
func (r *recency[S]) resize(t *entry[S], size int) {
	r.bytes += size - t.size
	t.size = size
}

// remove forgets an entry.
func (r *recency[S]) remove(t *entry[S]) {
	r.unlist(t)
	r.bytes -= t.size
}

// touch makes an entry the newest, if it is one that can be evicted.
func (r *recency[S]) touch(t *entry[S]) {
	if t.listed {
		r.unlist(t)
		r.list(t)
	}
}

// list makes an entry one that can be evicted, the newest of them.
func (r *recency[S]) list(t *entry[S]) {
	t.listed, t.older = true, r.newest
	if r.newest != nil {
		r.newest.newer = t
	} else {
		r.oldest = t
	}
	r.newest = t
}

// unlist makes an entry one that must not be evicted.
func (r *recency[S]) unlist(t *entry[S]) {
	if !t.listed {
		return
	}
	if t.older != nil {
		t.older.newer = t.newer
	} else {
		r.oldest = t.newer
	}
	if t.newer != nil {
		t.newer.older = t.older
	} else {
		r.newest = t.older
	}
	t.listed, t.older, t.newer = false, nil, nil
}
