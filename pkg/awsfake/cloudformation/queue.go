package cloudformation

import (
	"slices"
	"time"
)

// queue holds what happens later on the clock.
type queue struct {
	items []item
}

type item struct {
	at time.Time
	do func(at time.Time)
}

// add puts do behind everything that is due at the same instant.
func (q *queue) add(at time.Time, do func(at time.Time)) {
	i := slices.IndexFunc(q.items, func(i item) bool { return i.at.After(at) })
	if i < 0 {
		i = len(q.items)
	}
	q.items = slices.Insert(q.items, i, item{at, do})
}

// run does what is due by now, each at its own instant, also what this adds.
func (q *queue) run(now time.Time) {
	for len(q.items) > 0 && !q.items[0].at.After(now) {
		first := q.items[0]
		q.items = q.items[1:]
		first.do(first.at)
	}
}
