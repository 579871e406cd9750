package live

import "testing"

// The empty states of two releases are the same JSON. A browser that has kept the older
// release's answer must not be told that it is still right.
func TestETagNamesTheTypeOfAValue(t *testing.T) {
	a := answer{value: []byte(`{"order":[]}`), fingerprint: "1111111111111111"}
	next := a
	next.fingerprint = "2222222222222222"
	if a.etag() == next.etag() {
		t.Error("values of two types have the same ETag")
	}
	if again := a; again.etag() != a.etag() {
		t.Error("a value has two")
	}
}
