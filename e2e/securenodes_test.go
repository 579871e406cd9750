package e2e_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v2"
)

const natsFolder = "deploy/nats"

// A composition is the part of compose.yml that says how its services run.
type composition struct {
	Services map[string]struct {
		Command     []string
		Environment map[string]string
		Volumes     []string
	}
}

func readComposition(t *testing.T) (c composition) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(natsFolder, "compose.yml"))
	if err == nil {
		err = yaml.Unmarshal(text, &c)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// makeSecrets runs the program that makes the secrets, into the folder of node.conf.
func makeSecrets(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	cmd := exec.Command("go", "run", "./"+natsFolder, "-out", filepath.Join(dir, "secrets"), "-hosts", "n1,n2,n3", "-also", "localhost,127.0.0.1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, out)
	}
	config, err := os.ReadFile(filepath.Join(natsFolder, "node.conf"))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "node.conf"), config, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// startSecureNodes starts the nodes of compose.yml as processes of this machine: with its
// configuration and its variables, but for addresses and folders.
func startSecureNodes(t *testing.T) (nodes map[string]*natsNode, dir, url string) {
	t.Helper()
	dir, nodes = makeSecrets(t), map[string]*natsNode{}
	c, routes := readComposition(t), map[string]string{}
	for _, name := range []string{"n1", "n2", "n3"} {
		routes[name] = freeAddr(t)
	}
	var urls []string
	for _, name := range []string{"n1", "n2", "n3"} {
		n := &natsNode{t: t, addr: freeAddr(t), monitor: freeAddr(t)}
		n.args = []string{natsProgram(t), "-c", filepath.Join(dir, "node.conf")}
		here := map[string]string{"NATS_LISTEN": n.addr, "NATS_MONITOR": n.monitor, "NATS_ROUTE": routes[name], "NATS_STORE": t.TempDir()}
		for key, value := range c.Services[name].Environment {
			if key == "NATS_ROUTES" {
				for other, route := range routes {
					value = strings.Replace(value, "nats://"+other+":6222", "nats://"+route, 1)
				}
			} else if here[key] != "" {
				value = here[key]
			}
			n.env = append(n.env, key+"="+strings.Replace(value, "/etc/nats/", dir+"/", 1))
		}
		t.Cleanup(n.cleanup)
		nodes[name], urls = n, append(urls, "tls://"+n.addr)
		n.run()
	}
	for _, n := range nodes {
		n.untilHealthy()
	}
	return nodes, dir, strings.Join(urls, ",")
}

// Programs share a log on three nodes with TLS and credentials, by the files in
// e2e/deploy, while a node dies. Nobody gets in without both.
func TestNodesOnASecuredClusterOutliveANode(t *testing.T) {
	t.Parallel()
	nodes, dir, url := startSecureNodes(t)
	ca, creds := filepath.Join(dir, "secrets", "ca.pem"), filepath.Join(dir, "secrets", "seaway.creds")
	flags := append([]string{"-nats", url, "-nats-creds", creds, "-nats-ca", ca}, readComposition(t).Services["a"].Command...)
	other := makeSecrets(t)
	for _, test := range []struct {
		what, want string
		flags      []string
	}{
		{"no credentials", "Authorization Violation", []string{"-nats-ca", ca}},
		{"another cluster's credentials", "Authorization Violation", []string{"-nats-ca", ca, "-nats-creds", filepath.Join(other, "secrets", "seaway.creds")}},
		{"another authority", "certificate", []string{"-nats-ca", filepath.Join(other, "secrets", "ca.pem"), "-nats-creds", creds}},
	} {
		refusedByNodes(t, test.what, test.want, append([]string{"-nats", url}, test.flags...))
	}
	a, b := startServer(t, flags...), startServer(t, flags...)
	id := a.post("ann", "before")
	nodes["n2"].kill()
	b.post("bob", "after")
	if got := a.events("topic=room.lobby&last=10", 2); len(got) != 2 || !strings.HasPrefix(got[0].LastEventID, id) || !strings.Contains(got[1].Data, `"after"`) {
		t.Errorf("the stream has %+v", got)
	}
}

// refusedByNodes checks that a program does not get in, and logs why.
func refusedByNodes(t *testing.T, what, want string, flags []string) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), waitLimit)
	defer stop()
	cmd := exec.CommandContext(ctx, binary, append([]string{"-addr", "127.0.0.1:0"}, flags...)...)
	cmd.WaitDelay = time.Second
	var log safeBuffer
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	until(t, "with "+what+" the log names the reason", func() bool { return strings.Contains(strings.ToLower(log.String()), strings.ToLower(want)) })
	if strings.Contains(log.String(), "msg=listening ") {
		t.Errorf("with %s it gets in: %s", what, log.String())
	}
}

// Every variable of node.conf is set for each node of compose.yml and by the commands of
// README, and what is mounted is made.
func TestNodesOfComposeYMLHaveAllThatTheyNeed(t *testing.T) {
	config, err := os.ReadFile(filepath.Join(natsFolder, "node.conf"))
	if err != nil {
		t.Fatal(err)
	}
	guide, err := os.ReadFile("deploy/README.md")
	if err != nil {
		t.Fatal(err)
	}
	variable := regexp.MustCompile(`\$(NATS_\w+)`)
	c := readComposition(t)
	if len(c.Services) != 5 {
		t.Errorf("there are %d services", len(c.Services))
	}
	for _, found := range variable.FindAllSubmatch(config, -1) {
		for _, name := range []string{"n1", "n2", "n3"} {
			if c.Services[name].Environment[string(found[1])] == "" {
				t.Errorf("%s has no %s", name, found[1])
			}
		}
		if !bytes.Contains(guide, append(found[1], '=')) {
			t.Errorf("deploy/README.md does not set %s", found[1])
		}
	}
	dir := makeSecrets(t)
	for name, s := range c.Services {
		for _, volume := range s.Volumes {
			from, _, _ := strings.Cut(volume, ":")
			if from, is := strings.CutPrefix(from, "./"); is && !slices.Contains([]string{"secrets/session.key"}, from) {
				if _, err := os.Stat(filepath.Join(dir, from)); err != nil {
					t.Errorf("%s mounts what is not there: %v", name, err)
				}
			}
		}
	}
	again := exec.Command("go", "run", "./"+natsFolder, "-out", filepath.Join(dir, "secrets"))
	if out, err := again.CombinedOutput(); err == nil {
		t.Errorf("secrets are written over: %s", out)
	}
	info, err := os.Stat(filepath.Join(dir, "secrets"))
	if err != nil || fmt.Sprint(info.Mode().Perm()) != "-rwx------" {
		t.Errorf("the secrets are open to others: %v (%v)", info, err)
	}
}
