package e2e_test

import (
	"fmt"
	"strings"
	"testing"
)

// What was posted is in the next view of the page, however quickly that comes, and
// after it in all views until the next post.
func TestPageHasAPostInTheVeryNextView(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	for i := range 30 {
		text := fmt.Sprintf("post number %d.", i)
		s.post("Ann", text)
		for range 2 {
			if _, page := s.get(lobby, "Accept-Encoding", "identity"); !strings.Contains(page, text) {
				t.Fatalf("the page lacks %q", text)
			}
		}
	}
}
