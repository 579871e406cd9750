// Package durable writes small files that survive a power cut.
//
//	err := durable.WriteFile("data/session.key", text)
//
// When WriteFile has returned, the file holds the new content. If the program or
// the machine crashes during it, the file holds the old content or the new, never
// a part.
package durable

import (
	"errors"
	"os"
	"path/filepath"
)

// WriteFile creates or replaces a file that only its owner can read. It writes
// name with .new appended, syncs and renames that, and syncs the directory. A
// file of that name from an attempt that was cut off is written over.
func WriteFile(name string, text []byte) error {
	temp := name + ".new"
	f, err := os.OpenFile(temp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(temp, name); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(name))
}

// SyncDir makes the names in a directory durable: what was created, renamed or
// removed there.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
