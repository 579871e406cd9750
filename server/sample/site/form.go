package site

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// postForm makes the request of a room's form, which the browser posts where the page's
// program does not run. The name that was filled in becomes the guest's, as on the page. A
// form without one is of the guest's name, or of the beginning of the guest's ID.
func (s *Site) postForm(r *http.Request) (chat.PostRequest, error) {
	req := chat.PostRequest{
		Room: r.PathValue("room"), Author: strings.TrimSpace(r.FormValue("author")),
		Text: strings.TrimSpace(strings.ReplaceAll(r.FormValue("text"), "\r\n", "\n")), // as a page has line ends
	}
	id := live.Identity(r.Context())
	if id == "" {
		req.Author = cmp.Or(req.Author, "Guest")
		return req, nil
	}
	known, err := s.guest(r.Context(), id)
	if err != nil {
		return req, err
	}
	if req.Author == "" || req.Author == known.Name {
		req.Author = cmp.Or(known.Name, "Guest "+id[:4])
		return req, nil
	}
	if err := req.Check(); err != nil {
		return req, err
	}
	return req, s.setName(r.Context(), known, guest.Guest{ID: id, Name: req.Author})
}
