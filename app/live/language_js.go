package live

import "github.com/maxence-charriere/go-app/v10/pkg/app"

func pageLanguage() string {
	return app.Window().Get("document").Get("documentElement").Get("lang").String()
}
