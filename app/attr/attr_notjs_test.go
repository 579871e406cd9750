//go:build !js

package attr_test

import (
	"fmt"
	"testing"

	"github.com/seawaykit/seaway/app/attr"
)

func TestOnAServerAValueIsEscaped(t *testing.T) {
	if got := attr.Value(`"><b>`); got != "&#34;&#62;&#60;b&#62;" {
		t.Errorf("got %s", got)
	}
}

func ExampleValue() {
	fmt.Println(attr.Value(`O"Neill & <b>`))
	// Output: O&#34;Neill &#38; &#60;b&#62;
}
