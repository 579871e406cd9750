package eventtest

import (
	"fmt"
	"strconv"
	"strings"
)

// successor returns a name for the type that takes another's place: chat.posted
// is followed by chat.posted.v2, and that by chat.posted.v3.
func successor(name string) string {
	i := strings.LastIndex(name, ".v")
	if i < 0 {
		return name + ".v2"
	}
	version, err := strconv.Atoi(name[i+len(".v"):])
	if err != nil {
		return name + ".v2"
	}
	return fmt.Sprintf("%s.v%d", name[:i], version+1)
}
