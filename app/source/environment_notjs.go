//go:build !js

package source

import "time"

// still is the environment where there is no browser: nothing ever changes.
type still struct{}

func defaultEnvironment() Environment { return still{} }

func (still) Watch(func(PageEvent)) (stop func()) { return func() {} }
func (still) Online() bool                        { return true }
func (still) Hidden() bool                        { return false }
func (still) Now() time.Time                      { return time.Now() }
