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

// withoutValues returns an address in which the values of other parameters, and the user of
// one in absolute form, are dots.
func withoutValues(address string) string {
	address = withoutUser(address)
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

func withoutUser(address string) string {
	scheme, rest, ok := strings.Cut(address, "://")
	if !ok || strings.HasPrefix(scheme, "/") {
		return address
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	if at := strings.LastIndexByte(rest[:end], '@'); at >= 0 {
		return scheme + "://..." + rest[at:]
	}
	return address
}
