package sse

import (
	"errors"
	"net"
	"testing"
	"time"
)

func TestHijackedThatIsCutNeverBlocksAgain(t *testing.T) {
	server, client := net.Pipe() // it has no room for anything
	defer client.Close()
	o := newHijacked(server, time.Minute, nil, true)
	o.context(t.Context())
	defer o.close()
	wrote := make(chan error)
	go func() { wrote <- o.Write([]byte("x")) }()
	o.Cut() // before or while it writes
	if err := <-wrote; err == nil {
		t.Error("written without a client")
	}
	if err := o.Write([]byte("x")); !errors.Is(err, errCut) {
		t.Error(err)
	}
}
