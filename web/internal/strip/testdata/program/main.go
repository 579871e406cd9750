// Command program is stripped by a test.
package main

import (
	"errors"
	"fmt"
	"os"
)

func main() {
	if len(os.Args) > 9 {
		panic(errors.New("too much"))
	}
	fmt.Println("well")
}
