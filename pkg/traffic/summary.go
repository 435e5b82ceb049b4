package traffic

import (
	"strings"
	"sync"
	"time"
)

// Summary is what came of Send. It is also the JSON of the hit command.
type Summary struct {
	Sent     int            `json:"sent"`     // requests made, answered or not
	Outcomes map[string]int `json:"outcomes"` // recorded, dropped: reason, http 429, error: cause, unanswered
	Latency  Latency        `json:"latency_ms"`
	Seconds  float64        `json:"seconds"` // from the first request to the last answer
	Rate     float64        `json:"rate"`    // hits per second reached
	Seed     uint64         `json:"seed"`
	FirstID  string         `json:"first_id"` // client_event_id of the first hit sent
	LastID   string         `json:"last_id"`
}

// Latency is the time to the whole answer in milliseconds, over answered hits.
// Percentiles are at most 3.2 % too high, Max is exact.
type Latency struct {
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

// Recorded is the number of hits that the collector said it keeps.
func (s Summary) Recorded() int { return s.Outcomes[recorded] }

// Dropped is the number of hits that the collector answered but did not keep.
func (s Summary) Dropped() int {
	n := 0
	for outcome, count := range s.Outcomes {
		if strings.HasPrefix(outcome, "dropped") {
			n += count
		}
	}
	return n
}

// tally collects results from all workers.
type tally struct {
	mu       sync.Mutex
	sent     int
	done     int
	outcomes map[string]int
	latency  histogram
	first    string
	last     string
}

func newTally() *tally { return &tally{outcomes: map[string]int{}} }

// start counts a hit as sent. Only the feeder calls it, in order.
func (t *tally) start(h Hit) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.sent++; t.sent == 1 {
		t.first = h.ID
	}
	t.last = h.ID
}

// finish counts an outcome and then calls progress, which is nil or sees its
// calls in order.
func (t *tally) finish(outcome string, took time.Duration, answered bool, progress func(done int)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, known := t.outcomes[outcome]; !known && len(t.outcomes) >= maxOutcomes {
		outcome = "other"
	}
	t.outcomes[outcome]++
	if answered {
		t.latency.add(took)
	}
	t.done++
	if progress != nil {
		progress(t.done)
	}
}

func (t *tally) summary(took time.Duration, seed uint64) Summary {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := Summary{
		Sent: t.sent, Outcomes: t.outcomes, Seconds: took.Seconds(), Seed: seed,
		FirstID: t.first, LastID: t.last,
		Latency: Latency{
			P50: millis(t.latency.percentile(50)), P90: millis(t.latency.percentile(90)),
			P99: millis(t.latency.percentile(99)), Max: millis(t.latency.max),
		},
	}
	if s.Seconds > 0 {
		s.Rate = float64(s.Sent) / s.Seconds
	}
	return s
}

// millis rounds to microseconds: more digits would claim too much.
func millis(d time.Duration) float64 {
	return float64(d.Round(time.Microsecond)) / float64(time.Millisecond)
}
