package live

import (
	"context"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/httpd"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

// defaultQuotas let no topic of clients have more of the log than that, whoever sends it:
// one topic alone replaces all that a log of the default size retains in three hours.
var defaultQuotas = map[string]access.Quota{
	"**": {Events: access.Rate{PerSecond: 200, Burst: 2000}, Bytes: access.Rate{PerSecond: 100e3, Burst: 4e6}},
}

var errTopicQuota = fault.New(fault.RateLimited, "there is too much at once here: try again in a moment")

// A clientLog is a log that bounds by topic what is appended for clients: in the functions
// of commands, with their contexts, and by mutations. What the program appends by itself is
// not bounded.
type clientLog struct {
	eventlog.Log
	quotas *access.Quotas
}

// boundLog returns the log that a server and its functions use, and sets its quotas.
func boundLog(log eventlog.Log, o Options) *clientLog {
	bound, ok := log.(*clientLog) // of Main's
	if !ok {
		bound = &clientLog{Log: log}
	}
	switch {
	case o.Quotas != nil:
		bound.quotas = access.NewQuotas(o.Quotas)
	case !o.Limits.None:
		bound.quotas = access.NewQuotas(defaultQuotas)
	}
	return bound
}

// Append implements [eventlog.Log].
func (l *clientLog) Append(ctx context.Context, d event.Draft) (event.ID, error) {
	if err := l.allow(ctx, d); err != nil {
		return event.ID{}, err
	}
	return l.Log.Append(ctx, d)
}

// AppendAll implements [eventlog.Log].
func (l *clientLog) AppendAll(ctx context.Context, drafts []event.Draft) ([]event.ID, error) {
	if err := l.allow(ctx, drafts...); err != nil {
		return nil, err
	}
	return l.Log.AppendAll(ctx, drafts)
}

// allow counts drafts of one topic.
func (l *clientLog) allow(ctx context.Context, drafts ...event.Draft) error {
	request := callerOf(ctx).request
	if l.quotas == nil || len(drafts) == 0 || request == nil {
		return nil
	}
	client, _ := httpd.Client(request) // empty if it is not known
	bytes := 0
	for _, d := range drafts {
		bytes += eventlog.Size(d)
	}
	if !l.quotas.Allow(drafts[0].Topic, client, len(drafts), bytes) {
		return errTopicQuota
	}
	return nil
}

// Health returns that of the log, if it has one.
func (l *clientLog) Health() error {
	if log, ok := l.Log.(interface{ Health() error }); ok {
		return log.Health()
	}
	return nil
}

// Acknowledged implements [eventlog.Acknowledger] for a log that does: without it each view of
// a page asks the store.
func (l *clientLog) Acknowledged() (seq uint64, known bool) {
	if log, ok := l.Log.(eventlog.Acknowledger); ok {
		return log.Acknowledged()
	}
	return 0, false
}
