package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// A target is a platform.
type target struct{ system, processor string }

// compile builds the program into a directory that remove removes.
func (t target) compile(root string, v version) (program string, remove func(), err error) {
	dir, err := os.MkdirTemp("", "release")
	if err != nil {
		return "", nil, err
	}
	program = filepath.Join(dir, "seaway")
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid= -X main.version="+v.name, "-o", program, "./server")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOOS="+t.system, "GOARCH="+t.processor, "GOAMD64=v1", "GOARM64=v8.0", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		os.RemoveAll(dir)
		return "", nil, fmt.Errorf("%w: %s", err, out)
	}
	return program, func() { os.RemoveAll(dir) }, nil
}
