package pipeline

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/query"
)

func TestValidateBuffer(t *testing.T) {
	t.Parallel()
	for d, ok := range map[time.Duration]bool{
		time.Minute: true, 15 * time.Minute: true, 61 * time.Second: true,
		0: false, -time.Minute: false, 59 * time.Second: false, 15*time.Minute + time.Second: false, time.Minute + time.Millisecond: false,
	} {
		err := ValidateBuffer(d)
		if (err == nil) != ok || err != nil && (fault.KindOf(err) != fault.Usage || fault.HintOf(err) == "") {
			t.Errorf("%s: %v, want valid %v", d, err, ok)
		}
	}
}

func TestSubjectValidate(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 7, 5, 12, 0, 0, 0, time.UTC)
	for s, ok := range map[Subject]bool{
		{Column: "user_id", Value: "u-1"}: true, {Column: "visitor_id", Value: "'; DROP"}: true, {Column: "ip", Value: "203.0.113.7"}: true, {Column: "ip", Value: "2001:db8::1"}: true,
		{Column: "user_id", Value: ""}: false, {Column: "email", Value: "a@b.example"}: false, {Column: "ip", Value: "203.0.113.0/24"}: false, {Column: "ip", Value: "here"}: false,
		{Column: "user_id", Value: strings.Repeat("x", maxSubject+1)}: false,
		{Column: "user_id", Value: "\xff"}:                            false, {Column: "user_id", Value: "a\x00b"}: false,
		{Column: "user_id", Value: "u", Window: query.Window{Since: noon}}: true, {Column: "user_id", Value: "u", Window: query.Window{Since: noon, Until: noon}}: false,
	} {
		if err := s.Validate(); (err == nil) != ok || err != nil && fault.KindOf(err) != fault.Usage {
			t.Errorf("%v: %v, want valid %v", s, err, ok)
		}
	}
}

func TestCompactGroups(t *testing.T) {
	t.Parallel()
	o := CompactOptions{TargetSize: 100}
	for _, c := range []struct {
		sizes []int64
		want  string
	}{
		{nil, "[]"},
		{[]int64{10}, "[]"},
		{[]int64{10, 20}, "[[0 1]]"},
		{[]int64{60, 60, 40}, "[[1 2]]"},
		{[]int64{100, 1, 2}, "[[1 2]]"},
		{[]int64{1, 500, 2, 3}, "[[2 3]]"},
		{[]int64{50, 50, 50, 50}, "[[0 1] [2 3]]"},
	} {
		if got := fmt.Sprint(o.Groups(c.sizes)); got != c.want {
			t.Errorf("%v: %s, want %s", c.sizes, got, c.want)
		}
	}
}

// What is told to be run again runs: --until is required.
func TestCompactAgain(t *testing.T) {
	t.Parallel()
	o := CompactOptions{Until: time.Date(2026, 7, 5, 13, 0, 0, 0, time.FixedZone("", 2*3600))}
	if got := o.Again(); got != "compact --until 2026-07-05T11:00:00Z" {
		t.Error(got)
	}
	if got := (CompactOptions{}).Again(); got != "compact --until 1d" {
		t.Error(got)
	}
}

func TestManyFiles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		data       Stored
		partitions int
		want       bool
	}{
		{Stored{Files: 1440, Bytes: 144_000_000}, 24, true},
		{Stored{Files: 239, Bytes: 1000}, 24, false},
		{Stored{Files: 8760, Bytes: 1000}, 8760, false},
		{Stored{Files: 1440, Bytes: 1440 << 20}, 24, false},
		{Stored{}, 0, false},
	} {
		p, many := ManyFiles(c.data, c.partitions, "pixelctl compact")
		if many != c.want || many && (p.What == "" || p.Action == "") {
			t.Errorf("%+v in %d hours: %+v, %v", c.data, c.partitions, p, many)
		}
	}
}

// What a replay leaves is listed, however many reasons there are, and nothing
// of it goes uncounted.
func TestReplayOutcome(t *testing.T) {
	t.Parallel()
	command := func(name string) string { return "pixelctl " + name + " --stack shop" }
	if err := (ReplayResult{Records: 2, Replayed: 1, Stored: 1}).Outcome(command); err != nil {
		t.Errorf("all is settled: %v", err)
	}
	r := ReplayResult{Records: 99, Left: 30, Refused: 2}
	for i := range 25 {
		r.Reasons = append(r.Reasons, ErrorGroup{Reason: "MalformedData", Column: fmt.Sprint("c", i), Records: 1, Message: "m"})
	}
	err := r.Outcome(command)
	left := fault.LeftOf(err)
	if fault.KindOf(err) != fault.Partial || err.Error() != "replay errors: 32 of 99 records are left" || len(left) != 22 {
		t.Fatalf("%v, left %q", err, left)
	}
	for i, want := range map[int]string{
		0: "MalformedData of column c0, records: 1, such as: m", 20: "other reasons, records: 10", 21: "refused by the stream, records: 2",
	} {
		if left[i] != want {
			t.Errorf("left %d: %q, want %q", i, left[i], want)
		}
	}
	for _, want := range []string{"pixelctl errors show --stack shop", "pixelctl errors replay --stack shop in some minutes"} {
		if hint := fault.HintOf(err); !strings.Contains(hint, want) {
			t.Errorf("hint %q has no %q", hint, want)
		}
	}
}
