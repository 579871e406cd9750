//go:build !js

package live

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seawaykit/seaway/app/goapp"
)

const (
	languageCookie = "language"
	languageAge    = 365 * 24 * time.Hour
)

func pageLanguage() string { return drawingHere().language.Tag }

// languages are those of a site, the default one first.
type languages []Language

// withDefaults fills in what a site leaves out.
func (all languages) withDefaults() languages {
	if len(all) == 0 {
		return languages{{Tag: "en", Words: &English}}
	}
	all = slices.Clone(all)
	for i := range all {
		if all[i].Words == nil {
			all[i].Words = &English
		}
	}
	return all
}

func (all languages) tags() (tags []string) {
	for _, l := range all {
		tags = append(tags, l.Tag)
	}
	return tags
}

// RequestLanguage returns the language that a request asks for, of those of a site: for
// what a server answers besides pages.
func RequestLanguage(r *http.Request, all []Language) Language {
	return languages(all).withDefaults().of(r)
}

// startWords returns the words of the script that starts the program, as JSON.
func (all languages) startWords(tag string) string {
	for _, l := range all {
		if l.Tag == tag && l.Words.Start != nil {
			return string(goapp.Pack(l.Words.Start))
		}
	}
	return ""
}

// of returns the language that a request asks for: by the cookie, or else by its
// Accept-Language.
func (all languages) of(r *http.Request) Language {
	if len(all) == 1 {
		return all[0]
	}
	if c, err := r.Cookie(languageCookie); err == nil {
		if i := all.index(c.Value); i >= 0 {
			return all[i]
		}
	}
	return all.accepted(r.Header.Values("Accept-Language"))
}

func (all languages) index(tag string) int {
	return slices.IndexFunc(all, func(l Language) bool { return strings.EqualFold(l.Tag, tag) })
}

// accepted returns the language that a header rates highest (RFC 9110, section 12.5.4).
// Each of its ranges stands for the first language that has it as its beginning, as zh
// for zh-CN, or shares the most of it, as zh-TW for zh-CN: the lookup of RFC 4647.
func (all languages) accepted(header []string) Language {
	best, rating := 0, 0.0
	for one := range strings.SplitSeq(strings.Join(header, ","), ",") {
		tag, q := weigh(one)
		if i := all.lookUp(tag); i >= 0 && q > rating {
			best, rating = i, q
		}
	}
	return all[best]
}

// weigh splits a range from its weight, which is 0 if it cannot be read.
func weigh(one string) (tag string, q float64) {
	tag, parameter, weighed := strings.Cut(one, ";")
	if !weighed {
		return strings.TrimSpace(tag), 1
	}
	value, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(parameter)), "q=")
	q, err := strconv.ParseFloat(value, 64)
	if !ok || err != nil || !(q <= 1) {
		q = 0
	}
	return strings.TrimSpace(tag), q
}

// lookUp returns the index of the language that a range stands for, -1 if there is none.
func (all languages) lookUp(tag string) int {
	if tag == "*" {
		return 0
	}
	for tag != "" {
		for i, l := range all {
			if len(l.Tag) >= len(tag) && strings.EqualFold(l.Tag[:len(tag)], tag) && (len(l.Tag) == len(tag) || l.Tag[len(tag)] == '-') {
				return i
			}
		}
		tag = tag[:max(0, strings.LastIndexByte(tag, '-'))]
	}
	return -1
}

// vary notes in an answer what it depends on, and in which language it is.
func (all languages) vary(h http.Header, l Language) {
	h.Set("Content-Language", l.Tag)
	if len(all) > 1 {
		h.Add("Vary", "Accept-Language, Cookie")
	}
}

// choose answers a form of [LanguageSwitch], of the site at root. It may come from anywhere:
// all that it changes is the browser's language, and it leads nowhere but to this server's
// pages.
func (all languages) choose(w http.ResponseWriter, r *http.Request, root *url.URL) {
	query := r.URL.Query()
	if i := all.index(query.Get(languageField)); i >= 0 {
		http.SetCookie(w, &http.Cookie{
			Name: languageCookie, Value: all[i].Tag, Path: root.Path, MaxAge: int(languageAge.Seconds()),
			HttpOnly: true, Secure: r.TLS != nil || root.Scheme == "https", SameSite: http.SameSiteLaxMode,
		})
	}
	back := url.URL{Path: "/" + strings.TrimLeft(query.Get(backField), `/\`)} // no other host
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Location", back.EscapedPath())
	w.WriteHeader(http.StatusSeeOther)
}
