package faults_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seawaykit/seaway/e2e/faults/program"
)

// readers are clients that do nothing but load the front page, each on a
// connection of its own, as fast as they get it.
type readers struct {
	pages, busy, failed atomic.Int64
	stop                func()
}

// startReaders returns when they run. stop ends them.
func startReaders(t *testing.T, p *program.Program, n int) *readers {
	r := &readers{}
	ctx, cancel := context.WithCancel(t.Context())
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: n, MaxConnsPerHost: n}}
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			for ctx.Err() == nil {
				r.load(ctx, client, p.URL)
			}
		})
	}
	r.stop = sync.OnceFunc(func() { cancel(); all.Wait(); client.CloseIdleConnections() })
	t.Cleanup(r.stop)
	return r
}

// load loads the page once. A client that is asked to retry later does so.
func (r *readers) load(ctx context.Context, client *http.Client, url string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/", nil)
	if err != nil {
		panic(err)
	}
	req.Header.Set("Accept-Encoding", "gzip")
	resp, err := client.Do(req)
	if err != nil {
		r.failed.Add(1)
		return
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	switch {
	case err != nil:
		r.failed.Add(1)
	case resp.StatusCode == http.StatusOK:
		r.pages.Add(1)
	case resp.StatusCode == http.StatusServiceUnavailable && resp.Header.Get("Retry-After") != "":
		r.busy.Add(1)
	default:
		r.failed.Add(1)
	}
}

// Readers of pages, however many, leave room for those who write and those who
// have just come. The bounds are generous: the machine may have two cores for
// everything.
func TestPagesLeaveRoomForPosts(t *testing.T) {
	for _, n := range []int{50, 400} {
		t.Run(fmt.Sprint(n, " readers"), func(t *testing.T) {
			p := program.Start(t)
			for i := range 200 {
				p.Post("lobby", "ann", fmt.Sprint("message ", i, " ", strings.Repeat("x", 100)))
			}
			r := startReaders(t, p, n)
			program.Until(t, time.Minute, "pages are read", func() bool { return r.pages.Load() > 0 })
			begin, before := time.Now(), r.pages.Load()
			var posts, fresh []time.Duration
			for i := range 40 {
				posts = append(posts, timed(func() { p.Post("lobby", "bob", fmt.Sprint("beside them ", i)) }))
				if i%4 == 0 {
					fresh = append(fresh, timed(func() { serveFresh(t, p) }))
				}
			}
			took := time.Since(begin)
			pages := r.pages.Load() - before
			r.stop()
			t.Logf("%d readers: %.0f pages/s, %d refused as busy, %d failed; posts p50 %v p99 %v; fresh connections p50 %v max %v; %d KiB",
				n, float64(pages)/took.Seconds(), r.busy.Load(), r.failed.Load(),
				quantile(posts, 0.5), quantile(posts, 0.99), quantile(fresh, 0.5), quantile(fresh, 1), p.Memory("VmHWM"))
			if pages == 0 {
				t.Error("no reader got a page")
			}
			if worst := quantile(posts, 1); worst > 5*time.Second {
				t.Errorf("a post took %v", worst)
			}
			if worst := quantile(fresh, 1); worst > 5*time.Second {
				t.Errorf("a fresh connection was served after %v", worst)
			}
			if lines := strings.Count(p.Log(), "level=WARN"); lines > int(took/(10*time.Second))+3 {
				t.Errorf("%d warnings in %v:\n%.2000s", lines, took, p.Log())
			}
		})
	}
}

func timed(do func()) time.Duration {
	begin := time.Now()
	do()
	return time.Since(begin)
}

func quantile(all []time.Duration, q float64) time.Duration {
	slices.Sort(all)
	return all[int(q*float64(len(all)-1))].Round(time.Millisecond / 10)
}

// serveFresh makes a request on a new connection.
func serveFresh(t *testing.T, p *program.Program) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}
	resp, err := client.Get(p.URL + "/app.js")
	if err != nil {
		t.Fatalf("a fresh connection: %v", err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("a fresh connection: %s, %v", resp.Status, err)
	}
}
