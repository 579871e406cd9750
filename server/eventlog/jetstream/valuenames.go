package jetstream

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/seawaykit/seaway/server/eventlog"
)

// Names implements [eventlog.Values]. The leader answers, with 100,000 names at
// once: if there are more, one that is put or deleted meanwhile may hide another.
func (l *Log) Names(ctx context.Context, prefix string) ([]string, error) {
	names, err := l.names(ctx, prefix)
	if err != nil {
		return nil, fmt.Errorf("names of values: %w", err)
	}
	return names, nil
}

func (l *Log) names(ctx context.Context, prefix string) ([]string, error) {
	ctx, leave, err := l.ready(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	o := l.values.o
	tokens := prefix[:strings.LastIndexByte(prefix, '.')+1] // the whole ones
	if tokens != "" && eventlog.CheckValueName(strings.TrimSuffix(tokens, ".")) != nil {
		return nil, nil // the prefix of no name
	}
	found, gone := map[string]bool{}, map[string]bool{}
	for offset, total := 0, 1; offset < total; {
		err := l.again(ctx, func() error {
			info, err := l.values.subjects(ctx, o.heads("*", tokens+">"), offset)
			if err != nil {
				return err
			}
			for subject := range info.State.Subjects {
				kind, name, _ := strings.Cut(strings.TrimPrefix(subject, o.Subject+".value."), ".")
				if strings.HasPrefix(name, prefix) {
					found[name] = true
					gone[name] = gone[name] || kind == goneKind
				}
			}
			total, offset = info.Total, offset+max(info.Limit, 1)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return l.present(ctx, found, gone)
}

// present returns the names in order. Of those that are about to be deleted, or
// were when a node died, it asks for the value.
func (l *Log) present(ctx context.Context, found, gone map[string]bool) (names []string, err error) {
	for name := range found {
		there := true
		if gone[name] {
			err := l.again(ctx, func() error {
				h, err := l.head(ctx, name)
				there = h.isThere()
				return err
			})
			if err != nil {
				return nil, err
			}
		}
		if there {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}
