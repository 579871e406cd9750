package main

import (
	"strings"
	"text/template"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// stockWorker returns the service worker that go-app gives to every page, for
// tests of what it does to streams.
func stockWorker() string {
	var text strings.Builder
	stock := template.Must(template.New("worker").Parse(app.DefaultAppWorkerJS))
	if err := stock.Execute(&text, map[string]string{"Version": "1", "ResourcesToCache": "[]"}); err != nil {
		panic(err) // it writes to memory
	}
	return text.String()
}
