package livelist

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// cleanups are functions that undo what a view has set up.
type cleanups []func()

func (s *cleanups) run() {
	for _, stop := range *s {
		stop()
	}
	*s = nil
}

// listen calls fn for each event with this name, until cleanup.
func (s *cleanups) listen(target app.Value, name string, fn func(e app.Value)) {
	callback := app.FuncOf(func(_ app.Value, args []app.Value) any {
		fn(args[0])
		return nil
	})
	target.Call("addEventListener", name, callback)
	*s = append(*s, func() {
		target.Call("removeEventListener", name, callback)
		callback.Release()
	})
}

// later calls fn when the browser has finished its current task.
func (s *cleanups) later(fn func()) {
	callback := app.FuncOf(func(app.Value, []app.Value) any {
		fn()
		return nil
	})
	timer := app.Window().Call("setTimeout", callback, 0)
	*s = append(*s, func() {
		app.Window().Call("clearTimeout", timer)
		callback.Release()
	})
}
