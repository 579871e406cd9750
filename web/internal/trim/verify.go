package trim

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// verify compares the module in the cache with its line in go.sum. `go mod verify`
// does so too, but for all modules, which takes seconds; and the library that it
// uses would be a dependency for twenty lines.
func (m *module) verify(sumfile string) error {
	is := *m
	if m.Replace != nil {
		is.Path, is.Version = m.Replace.Path, m.Replace.Version
	}
	if is.Version == "" { // a local directory has none
		return nil
	}
	sums, err := os.ReadFile(sumfile)
	if err != nil {
		return err
	}
	name := is.Path + "@" + is.Version
	sum, err := sumOf(is.Dir, name)
	if err != nil {
		return fmt.Errorf("go-app in the module cache cannot be verified: %w", err)
	}
	if !slices.Contains(strings.Split(string(sums), "\n"), is.Path+" "+is.Version+" "+sum) {
		return fmt.Errorf("%s in the module cache is not what go.sum says (it is %s): "+
			"%s was changed; go clean -modcache removes it, and the next build downloads it again", name, sum, is.Dir)
	}
	return nil
}

// sumOf returns a directory's hash as go.sum has it, of the form h1: SHA-256 of a
// list of the files' hashes, sorted by name.
func sumOf(dir, module string) (string, error) {
	var list []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			list = append(list, name)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	slices.Sort(list)
	all := sha256.New()
	for _, name := range list {
		sum, err := fileSum(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(all, "%x  %s/%s\n", sum, module, name)
	}
	return "h1:" + base64.StdEncoding.EncodeToString(all.Sum(nil)), nil
}

func fileSum(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, f)
	return sum.Sum(nil), err
}
