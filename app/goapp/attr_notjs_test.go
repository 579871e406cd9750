//go:build !js

package goapp_test

import (
	"fmt"
	"testing"

	"github.com/seawaykit/seaway/app/goapp"
)

func TestOnAServerAValueIsEscaped(t *testing.T) {
	if got := goapp.Attr(`"><b>`); got != "&#34;&#62;&#60;b&#62;" {
		t.Errorf("got %s", got)
	}
}

func ExampleValue() {
	fmt.Println(goapp.Attr(`O"Neill & <b>`))
	// Output: O&#34;Neill &#38; &#60;b&#62;
}
