package livelist

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// stops end what a view has begun.
type stops []func()

func (s *stops) stop() {
	for _, stop := range *s {
		stop()
	}
	*s = nil
}

// listen has fn called with each event of a name.
func (s *stops) listen(target app.Value, name string, fn func(e app.Value)) {
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

// later has fn called when the browser has done its present task.
func (s *stops) later(fn func()) {
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
