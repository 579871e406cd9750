package assets

import "testing"

func TestNegotiateReturnsThePreferredCoding(t *testing.T) {
	encodings := []encoding{{coding: "br"}, {coding: "gzip"}, {coding: identity}}
	for _, c := range []struct {
		lines []string
		want  string
	}{
		{nil, identity},
		{[]string{""}, identity},
		{[]string{"gzip, deflate, br, zstd"}, "br"},
		{[]string{"gzip"}, "gzip"},
		{[]string{"gzip", "br"}, "br"},
		{[]string{"gzip;q=1.0, br;q=0.5"}, "gzip"},
		{[]string{"gzip;q=0.5, br;q=0.5"}, "br"},
		{[]string{"gzip;q=0.001"}, "gzip"},
		{[]string{"br;q=0, gzip;q=0"}, identity},
		{[]string{"br;q=0, *;q=0.1"}, "gzip"},
		{[]string{"identity, br;q=0.9, gzip;q=0.9"}, identity},
		{[]string{"identity;q=0.5, gzip;q=0.4"}, identity},
		{[]string{"*"}, "br"},
		{[]string{"*;q=0"}, ""},
		{[]string{"*;q=0, identity;q=0.1"}, identity},
		{[]string{"identity;q=0"}, ""},
		{[]string{"identity;q=0, gzip"}, "gzip"},
		{[]string{"zstd, deflate"}, identity},
		{[]string{"BR ; Q=0.7 , GZip ; q=0.6"}, "br"},
		{[]string{"x-gzip"}, "gzip"},
		{[]string{"br;q=2, gzip"}, "gzip"},
		{[]string{"br;q=NaN, gzip;q=0.1"}, "gzip"},
		{[]string{"br;q=1e-1, gzip;q=0.05"}, "gzip"},
		{[]string{"br;q=, gzip;q=0.1"}, "gzip"},
		{[]string{"br;level=9, gzip;q=0.1"}, "gzip"},
		{[]string{",,;,gzip"}, "gzip"},
	} {
		got := ""
		if i := negotiate(encodings, c.lines); i >= 0 {
			got = encodings[i].coding
		}
		if got != c.want {
			t.Errorf("Accept-Encoding %q: got %q, want %q", c.lines, got, c.want)
		}
	}
}

func TestFileWithoutPackedEncodingsIsSentPlain(t *testing.T) {
	plain := []encoding{{coding: identity}}
	if i := negotiate(plain, []string{"br, gzip"}); i != 0 {
		t.Errorf("got %d, want the plain form", i)
	}
	if i := negotiate(plain, []string{"br, identity;q=0"}); i != -1 {
		t.Errorf("got %d for a client that refuses it, want none", i)
	}
}
