// Command server is the whole product in one program: the page, its stream, its
// commands and the log.
package main

import (
	"context"
	"flag"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/seawaykit/seaway/server/eventlog/embedded"
)

func main() {
	addr := flag.String("addr", ":8000", "`address` to listen on")
	data := flag.String("data", "data", "`directory` of the log")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *addr, *data); err != nil {
		slog.Error("the server has ended", "err", err)
		os.Exit(1)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, addr, data string) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	log, err := embedded.Open(ctx, embedded.Options{Dir: data})
	if err != nil {
		return err
	}
	defer log.Close()
	s, err := newSite(log)
	if err != nil {
		return err
	}
	slog.Info("listening", "addr", listener.Addr())
	return s.serve(ctx, listener)
}
