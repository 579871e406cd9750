//go:build !js

package goapp

import (
	"bytes"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// A root is where a site is. go-app knows nothing of it: what it draws is for a site at
// the root of a host that it does not know, and is put right afterwards.
type root struct {
	origin string // as https://example.com; empty if it is not known
	prefix string // of the site's paths, as /app; empty at the root of the host
}

func newRoot(address string) root {
	u, err := url.Parse(address)
	if err != nil {
		panic("goapp: the site's address: " + err.Error())
	}
	r := root{prefix: strings.TrimSuffix(u.EscapedPath(), "/")}
	if u.Host != "" {
		r.origin = u.Scheme + "://" + u.Host
	}
	return r
}

// linking are the attributes that hold addresses.
var linking = []string{"href", "src", "action", "formaction", "cite", "data", "poster"}

// document puts the prefix before the paths in a document's attributes. In texts and in
// JSON there are no quotation marks before a path: they are escaped.
func (r root) document(html []byte) []byte {
	if r.prefix == "" {
		return html
	}
	const before, after = `="`, "/"
	out := make([]byte, 0, len(html)+len(html)/32)
	for {
		i := bytes.Index(html, []byte(before+after))
		if i < 0 {
			return append(out, html...)
		}
		name := html[bytes.LastIndexByte(html[:i], ' ')+1 : i]
		i += len(before)
		out = append(out, html[:i]...)
		if html = html[i:]; slices.Contains(linking, string(name)) && !r.has(html) {
			out = append(out, r.prefix...)
		}
		out, html = append(out, after...), html[len(after):]
	}
}

// has reports whether a text begins with an address that needs no prefix.
func (r root) has(text []byte) bool {
	return bytes.HasPrefix(text, []byte("//")) || bytes.HasPrefix(text, []byte(r.prefix+"/"))
}

// nowhere are tags that name an address without a host, which go-app makes of the domain
// that it is not given: it draws for all the hosts that a server has.
var nowhere = regexp.MustCompile(`<(?:meta|link) [^>]*(?:content|href)="https://(/[^"]*)?"[^>]*>`)

// ogURL is in the one tag that is about the front page if it has no path.
var ogURL = []byte(`property="og:url"`)

// head gives tags without a host that of the site, or removes them if it is not known.
func (r root) head(head []byte) []byte {
	return nowhere.ReplaceAllFunc(head, func(tag []byte) []byte {
		path := nowhere.FindSubmatch(tag)[1]
		switch isPage := bytes.Contains(tag, ogURL); {
		case r.origin == "", len(path) == 0 && !isPage:
			return nil
		case len(path) == 0:
			path = []byte("/")
		}
		address := r.origin
		if !r.has(path) {
			address += r.prefix
		}
		before, after, _ := bytes.Cut(tag, []byte(`="https://`))
		_, after, _ = bytes.Cut(after, []byte(`"`))
		return slices.Concat(before, []byte(`="`+address), path, []byte(`"`), after)
	})
}

// generated puts the prefix before the paths in a file that go-app makes.
func (r root) generated(path string, text []byte) []byte {
	prefixed := func(before string) { text = replace(text, before+`"/`, before+`"`+r.prefix+"/") }
	switch path {
	case "/app-worker.js":
		text = replace(text, `const cacheName = "app-"`, `const cacheName = own`)
		text = replace(text, "if (key !== cacheName)", "if (key !== cacheName && key.startsWith(own))")
		before, list, _ := bytes.Cut(text, []byte(listed))
		list, after, _ := bytes.Cut(list, []byte("\n"))
		list = bytes.ReplaceAll(list, []byte(`"`+r.prefix+`/`), []byte(`"/`)) // files of the program have it
		list = bytes.ReplaceAll(list, []byte(`"/`), []byte(`"`+r.prefix+`/`))
		text = slices.Concat(before, []byte(listed), list, []byte("\n"), after)
	case "/app.js":
		prefixed(`"GOAPP_ROOT_PREFIX":`)
		text = replace(text, `"/app-worker.js"`, `"`+r.prefix+`/app-worker.js"`)
	case "/manifest.webmanifest":
		prefixed(`"scope":`)
		prefixed(`"start_url":`)
		text = bytes.ReplaceAll(text, []byte(`"src":"/`), []byte(`"src":"`+r.prefix+`/`))
		text = bytes.ReplaceAll(text, []byte(`"src":"`+r.prefix+r.prefix+`/`), []byte(`"src":"`+r.prefix+`/`))
	}
	return text
}

// listed is before what the service worker keeps.
const listed = "const resourcesToCache = "

// replace replaces a text that go-app's file has.
func replace(text []byte, old, new string) []byte {
	if !bytes.Contains(text, []byte(old)) {
		panic("goapp: go-app's file has no " + old)
	}
	return bytes.Replace(text, []byte(old), []byte(new), 1)
}
