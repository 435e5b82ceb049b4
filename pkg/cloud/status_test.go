package cloud

import (
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/cloud/bucket"
	"pixelctl/pkg/cloud/stack"
	"pixelctl/pkg/cloud/stream"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/pipeline"
)

// Each fact that needs a person is one problem, with what to do.
func TestProblems(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		spoil  func(d *deployed, f *facts)
		action string // a part of it
	}{
		"a destroy closed the intake": {func(d *deployed, _ *facts) { d.stack.Parameters[paramIntake] = intakeClosed }, "pixelctl deploy"},
		"stack is UPDATE_ROLLBACK_FAILED: why": {func(d *deployed, _ *facts) {
			d.stack.Status, d.stack.Reason = "UPDATE_ROLLBACK_FAILED", "why"
		}, "pixelctl deploy"},
		"delivery stream is DELETING": {func(_ *deployed, f *facts) { f.stream.Status = "DELETING" }, "pixelctl status"},
		"waits for 8m0s, the buffer is 1m0s": {func(_ *deployed, f *facts) {
			f.counts.Fresh, f.counts.Freshness = true, 8*time.Minute
		}, "log group"},
		"stream refused: 3":       {func(_ *deployed, f *facts) { f.counts.Throttled = 3 }, "errors list"},
		"were throttled: 4":       {func(_ *deployed, f *facts) { f.traffic.Throttled = 4 }, "quota"},
		"20 of 100 requests":      {func(_ *deployed, f *facts) { f.traffic.Requests, f.traffic.Refused = 100, 20 }, "429"},
		"that failed: 5":          {func(_ *deployed, f *facts) { f.traffic.Failed = 5 }, "log group"},
		"become rows: 6":          {func(_ *deployed, f *facts) { f.errors = bucket.Usage{Objects: 6} }, "errors list"},
		"rows may be there twice": {func(_ *deployed, f *facts) { f.purging = true }, "pixelctl purge"},
		"not registered: 1":       {func(_ *deployed, f *facts) { f.hours.missing = []lake.Hour{{}} }, "pixelctl repair"},
		"a second name: 1":        {func(_ *deployed, f *facts) { f.hours.padded = []string{"year=2026/month=07"} }, "rename year=2026/month=07"},
	} {
		d := &deployed{data: "lake", stack: stack.Stack{Status: "UPDATE_COMPLETE", Parameters: map[string]string{paramBuffer: "60"}, Outputs: map[string]string{}}}
		f := facts{stream: stream.Stream{Status: "ACTIVE"}}
		target := &Target{o: Options{Stack: "s", Flags: " --stack s"}}
		if list := target.problems(d, f); len(list) != 0 {
			t.Fatalf("a sound stack has problems: %+v", list)
		}
		c.spoil(d, &f)
		list := target.problems(d, f)
		if len(list) != 1 || !strings.Contains(list[0].What, what) || !strings.Contains(list[0].Action, c.action) {
			t.Errorf("%s: %+v", what, list)
		}
	}
}

func TestState(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]string{
		"CREATE_COMPLETE": pipeline.Running, "UPDATE_ROLLBACK_COMPLETE": pipeline.Running,
		"ROLLBACK_COMPLETE": "rollback complete", "UPDATE_IN_PROGRESS": "update in progress", "DELETE_FAILED": "delete failed",
	} {
		if got := state(stack.Stack{Status: status}); got != want {
			t.Errorf("%s: %s", status, got)
		}
	}
	if got := state(stack.Stack{Status: "UPDATE_COMPLETE", Parameters: map[string]string{paramIntake: intakeClosed}}); got != pipeline.Stopped {
		t.Errorf("closed: %s", got)
	}
}

func TestYears(t *testing.T) {
	t.Parallel()
	made, now := time.Date(2026, 7, 5, 0, 0, 0, 0, time.UTC), time.Date(2029, 1, 1, 0, 0, 0, 0, time.UTC)
	for have, want := range map[string]string{
		"": "2026,2034", "2026,2031": "2026,2031", "2026,2030": "2026,2034", "2027,2040": "2026,2034", "odd": "2026,2034",
	} {
		if got := years(have, made, now); got != want {
			t.Errorf("%q: %s, want %s", have, got, want)
		}
	}
}
