package main

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A member is a file of an archive.
type member struct {
	name, path string
	mode       int64
}

// writeArchive writes files into a compressed archive, below a folder. All have one
// time, and belong to no user of this machine.
func writeArchive(path, folder string, at time.Time, files []member) error {
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	packed, err := gzip.NewWriterLevel(out, gzip.BestCompression)
	if err != nil {
		return errors.Join(err, out.Close())
	}
	archive := tar.NewWriter(packed)
	for _, m := range files {
		err = errors.Join(err, m.add(archive, folder, at))
	}
	return errors.Join(err, archive.Close(), packed.Close(), out.Close())
}

func (m member) add(to *tar.Writer, folder string, at time.Time) error {
	f, err := os.Open(m.path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	header := &tar.Header{Name: folder + "/" + m.name, Mode: m.mode, Size: info.Size(), ModTime: at, Format: tar.FormatUSTAR}
	if err := to.WriteHeader(header); err != nil {
		return err
	}
	_, err = io.Copy(to, f)
	return err
}

// writeSums writes the sums of all files in a directory, as sha256sum -c reads them.
func writeSums(dir string) error {
	entries, err := os.ReadDir(dir) // sorted by name
	if err != nil {
		return err
	}
	var lines strings.Builder
	for _, e := range entries {
		sum, err := sumOf(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(&lines, "%s  %s\n", sum, e.Name())
	}
	return os.WriteFile(filepath.Join(dir, "SHA256SUMS"), []byte(lines.String()), 0o644)
}

func sumOf(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", sha256.Sum256(data)), nil
}
