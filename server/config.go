package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/seawaykit/seaway/server/eventlog/jetstream"
	"github.com/seawaykit/seaway/server/sample/site"
)

// A config is what the program was asked to do.
type config struct {
	addr        string
	data        string
	dropDamaged bool
	sessionKey  string
	nats        jetstream.Server
	replicas    int
	existing    bool
	origins     []string
	tlsCert     string
	tlsKey      string
	h2c         bool
	admin       string
	beat        time.Duration
	limits      site.Limits
}

// errHelp says that help was asked for and has been given.
var errHelp = errors.New("help was asked for")

// parseConfig reads flags, with environment variables as their defaults. Help
// goes to out; an error is one line.
func parseConfig(args []string, getenv func(string) string, out io.Writer) (config, error) {
	var c config
	var origins string
	flags := flag.NewFlagSet("seaway", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // the package would print the whole usage after an error
	flags.StringVar(&c.addr, "addr", cmp.Or(getenv("SEAWAY_ADDR"), ":8000"), "`address` to listen on (SEAWAY_ADDR)")
	flags.StringVar(&c.data, "data", cmp.Or(getenv("SEAWAY_DATA"), "./data"), "`directory` of the log (SEAWAY_DATA)")
	flags.BoolVar(&c.dropDamaged, "unsafe-drop-damaged-events", false, "start although files of the log are damaged, without the events in them: the files are kept in the directory's \"damaged\", and what was lost is logged")
	flags.StringVar(&c.sessionKey, "session-key", getenv("SEAWAY_SESSION_KEY"), "`file` with the key that signs guests' cookies, 64 hexadecimal digits (SEAWAY_SESSION_KEY; default made once in the data directory)")
	flags.StringVar(&c.nats.URL, "nats", getenv("SEAWAY_NATS"), "`url` of a NATS cluster to use instead of the directory (SEAWAY_NATS)")
	flags.StringVar(&c.nats.Credentials, "nats-creds", getenv("SEAWAY_NATS_CREDS"), "`file` with the cluster's credentials (SEAWAY_NATS_CREDS)")
	flags.StringVar(&c.nats.CA, "nats-ca", getenv("SEAWAY_NATS_CA"), "PEM `file` with the cluster's certificate authority (SEAWAY_NATS_CA)")
	flags.IntVar(&c.replicas, "replicas", 0, "how many servers of the cluster hold a log that has to be created (default 1)")
	flags.BoolVar(&c.existing, "existing", false, "refuse to start if the cluster does not hold the log yet, instead of creating it")
	flags.StringVar(&origins, "origins", getenv("SEAWAY_ORIGINS"), "other `origins` whose pages may use this server, separated by commas (SEAWAY_ORIGINS)")
	flags.StringVar(&c.tlsCert, "tls-cert", getenv("SEAWAY_TLS_CERT"), "PEM `file` with the certificate chain; serves HTTPS and HTTP/2 (SEAWAY_TLS_CERT)")
	flags.StringVar(&c.tlsKey, "tls-key", getenv("SEAWAY_TLS_KEY"), "PEM `file` with the certificate's key (SEAWAY_TLS_KEY)")
	flags.BoolVar(&c.h2c, "h2c", false, "accept HTTP/2 without TLS as well, from a proxy that speaks it")
	flags.StringVar(&c.admin, "admin", getenv("SEAWAY_ADMIN"), "`address` for /metrics, /healthz, /readyz and /livez, as 127.0.0.1:9090 (SEAWAY_ADMIN; default off)")
	flags.DurationVar(&c.beat, "beat", 0, "the longest silence of a stream; shorter than what proxies on the way allow (default 15s)")
	flags.IntVar(&c.limits.Streams, "max-streams", 0, "how many streams may be open (default by the limit of open files)")
	flags.IntVar(&c.limits.StreamsPerAddress, "max-streams-per-address", 0, "how many of one client address (default no limit)")
	flags.IntVar(&c.limits.Topics, "max-topics", 0, "how many topics a stream may have (default 32)")
	showVersion := flags.Bool("version", false, "print the version")
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintln(out, "Usage: seaway [flags]")
		flags.SetOutput(out)
		flags.PrintDefaults()
		return c, errHelp
	case err != nil:
		return c, fmt.Errorf("%w (see seaway -help)", err)
	case flags.NArg() > 0:
		return c, fmt.Errorf("unexpected argument %q (see seaway -help)", flags.Arg(0))
	case (c.tlsCert == "") != (c.tlsKey == ""):
		return c, errors.New("-tls-cert and -tls-key are given together (see seaway -help)")
	case c.beat < 0:
		return c, errors.New("-beat is negative (see seaway -help)")
	case *showVersion:
		fmt.Fprintln(out, "seaway", version)
		return c, errHelp
	}
	c.origins = splitList(origins)
	return c, nil
}

func splitList(s string) []string {
	var list []string
	for item := range strings.SplitSeq(s, ",") {
		if item = strings.TrimSpace(item); item != "" {
			list = append(list, item)
		}
	}
	return list
}
