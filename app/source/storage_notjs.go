//go:build !js

package source

// forgetful is the storage where there is no browser.
type forgetful struct{}

func defaultStorage() Storage { return forgetful{} }

func defaultOriginStorage() Storage { return forgetful{} }

func (forgetful) Get(string) string  { return "" }
func (forgetful) Set(string, string) {}
