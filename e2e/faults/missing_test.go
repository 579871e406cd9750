package faults_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/e2e/faults/program"
)

// Nodes that come up together with a cluster ask for the log while its servers
// have not recovered it yet: what is not found then is not new.
func TestLogOutlivesARestartOfEverything(t *testing.T) {
	t.Parallel()
	c := program.StartCluster(t)
	p := program.Start(t, "-nats", c.URL(), "-replicas", "3")
	posts := &poster{}
	for range 4 {
		posts.post(t, p)
		p.Kill()
		for _, s := range c.Servers {
			s.Kill()
		}
		p.Run()
		c.Start()
	}
	posts.post(t, p)
	posts.sameInLog(t, c)
	if n := strings.Count(p.Log(), "a new event log was created"); n != 1 {
		t.Errorf("the log was created %d times", n)
	}
}

// A server whose disk was replaced gets the log from the others, and a log whose
// only server is away is waited for.
func TestLogIsNotCreatedWhileItIsOutOfReach(t *testing.T) {
	t.Parallel()
	c := program.StartCluster(t)
	p := program.Start(t, "-nats", c.URL()) // one replica
	posts := &poster{}
	posts.post(t, p)
	p.Kill()
	leader, _ := c.Leader()
	leader.Kill()
	p.Run()
	program.Until(t, noticeTime, "the node waits", func() bool { return strings.Contains(p.Log(), "waiting for the event log") })
	leader.Start()
	posts.post(t, p)
	posts.sameInLog(t, c)
	if n := strings.Count(p.Log(), "a new event log was created"); n != 1 {
		t.Errorf("the log was created %d times", n)
	}
}

func TestReplacedServerGetsTheLogFromTheOthers(t *testing.T) {
	t.Parallel()
	c := program.StartCluster(t)
	p := program.Start(t, "-nats", c.URL(), "-replicas", "3")
	posts := &poster{}
	posts.post(t, p)
	p.Kill()
	leader, _ := c.Leader()
	for _, s := range c.Servers {
		s.Kill()
	}
	if err := os.RemoveAll(leader.Dir); err != nil {
		t.Fatal(err)
	}
	p.Run()
	c.Start()
	posts.post(t, p)
	posts.sameInLog(t, c)
}

// When the cluster itself has forgotten the log, the program can be started with
// -existing, which means that it is not new.
func TestForgottenLogIsAnErrorIfItShouldBeThere(t *testing.T) {
	t.Parallel()
	s := program.NewNATS(t)
	s.Start()
	p := program.Start(t, "-nats", s.URL())
	p.Post("lobby", "ann", "hello")
	p.Kill()
	p.Flags = append(p.Flags, "-existing")
	p.Start()
	p.Kill()
	s.Kill()
	if err := os.RemoveAll(s.Dir); err != nil {
		t.Fatal(err)
	}
	s.Start()
	p.Run()
	if status := p.Wait(); status != 1 || !strings.Contains(p.Log(), "stream is missing") {
		t.Errorf("the exit status is %d", status)
	}
}

// post posts one message and notes it.
func (o *poster) post(t *testing.T, p *program.Program) {
	t.Helper()
	text := "message " + time.Now().Format(time.RFC3339Nano)
	p.Post("lobby", "ann", text)
	o.acked = append(o.acked, text)
}
