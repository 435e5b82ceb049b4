package traffic

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

func TestOutcomeOf(t *testing.T) {
	tests := []struct {
		code   int
		status string
		want   string
	}{
		{200, "recorded", "recorded"},
		{204, "recorded", "recorded"},
		{200, "dropped; reason=rate", "dropped: rate"},
		{200, "dropped", "dropped"},
		{200, "dropped; reason=\x1b[31mred\u202e", "dropped: [31mred"},
		{200, "x123456789012345678901234567890123456789012345678901234567890123", "x12345678901234567890123456789012345678901234567890123456789"},
		{503, "dropped; reason=storage", "http 503"},
		{404, "", "http 404"},
	}
	for _, tt := range tests {
		if got := outcomeOf(answer(tt.code, tt.status)); got != tt.want { //nolint:bodyclose // there is none
			t.Errorf("%d %q: got %q, want %q", tt.code, tt.status, got, tt.want)
		}
	}
}

func TestOutcomesAreBounded(t *testing.T) {
	tally := newTally()
	for i := range 100 {
		tally.finish(fmt.Sprint("dropped: ", i), time.Millisecond, true, nil)
	}
	s := tally.summary(time.Second, 1)
	if len(s.Outcomes) != maxOutcomes+1 || s.Outcomes["other"] != 100-maxOutcomes {
		t.Errorf("%d outcomes, %d others", len(s.Outcomes), s.Outcomes["other"])
	}
}

func TestSummaryJSON(t *testing.T) {
	tally := newTally()
	tally.start(Hit{ID: "synthetic-1-1"})
	tally.finish(recorded, 1500*time.Microsecond, true, nil)
	got, err := json.Marshal(tally.summary(2*time.Second, 1))
	want := `{"sent":1,"outcomes":{"recorded":1},"latency_ms":{"p50":1.5,"p90":1.5,"p99":1.5,"max":1.5},"seconds":2,"rate":0.5,"seed":1,"first_id":"synthetic-1-1","last_id":"synthetic-1-1"}`
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}
