package main

import (
	"errors"
	"testing"
)

func TestBuildErrorOfBothHalvesIsShownOnce(t *testing.T) {
	page := &failedBuild{"# a/shared\nshared/a.go:1:1: bad"}
	server := &failedBuild{"# a/shared\nshared/a.go:1:1: bad\n# a/server\nserver/b.go:2:2: bad"}
	other := errors.New("no space left")
	for _, c := range []struct {
		name         string
		page, server error
		want         string
	}{
		{"the page's", page, nil, page.text},
		{"the server's", nil, server, server.text},
		{"both", page, server, server.text},
		{"another error with it", page, other, page.text + "\n" + other.Error()},
	} {
		if err := joinBuildErrors(c.page, c.server); err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
	if err := joinBuildErrors(nil, nil); err != nil {
		t.Errorf("got %v without an error", err)
	}
}
