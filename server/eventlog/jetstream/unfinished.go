package jetstream

import (
	"context"
	"strconv"
)

// RemoveUnfinished removes the events at the log's end that belong to a batch of which
// the rest was lost, and returns how many. A server that dies while it stores a batch
// stores the rest when it starts, unless that was lost as well, as by a power cut. The
// keys of what was removed are known until the server is started again. It is for the
// owner of the only server, before anything is appended.
func (l *Log) RemoveUnfinished(ctx context.Context) (removed int, err error) {
	ctx, leave, err := l.ready(ctx)
	if err != nil {
		return 0, err
	}
	defer leave()
	err = l.again(ctx, func() error {
		first, last, err := l.unfinished(ctx)
		if err != nil || last == 0 {
			return err
		}
		for seq := last; seq >= first; seq-- {
			header, err := l.stored(ctx, seq)
			if err == nil && len(header) == 0 {
				continue // it has left
			}
			if err == nil {
				err = l.call(ctx, "MSG.DELETE", map[string]any{"seq": seq, "no_erase": true})
			}
			if err != nil {
				return err
			}
			removed++
		}
		return nil
	})
	return removed, err
}

// unfinished returns the numbers of the first and the last message of a batch at the
// log's end that has no last one, 0 if there is none.
func (l *Log) unfinished(ctx context.Context) (first, last uint64, err error) {
	m, found, err := l.ask(ctx, messageGet{Last: l.o.Subject + ".>"})
	if err != nil || !found {
		return 0, 0, err
	}
	header, err := m.header()
	if err != nil {
		return 0, 0, err
	}
	number, err := strconv.ParseUint(header.Get(batchNumberHeader), 10, 64)
	if err != nil || number == 0 || number > m.Seq || header.Get(batchCommitHeader) != "" {
		return 0, 0, nil
	}
	return m.Seq - number + 1, m.Seq, nil
}
