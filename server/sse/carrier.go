package sse

import (
	"net/http"

	"github.com/seawaykit/seaway/server/internal/carrier"
	"github.com/seawaykit/seaway/shared/fault"
)

// Carrier returns the streams for another transport to carry. It is for the kit's
// own WebSockets: package live mounts them at /socket.
func (h *Handler) Carrier() carrier.Streams { return admitter{h} }

// An admitter implements [carrier.Streams].
type admitter struct{ handler *Handler }

func (c admitter) Admit(w http.ResponseWriter, r *http.Request) (carrier.Subscription, error) {
	s, err := c.handler.subscribe(w, r)
	if err != nil {
		return nil, err // and not a nil *subscription
	}
	return s, nil
}

func (c admitter) Refusal(r *http.Request, err error) (*fault.Error, []byte) {
	return c.handler.refusal(r, err)
}
