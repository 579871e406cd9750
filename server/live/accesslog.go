package live

import (
	"io"
	"net/http"
	neturl "net/url"
	"strings"

	"github.com/gorilla/handlers"

	"github.com/seawaykit/seaway/shared/wire"
)

// accessLog logs requests to out in the combined format. What a query holds is left out but
// for the parameters of the kit: any other may be a token, by which whoever reads the log
// could act as the user.
func accessLog(out io.Writer, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := *r
		seen.RequestURI = withoutValues(r.RequestURI)
		if referer := r.Referer(); strings.Contains(referer, "?") {
			seen.Header = r.Header.Clone()
			seen.Header.Set("Referer", withoutValues(referer))
		}
		asItCame := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { h.ServeHTTP(w, r) })
		handlers.CombinedLoggingHandler(out, asItCame).ServeHTTP(w, &seen)
	})
}

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
