//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// newGroup starts the server in a process group of its own, so that a terminal's
// Ctrl-C does not reach it: it would end before dev knows why, and the pages would
// show a crash.
func newGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
