package refuse_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// recipes are the languages of the guide's blocks that configure a proxy, with the files of
// e2e/deploy that they are, and those of a site below a path.
var recipes = map[string]struct{ title, root, below string }{
	"caddy":   {"Caddy", "caddy/Caddyfile", "caddy/Caddyfile-below-a-path"},
	"nginx":   {"nginx", "nginx/app.conf", "nginx/app-below-a-path.conf"},
	"apache":  {"Apache", "apache/app.conf", "apache/app-below-a-path.conf"},
	"haproxy": {"HAProxy", "haproxy/haproxy.cfg", "haproxy/haproxy-below-a-path.cfg"},
	"vcl":     {"Varnish", "varnish/app.vcl", "varnish/app-below-a-path.vcl"},
}

var becomes = regexp.MustCompile("(?s)`([^`]+)` becomes `([^`]+)`")

// The guide's configurations are the files that make proxies runs, and so are they with the
// lines that the guide has for a site below a path.
func TestGuidesProxiesAreTheFiles(t *testing.T) {
	text := readFile(t, "../../web/guide/deploying.md")
	seen := 0
	for _, b := range blocksOf(t, "deploying.md", text) {
		r, ok := recipes[b.lang]
		if !ok {
			continue
		}
		seen++
		_, item, _ := strings.Cut(text, "\n- "+r.title+": ")
		item, _, _ = strings.Cut(item, "\n- ")
		item, _, _ = strings.Cut(item, "\n\n")
		below := b.text
		for _, pair := range becomes.FindAllStringSubmatch(item, -1) {
			if strings.Count(below, pair[1]) != 1 {
				t.Errorf("%s is not once in\n%s", pair[1], below)
			}
			below = strings.Replace(below, pair[1], pair[2], 1)
		}
		for name, want := range map[string]string{r.root: b.text, r.below: below} {
			if got := readFile(t, "../deploy/"+name); got != want {
				t.Errorf("e2e/deploy/%s is\n%s\nand in the guide\n%s", name, got, want)
			}
		}
		if below == b.text {
			t.Errorf("the guide has no lines of %s for a site below a path", r.title)
		}
	}
	if seen != len(recipes) {
		t.Errorf("the guide has %d of %d configurations", seen, len(recipes))
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
