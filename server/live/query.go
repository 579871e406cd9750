package live

import (
	neturl "net/url"
	"strings"

	"github.com/seawaykit/seaway/shared/wire"
)

// harmless are the parameters whose values are logged.
var harmless = map[string]bool{
	wire.TopicParam: true, wire.AfterParam: true, wire.LastParam: true, wire.SchemaParam: true, wire.CatchUpParam: true, wire.WaitParam: true,
	"window": true, "from": true, "before": true, "n": true,
}

// withoutValues returns an address in which the values of other parameters are dots.
func withoutValues(address string) string {
	path, query, ok := strings.Cut(address, "?")
	if !ok {
		return address
	}
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		name, _, _ := strings.Cut(pair, "=")
		if plain, err := neturl.QueryUnescape(name); err == nil && !harmless[plain] && name != pair {
			pairs[i] = name + "=..."
		}
	}
	return path + "?" + strings.Join(pairs, "&")
}
