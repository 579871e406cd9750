package state

import (
	"fmt"
	"strings"
	"sync"
)

// kinds are the names of all kinds. Each owns the topics that begin with its own.
var kinds struct {
	sync.Mutex
	names []string
}

func register(name string) error {
	kinds.Lock()
	defer kinds.Unlock()
	for _, other := range kinds.names {
		switch {
		case other == name:
			return fmt.Errorf("it is defined twice")
		case strings.HasPrefix(name, other+"."), strings.HasPrefix(other, name+"."):
			return fmt.Errorf("its topics would also be those of kind %q", other)
		}
	}
	kinds.names = append(kinds.names, name)
	return nil
}
