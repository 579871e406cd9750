package livelist_test

import (
	"strconv"
	"strings"

	"github.com/seawaykit/seaway/app/livelist"
)

// An item stands by rank, if the list has an order.
type item struct {
	key  string
	rank int
	text string
}

func keyOf(i item) string { return i.key }
func written(i item) bool { return i.text == "own" }

type opts = livelist.Options[item]

// mine are pending items.
func mine(keys ...string) (all []livelist.Pending[item]) {
	for _, key := range keys {
		all = append(all, livelist.Pending[item]{Item: item{key, 0, key}})
	}
	return all
}

func newList(limit int) *livelist.List[item] {
	return livelist.New(opts{Key: keyOf, Limit: limit})
}

// filled returns a list that has had n items.
func filled(limit, n int) *livelist.List[item] {
	l := newList(limit)
	for i := range n {
		l.Upsert(item{key: strconv.Itoa(i)})
	}
	return l
}

func texts(l *livelist.List[item]) string {
	var all []string
	for i := range l.All() {
		all = append(all, i.text)
	}
	return strings.Join(all, " ")
}
