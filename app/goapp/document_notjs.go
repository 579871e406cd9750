//go:build !js

package goapp

import (
	"bytes"
	"net/http"
	"net/url"
)

// A drawer draws pages by go-app, and corrects what is wrong with them.
type drawer struct {
	goapp  http.Handler
	files  generatedFiles
	root   root
	status func(*http.Request) int // nil for those of go-app's routes
}

// ServeHTTP draws a page.
func (d drawer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	status := http.StatusOK
	if d.status != nil {
		status = d.status(r)
	}
	if status == 0 {
		http.NotFound(w, r)
		return
	}
	page := d.draw(r, w.Header())
	if status != http.StatusOK {
		page.status = status
	}
	page.writeTo(w)
}

// draw draws the page, as for a client that has none yet: go-app would answer
// it by its one ETag, the version, which a page changes without.
func (d drawer) draw(r *http.Request, header http.Header) *bufferedPage {
	r = r.Clone(r.Context())
	r.Header.Del("If-None-Match")
	page := &bufferedPage{header: header.Clone(), status: http.StatusOK}
	if page.header == nil {
		page.header = http.Header{}
	}
	d.goapp.ServeHTTP(page, r)
	page.header.Del("ETag")
	if page.header.Get("Content-Type") == "text/html" {
		page.header.Set("Content-Type", "text/html; charset=utf-8")
		page.header.Del("Content-Length")
		cleaned := d.clean(page.body.Bytes())
		page.body = *bytes.NewBuffer(cleaned)
	}
	return page
}

// clean gives addresses the site's host and prefix and the scripts' hashes. It removes the
// line ends and indents that go-app writes between tags: a quarter of a page, and spaces
// in a line that the browser's half does not draw.
func (d drawer) clean(html []byte) []byte {
	head, body, found := bytes.Cut(html, []byte("</head>"))
	if !found {
		return html
	}
	head = d.files.address(d.root.head(head))
	return d.root.document(compact(append(append(head, "</head>"...), body...)))
}

// compact removes the line end and the indent that go-app writes between two tags. A text
// of spaces stands on a line of its own there, and stays as one space. Angle brackets are
// those of tags: in texts they are escaped.
func compact(html []byte) []byte {
	out := make([]byte, 0, len(html))
	for i := 0; i < len(html); i++ {
		out = append(out, html[i])
		if html[i] != '>' || i+1 == len(html) || html[i+1] != '\n' {
			continue
		}
		end := i + 1
		for end < len(html) && (html[end] == '\n' || html[end] == ' ') {
			end++
		}
		if end < len(html) && html[end] != '<' {
			continue
		}
		if bytes.Count(html[i:end], []byte("\n")) > 1 {
			out = append(out, ' ')
		}
		i = end - 1
	}
	return out
}

func pathURL(path string) *url.URL { return &url.URL{Path: path} }
