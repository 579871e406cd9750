package fault_test

import (
	"errors"
	"fmt"

	"github.com/seawaykit/seaway/shared/fault"
)

var errTide = fault.New(fault.Unavailable, "the tide is out")

// A handler returns the error, wrapped or not. The caller receives the Error in
// its chain, and nothing else.
func Example() {
	for _, err := range []error{
		fault.Field("text", "the text is longer than %d characters", 4000),
		fmt.Errorf("launch the boat: %w", errTide),
		errors.New("pq: password of user postgres is wrong"),
	} {
		ok, meant := fault.From(err)
		fmt.Println(ok.Status(), ok.Code, ok.Field, ok.Message, ok.Retry, meant)
	}
	fmt.Println(errors.Is(fmt.Errorf("launch the boat: %w", errTide), errTide))
	// Output:
	// 400 invalid text the text is longer than 4000 characters false true
	// 503 unavailable  the tide is out true true
	// 500 internal  internal error false false
	// true
}
