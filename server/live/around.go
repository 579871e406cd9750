package live

import "github.com/seawaykit/seaway/shared/state"

// Around has fn called for each call of a mutation that k serves, with a function that
// carries it out. It is for what only a server knows: fn can refuse the request, complete
// it, and do something once the events are stored, which a retry does again. The reply
// that fn returns is the caller's. Call it before the server serves.
//
//	live.Around(rooms, chat.Post, func(ctx context.Context, r chat.PostRequest, post func(context.Context, chat.PostRequest) (chat.PostReply, error)) (chat.PostReply, error) {
//		reply, err := post(ctx, r)
//		if err == nil {
//			err = notify(ctx, reply)
//		}
//		return reply, err
//	})
//
// The kind's rule is asked when fn carries the mutation out, not before. The function of
// the mutation sees the request that fn passes on; a retry is known by the caller's own.
func Around[S any, Req state.Keyed, Rep any](k *States[S], m state.Mutation[S, Req, Rep], fn state.Around[Req, Rep]) {
	if m.Kind() != k.kind {
		panic("live: Around " + m.Name() + ", which is not of the kind " + k.name())
	}
	if k.around == nil {
		k.around = map[string]any{}
	}
	k.around[m.Name()] = fn
}
