package event

import "strconv"

// PartKey returns the key of draft k, from 0 on, of several that a log stored as one
// under a key: the first has the key itself. A page that knows the key checks the id
// of each of its events by it:
//
//	own := event.NewID(id.Epoch(), id.Seq(), event.PartKey(key, k)).In(id.Generation())
//	if own == id { ... }
func PartKey(key string, k int) string {
	if k == 0 {
		return key
	}
	return key + "/" + strconv.Itoa(k)
}
