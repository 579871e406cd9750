package progress_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/web/internal/progress"
)

// A clocked writer measures the longest time in which nothing was written.
type clocked struct {
	bytes.Buffer
	last    time.Time
	longest time.Duration
}

func (c *clocked) Write(b []byte) (int, error) {
	c.pause()
	return c.Buffer.Write(b)
}

func (c *clocked) pause() {
	now := time.Now()
	if !c.last.IsZero() {
		c.longest = max(c.longest, now.Sub(c.last))
	}
	c.last = now
}

// The time is a bubble's: what takes ten minutes there takes none.
func TestProgressIsNeverSilentForTenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out, failure := &clocked{}, errors.New("no luck")
		err := progress.Of(out, "compile ./app", func() error {
			time.Sleep(10 * time.Minute)
			return failure
		})
		out.pause()
		if err != failure || out.longest == 0 || out.longest >= 10*time.Second {
			t.Errorf("silent for %v; %v, want %v", out.longest, err, failure)
		}
		said := out.String()
		if !strings.HasPrefix(said, "compile ./app\ncompile ./app: 5s so far\n") || !strings.Contains(said, "\ncompile ./app: 9m55s so far\n") {
			t.Errorf("it printed\n%s", said)
		}
		time.Sleep(time.Minute)
		if out.String() != said {
			t.Error("something was printed after the work")
		}
	})
}

func TestProgressOfShortWorkIsOneLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		if err := progress.Of(&out, "pack", func() error { time.Sleep(time.Second); return nil }); err != nil || out.String() != "pack\n" {
			t.Errorf("%v, printed %q", err, &out)
		}
		stop := progress.Watch(&out, "build")
		time.Sleep(time.Second)
		stop()
		stop() // once more does no harm
		if out.String() != "pack\n" {
			t.Errorf("printed %q", &out)
		}
	})
}

func ExampleOf() {
	err := progress.Of(os.Stdout, "compile ./app", func() error { return nil })
	fmt.Println(err)
	// Output:
	// compile ./app
	// <nil>
}
