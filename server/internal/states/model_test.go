package states_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/internal/states"
)

// Random histories: events, nodes that start, end and are killed, erasures, and
// time. Every node that runs shows what the model does.
func TestStatesAreWhatTheirModelIs(t *testing.T) {
	seeds := 60
	if testing.Short() {
		seeds = 15
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { play(t, rand.New(rand.NewPCG(uint64(seed), 2))) })
		})
	}
}

func play(t *testing.T, r *rand.Rand) {
	log := &faulty{Log: small()}
	model := map[string]int{}
	var nodes []*node
	start := func() { nodes = append(nodes, run(t, log, states.Options{Memory: 2_000 + r.IntN(8_000)})) }
	end := func(killed bool) {
		i := r.IntN(len(nodes))
		log.broken.Store(killed)
		nodes[i].stop()
		log.broken.Store(false)
		nodes = append(nodes[:i], nodes[i+1:]...)
	}
	start()
	for range 300 {
		key := fmt.Sprint("k", r.IntN(12))
		switch n := r.IntN(100); {
		case n < 70:
			for range 1 + r.IntN(20) {
				add(t, log, key, "a")
				model[key]++
			}
		case n < 85:
			time.Sleep(time.Duration(r.IntN(20_000)) * time.Millisecond)
		case n < 88 && len(nodes) < 3:
			start()
		case n < 92 && len(nodes) > 1:
			end(r.IntN(2) == 0)
		case n < 94:
			end(r.IntN(2) == 0)
			if len(nodes) == 0 {
				start()
			}
		case n < 96:
			if err := nodes[r.IntN(len(nodes))].Erase(t.Context(), key); err != nil {
				t.Fatal(err)
			}
			model[key] = 0
		default:
			want := ""
			if model[key] > 0 {
				want = fmt.Sprint("a", model[key])
			}
			nodes[r.IntN(len(nodes))].shows(t, key, want)
		}
	}
	for len(nodes) > 0 {
		for key, count := range model {
			want := ""
			if count > 0 {
				want = fmt.Sprint("a", count)
			}
			nodes[0].shows(t, key, want)
		}
		nodes[0].stop()
		nodes = nodes[1:]
	}
}
