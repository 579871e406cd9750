package live

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/eventlog/jetstream"
	"github.com/seawaykit/seaway/server/httpd"
)

// A Config is what [Main] passes to Program.New: the open log, and the values of
// the flags.
type Config struct {
	Log    eventlog.Log // see [Server.Log]
	Logger *slog.Logger

	// Data is the directory of the log, which the program has locked. It is
	// empty on a cluster, where programs have no directory.
	Data string
	// Node names this program among the programs that share its log, and is the
	// same after a restart. It is empty with a directory, which only this
	// program uses.
	Node string

	options Options // as the flags have them
}

// Options returns o with the values of the flags. Options whose flag is not set
// stay as they are.
func (c Config) Options(o Options) Options {
	f := c.options
	o.Addr, o.Admin = f.Addr, cmp.Or(f.Admin, o.Admin)
	o.TLS, o.H2C = cmp.Or(f.TLS, o.TLS), f.H2C || o.H2C
	o.PublicURL = cmp.Or(f.PublicURL, o.PublicURL)
	o.TrustedProxies = append(append([]string(nil), o.TrustedProxies...), f.TrustedProxies...)
	o.ProxyProtocol = f.ProxyProtocol || o.ProxyProtocol
	o.Origins = append(append([]string(nil), o.Origins...), f.Origins...)
	o.Heartbeat = cmp.Or(f.Heartbeat, o.Heartbeat)
	o.Limits = f.Limits.or(o.Limits)
	o.Version = cmp.Or(o.Version, f.Version)
	if o.Logger == nil {
		o.Logger = f.Logger
	}
	if o.Access == nil {
		o.Access, o.AccessJSON = f.Access, f.AccessJSON
	}
	return o
}

// flags are the values of a program's flags.
type flags struct {
	addr, admin     string
	data            string
	dropDamaged     bool
	nats            jetstream.Server
	replicas        int
	existing        bool
	origins         []string
	publicURL       string
	trusted         []string // proxies
	proxyProtocol   bool
	tlsCert, tlsKey string
	h2c             bool
	heartbeat       time.Duration
	limits          Limits
	retain          retain
	forget          string
	logFormat       string
}

var errNoProxies = errors.New("-proxy-protocol (live.Options.ProxyProtocol) needs -trust-proxy: anyone else could take any address")

// errHelp means that help, or the version, was asked for and printed.
var errHelp = errors.New("help was asked for")

// parse reads flags, with environment variables as their defaults. Help goes to
// out; an error is one line.
func (p Program) parse(args []string, getenv func(string) string, out io.Writer) (flags, error) {
	var f flags
	var origins, trusted string
	set := flag.NewFlagSet(p.Name, flag.ContinueOnError)
	set.SetOutput(io.Discard) // the package would print the whole usage after an error
	f.define(set, getenv, &origins, &trusted)
	showVersion := set.Bool("version", false, "print the version")
	if p.Flags != nil {
		p.Flags(set, getenv)
	}
	err := set.Parse(args)
	see := fmt.Sprintf(" (see %s -help)", p.Name)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(out, "Usage: %s [flags]\n", p.Name)
		for _, usage := range []string{backupUsage, checkUsage, schemaUsage} {
			fmt.Fprintf(out, "       %s %s\n", p.Name, usage)
		}
		set.SetOutput(out)
		set.PrintDefaults()
		return f, errHelp
	case err != nil:
		return f, fmt.Errorf("%w%s", err, see)
	case set.NArg() > 0:
		return f, fmt.Errorf("unexpected argument %q%s", set.Arg(0), see)
	case (f.tlsCert == "") != (f.tlsKey == ""):
		return f, errors.New("-tls-cert and -tls-key are given together" + see)
	case f.logFormat != "text" && f.logFormat != "json":
		return f, fmt.Errorf("-log-format %q is neither text nor json%s", f.logFormat, see)
	case f.heartbeat < 0:
		return f, errors.New("-heartbeat is negative" + see)
	case *showVersion:
		fmt.Fprintln(out, p.Name, p.Version)
		return f, errHelp
	}
	f.origins, f.trusted = splitList(origins), splitList(trusted)
	if _, err := httpd.NewProxies(f.trusted, nil); err != nil {
		return f, fmt.Errorf("-trust-proxy: %w%s", err, see)
	}
	if f.proxyProtocol && len(f.trusted) == 0 {
		return f, fmt.Errorf("%w%s", errNoProxies, see)
	}
	if _, err := parsePublicURL(f.publicURL); err != nil {
		return f, fmt.Errorf("-public-url: %w%s", err, see)
	}
	if err := f.retain.fromEnvironment(set, getenv); err != nil {
		return f, fmt.Errorf("%w%s", err, see)
	}
	return f, nil
}

// define defines the flags that every program has.
func (f *flags) define(set *flag.FlagSet, getenv func(string) string, origins, trusted *string) {
	set.StringVar(&f.addr, "addr", cmp.Or(getenv("SEAWAY_ADDR"), ":8000"), "`address` to listen on (SEAWAY_ADDR)")
	set.StringVar(&f.data, "data", cmp.Or(getenv("SEAWAY_DATA"), "./data"), "`directory` of the log (SEAWAY_DATA)")
	f.retain.define(set)
	set.BoolVar(&f.dropDamaged, "unsafe-drop-damaged-events", false, "start although files of the log are damaged, without the events in them: the files are kept in the directory's \"damaged\", and what was lost is logged")
	set.StringVar(&f.nats.URL, "nats", getenv("SEAWAY_NATS"), "`url` of a NATS cluster to use instead of the directory (SEAWAY_NATS)")
	set.StringVar(&f.nats.Credentials, "nats-creds", getenv("SEAWAY_NATS_CREDS"), "`file` with the cluster's credentials (SEAWAY_NATS_CREDS)")
	set.StringVar(&f.nats.CA, "nats-ca", getenv("SEAWAY_NATS_CA"), "PEM `file` with the cluster's certificate authority (SEAWAY_NATS_CA)")
	set.IntVar(&f.replicas, "replicas", 0, "how many servers of the cluster hold a log that has to be created (default 1)")
	set.BoolVar(&f.existing, "existing", false, "refuse to start if the cluster does not hold the log yet, instead of creating it")
	set.StringVar(&f.forget, "forget-kind", "", "delete all states of `kinds`, separated by commas, that no program serves any more, so that the log keeps no events for them")
	set.StringVar(origins, "origins", getenv("SEAWAY_ORIGINS"), "other `origins` whose pages may use this server, separated by commas (SEAWAY_ORIGINS)")
	set.StringVar(&f.publicURL, "public-url", getenv("SEAWAY_PUBLIC_URL"), "`url` of the site in browsers, as https://example.com or https://example.com/app/: other hosts are refused, cookies are Secure if it is https, and everything is below its path (SEAWAY_PUBLIC_URL; default any host, at the root)")
	set.StringVar(trusted, "trust-proxy", getenv("SEAWAY_TRUST_PROXY"), "`networks` of the proxies in front, as 10.0.0.0/8, separated by commas: their X-Forwarded-For, -Proto and -Host, or Forwarded, are believed (SEAWAY_TRUST_PROXY; default none)")
	set.BoolVar(&f.proxyProtocol, "proxy-protocol", false, "take connections of the proxies that -trust-proxy names only with a header of HAProxy's PROXY protocol, which has the client's address")
	set.StringVar(&f.tlsCert, "tls-cert", getenv("SEAWAY_TLS_CERT"), "PEM `file` with the certificate chain; serves HTTPS and HTTP/2 (SEAWAY_TLS_CERT)")
	set.StringVar(&f.tlsKey, "tls-key", getenv("SEAWAY_TLS_KEY"), "PEM `file` with the certificate's key (SEAWAY_TLS_KEY)")
	set.BoolVar(&f.h2c, "h2c", false, "accept HTTP/2 without TLS as well, from a proxy that speaks it")
	set.StringVar(&f.admin, "admin", getenv("SEAWAY_ADMIN"), "`address` for operators: a page at /, and /metrics, /healthz, /readyz and /livez, as 127.0.0.1:9090 (SEAWAY_ADMIN; default off)")
	set.StringVar(&f.logFormat, "log-format", cmp.Or(getenv("SEAWAY_LOG_FORMAT"), "text"), "`format` of what is logged, and of the requests: text, or json with one object a line (SEAWAY_LOG_FORMAT)")
	set.DurationVar(&f.heartbeat, "heartbeat", 0, "heartbeat `interval` of the streams; keep it below the idle timeout of proxies (default 15s)")
	set.IntVar(&f.limits.Streams, "max-streams", 0, "how many streams may be open (default by the limit of open files)")
	set.IntVar(&f.limits.StreamsPerAddress, "max-streams-per-address", 0, "how many of one client address (default 256)")
	set.IntVar(&f.limits.StreamsPerIdentity, "max-streams-per-identity", 0, "how many of one identity (default 64)")
	set.BoolVar(&f.limits.None, "no-limits", false, "lift the limits by identity and address that have defaults, for benchmarks")
	set.IntVar(&f.limits.Topics, "max-topics", 0, "how many topics a stream may have (default 32)")
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
