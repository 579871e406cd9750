package queue_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/seawaykit/seaway/app/internal/queue"
)

func ExampleQueue() {
	q := queue.New(0)
	done := false
	go func() {
		q.Put(func() { fmt.Println("a") })
		q.Put(func() { fmt.Println("b") })
		q.Put(func() { done = true })
	}()
	for !done {
		<-q.Ready()
		for _, do := range q.Take() {
			do()
		}
	}
	// Output:
	// a
	// b
}

func TestQueueWithALimitDropsTheOldest(t *testing.T) {
	q := queue.New(3)
	var got []int
	for n := range 5 {
		q.Put(func() { got = append(got, n) })
	}
	for _, do := range q.Take() {
		do()
	}
	if !slices.Equal(got, []int{2, 3, 4}) {
		t.Errorf("took %v", got)
	}
}

func TestQueueIsReadyOnceForManyPuts(t *testing.T) {
	q := queue.New(0)
	q.Put(func() {})
	q.Put(func() {})
	<-q.Ready()
	select {
	case <-q.Ready():
		t.Error("it is ready twice")
	default:
	}
	if n := len(q.Take()); n != 2 || q.Take() != nil {
		t.Errorf("took %d, and something is left", n)
	}
}

// Whatever the goroutines do, everything that is put is taken, each goroutine's
// in its order.
func TestQueueLosesNothing(t *testing.T) {
	const writers, each = 8, 1000
	q := queue.New(0)
	var all sync.WaitGroup
	var next [writers]int
	taken := 0
	for w := range writers {
		all.Go(func() {
			for n := range each {
				q.Put(func() {
					if n != next[w] {
						t.Errorf("of writer %d item %d came in place of %d", w, n, next[w])
					}
					next[w]++
					taken++
				})
			}
		})
	}
	for taken < writers*each && !t.Failed() {
		<-q.Ready()
		for _, do := range q.Take() {
			do()
		}
	}
	all.Wait()
}
