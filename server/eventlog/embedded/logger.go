package embedded

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
)

// A serverLogger forwards what the NATS server logs. The server reports write
// errors nowhere else.
type serverLogger struct {
	*slog.Logger
	fatal atomic.Pointer[error] // the last fatal error
}

// Noticef logs the notices of normal operation at debug level: to a program its
// log is a detail.
func (l *serverLogger) Noticef(format string, v ...any) { l.Debug(text(format, v)) }

// Warnf logs a warning, at debug level if it is one that follows any crash.
func (l *serverLogger) Warnf(format string, v ...any) {
	line, level := text(format, v), slog.LevelWarn
	for _, part := range afterCrash {
		if strings.Contains(line, part) {
			level = slog.LevelDebug
		}
	}
	l.Log(context.Background(), level, line)
}

// afterCrash are parts of the server's warnings that an index is older than the
// events, or that a file is made anew from them. The server logs that after
// each kill -9, and this package logs it once, in its own words.
var afterCrash = []string{"state outdated", "state is outdated", "detected prior state", "prior state file"}

// Errorf logs an error.
func (l *serverLogger) Errorf(format string, v ...any) { l.Error(text(format, v)) }

// Fatalf stores an error after which the server does not start. The program
// goes on.
func (l *serverLogger) Fatalf(format string, v ...any) {
	err := fmt.Errorf("%s", text(format, v))
	l.fatal.Store(&err)
}

// Debugf logs details.
func (l *serverLogger) Debugf(format string, v ...any) { l.Debug(text(format, v)) }

// Tracef logs nothing: traces hold the events themselves.
func (l *serverLogger) Tracef(string, ...any) {}

func text(format string, v []any) string {
	return "nats: " + strings.TrimSpace(fmt.Sprintf(format, v...))
}
