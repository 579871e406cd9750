// Command program stands in for a test binary: it does what its arguments say.
package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
)

// roundTrip takes a text through a temporary file and looks for it afterwards.
func roundTrip() (string, error, error) {
	const name = "/tmp/text"
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err, nil
	}
	fmt.Fprint(f, "one ")
	fmt.Fprint(f, "two")
	f.Seek(0, io.SeekStart)
	text, err := io.ReadAll(f)
	f.Close()
	os.Remove(name)
	_, missing := os.ReadDir(name)
	return string(text), err, missing
}

func main() {
	for i, arg := range os.Args[1:] {
		switch arg {
		case "args":
			fmt.Println(os.Args)
		case "env":
			fmt.Printf("%q %q %q\n", os.Getenv("GODEBUG"), os.Getenv("SEAWAY_X"), os.Getenv("HOME"))
		case "both":
			for i := range 200 {
				fmt.Println("out", i)
				fmt.Fprintln(os.Stderr, "err", i)
			}
		case "only":
			if name := os.Args[i+2]; isIn(name) {
				fmt.Println("it is", name)
				os.Exit(3)
			}
			return
		case "-v":
		case "file":
			fmt.Println(roundTrip())
		case "recover":
			tryRecover()
			fmt.Println(place())
		case "replace":
			replaceFetch()
			fmt.Println("replaced")
		case "store":
			fmt.Println(map[bool]string{false: "nothing is stored", true: "something is stored"}[stored()])
		case "panic":
			panic("on purpose")
		case "hang":
			fmt.Println("hanging")
			select {}
		default:
			code, _ := strconv.Atoi(arg)
			os.Exit(code)
		}
	}
}
