package live

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/shared/command"
)

// A view is what a mounted page needs of go-app: its goroutine, a way to run
// others, and what the browser keeps, for all tabs and for this one. Tests replace it.
type view struct {
	dispatch func(func())
	async    func(func())
	get      func(key string, v any) error
	set      func(key string, v any) error
	recall   func(key string, v any) error
	keep     func(key string, v any) error
	call     []command.CallOption // for the calls of mutations
	read     func(url string) (status int, body []byte, err error)
}

func viewOf(ctx app.Context) view {
	return view{
		dispatch: func(fn func()) { ctx.Dispatch(func(app.Context) { fn() }) },
		async:    ctx.Async,
		get:      ctx.LocalStorage().Get,
		set:      ctx.LocalStorage().Set,
		recall:   recall,
		keep:     keep,
		read:     read,
	}
}

// runAsync runs do on a goroutine of its own, and the function that it returns on
// go-app's.
func (v view) runAsync(do func() (then func())) {
	v.async(func() { v.dispatch(do()) })
}
