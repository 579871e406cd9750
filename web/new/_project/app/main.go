// Command app is the page's program in the browser, built for GOOS=js GOARCH=wasm.
package main

import "example.com/me/app/app/page"

func main() { page.Routes.Run() }
