package live

import (
	"cmp"
	"crypto/tls"
	"io"
	"net"
	"slices"
	"testing"
	"time"
)

// environment has a value for every variable: its own name, or a figure.
func environment(name string) string {
	figures := map[string]string{"SEAWAY_RETAIN_EVENTS": "1", "SEAWAY_RETAIN_BYTES": "2", "SEAWAY_RETAIN_AGE": "3s", "SEAWAY_TRUST_PROXY": "10.0.0.7", "SEAWAY_PUBLIC_URL": "https://www.example", "SEAWAY_LOG_FORMAT": "json"}
	return cmp.Or(figures[name], name)
}

func TestProgram_TakesFlagsAndTheirVariables(t *testing.T) {
	p := Program{Name: "notes"}
	f, err := p.parse(nil, environment, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	for got, want := range map[string]string{
		f.addr: "SEAWAY_ADDR", f.data: "SEAWAY_DATA", f.nats.URL: "SEAWAY_NATS", f.nats.Credentials: "SEAWAY_NATS_CREDS", f.nats.CA: "SEAWAY_NATS_CA",
		f.tlsCert: "SEAWAY_TLS_CERT", f.tlsKey: "SEAWAY_TLS_KEY", f.admin: "SEAWAY_ADMIN", f.origins[0]: "SEAWAY_ORIGINS", f.trusted[0]: "10.0.0.7", f.publicURL: "https://www.example", f.logFormat: "json",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	args := []string{"-addr", "a", "-data", "d", "-nats", "n", "-nats-creds", "c", "-nats-ca", "ca", "-replicas", "3", "-existing",
		"-origins", " https://a.example, https://b.example ,", "-public-url", "https://b.example/app/", "-trust-proxy", "127.0.0.1/32, ::1", "-proxy-protocol", "-tls-cert", "tc", "-tls-key", "tk", "-h2c", "-admin", "ad", "-heartbeat", "3s",
		"-max-streams", "4", "-max-streams-per-address", "5", "-max-topics", "6", "-max-streams-per-identity", "7", "-no-limits", "-log-format", "text", "-unsafe-drop-damaged-events"}
	f, err = p.parse(args, environment, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if f.addr != "a" || !f.proxyProtocol || f.publicURL != "https://b.example/app/" || f.data != "d" || f.nats.URL != "n" || f.nats.Credentials != "c" || f.nats.CA != "ca" || f.replicas != 3 || !f.existing ||
		!slices.Equal(f.origins, []string{"https://a.example", "https://b.example"}) || !slices.Equal(f.trusted, []string{"127.0.0.1/32", "::1"}) || f.tlsCert != "tc" || f.tlsKey != "tk" || !f.h2c ||
		f.admin != "ad" || f.heartbeat != 3*time.Second || f.limits != (Limits{Streams: 4, StreamsPerAddress: 5, StreamsPerIdentity: 7, Topics: 6, None: true}) || !f.dropDamaged || f.logFormat != "text" {
		t.Errorf("got %+v", f)
	}
	f, err = p.parse(nil, func(string) string { return "" }, io.Discard)
	if err != nil || f.addr != ":8000" || f.data != "./data" || f.nats.URL != "" || f.admin != "" || f.publicURL != "" || f.origins != nil || f.trusted != nil || f.logFormat != "text" {
		t.Errorf("the defaults are %+v (%v)", f, err)
	}
}

func TestConfig_LeavesWhatNoFlagSays(t *testing.T) {
	mine := Options{
		Addr: "ignored", Admin: "x", H2C: true, Origins: []string{"https://a.example"}, Heartbeat: time.Second, Limits: Limits{Streams: 1, StreamsPerAddress: 2, Topics: 3}, Version: "mine",
	}
	o := Config{options: Options{Addr: ":1", Version: "v1"}}.Options(mine)
	if o.Addr != ":1" || o.Admin != "x" || !o.H2C || len(o.Origins) != 1 || o.Heartbeat != time.Second || o.Limits != (Limits{Streams: 1, StreamsPerAddress: 2, Topics: 3}) || o.Version != "mine" {
		t.Errorf("got %+v", o)
	}
	secure := &tls.Config{}
	o = Config{options: Options{
		Addr: ":1", Admin: "y", TLS: secure, Origins: []string{"https://b.example"}, Heartbeat: time.Minute, Limits: Limits{Topics: 9}, Access: io.Discard,
	}}.Options(mine)
	if o.Admin != "y" || o.TLS != secure || !slices.Equal(o.Origins, []string{"https://a.example", "https://b.example"}) ||
		o.Heartbeat != time.Minute || o.Limits != (Limits{Streams: 1, StreamsPerAddress: 2, Topics: 9}) || o.Access != io.Discard {
		t.Errorf("got %+v", o)
	}
}

// A program with a directory does not share it; programs on a cluster have
// names.
func TestConfig_NamesTheNodesOfAClusterOnly(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	alone := flags{data: "d"}
	if alone.directory() != "d" || alone.node(l) != "" {
		t.Errorf("with a directory: %q, %q", alone.directory(), alone.node(l))
	}
	var one flags
	one.nats.URL, one.data = "nats://x", "d"
	name := one.node(l)
	if again := one.node(l); one.directory() != "" || name == "" || again != name {
		t.Errorf("on a cluster: %q, %q and then %q", one.directory(), name, again)
	}
}
