package embedded

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

func TestValuesOnAFullDiskStayAsTheyWere(t *testing.T) {
	if !withOwnMounts(t) {
		return
	}
	disk := mountDisk(t)
	log := openLog(t, Options{
		Dir: filepath.Join(disk, "data"), Retention: eventlog.Retention{MaxBytes: 1 << 30}, healthEvery: 20 * time.Millisecond,
	})
	defer log.Close()
	ids := fill(t, log, 50)
	v := eventlog.Value{Name: "v", Position: ids[0], Data: bytes.Repeat([]byte("old"), 50_000), Holds: true}
	must(t, log.Put(t.Context(), v, event.ID{}))
	ballast := filepath.Join(disk, "ballast")
	occupy(t, ballast)
	until(t, func() bool {
		now := v
		now.Position, now.Data = ids[1], bytes.Repeat([]byte("new"), 100_000)
		err := log.Put(t.Context(), now, v.Position)
		if err == nil { // there was room after all
			v = now
			v.Position = ids[1]
			ids = ids[1:]
		}
		return errors.Is(err, eventlog.ErrFull)
	})
	hasValues(t, log, []eventlog.Value{v})
	if err := log.Health(); !errors.Is(err, eventlog.ErrFull) {
		t.Errorf("the health of a full log is %v", err)
	}
	must(t, os.Remove(ballast))
	until(t, func() bool { return log.Health() == nil })
	hasValues(t, log, []eventlog.Value{v})
	now := v
	now.Position, now.Data = ids[2], []byte(strconv.Itoa(len(ids)))
	must(t, log.Put(t.Context(), now, v.Position))
	hasValues(t, log, []eventlog.Value{now})
}
