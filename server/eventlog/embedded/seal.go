package embedded

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// sealName is the file that a clean end leaves in the data directory. While the
// log is open it is not there.
const sealName = "CLOSED"

// A seal says which blocks there were at a clean end, and how long each was:
// only with it can a missing block be told from one that retention has removed,
// and a torn end from an event that was acknowledged.
type seal struct {
	Blocks map[string]int64 `json:"blocks"`
}

// readSeal returns nil if the log did not end cleanly. A damaged seal proves
// nothing; one that cannot be read might.
func readSeal(dir string) (*seal, error) {
	text, err := os.ReadFile(filepath.Join(dir, sealName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var s seal
	if json.Unmarshal(text, &s) != nil || s.Blocks == nil {
		return nil, nil
	}
	return &s, nil
}

// writeSeal is called when the server has ended.
func writeSeal(f files) error {
	blocks, err := f.blocks()
	if err != nil {
		return err
	}
	s := seal{Blocks: map[string]int64{}}
	for _, b := range blocks {
		info, err := os.Stat(b.path)
		if err != nil {
			return err
		}
		s.Blocks[b.name()] = info.Size()
	}
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return writeDurably(f.dir, sealName, append(text, '\n'))
}

// breakSeal removes the seal before the server writes anything.
func breakSeal(dir string) error {
	err := os.Remove(filepath.Join(dir, sealName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return errors.Join(err, syncDir(dir))
}
