//go:build unix

package main

import (
	"syscall"
	"testing"
)

func TestInterruptOfTheTerminalDoesNotReachTheServer(t *testing.T) {
	group, err := syscall.Getpgid(play(t, "serve").cmd.Process.Pid)
	if err != nil || group == syscall.Getpgrp() {
		t.Errorf("the server is in the group that the terminal interrupts: %d, %v", group, err)
	}
}
