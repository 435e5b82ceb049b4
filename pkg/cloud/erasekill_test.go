package cloud_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/awsfake"
	"pixelctl/pkg/cloud"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// eraseEffects counts the calls of an erase that may have an effect on the lake.
func eraseEffects(t *testing.T, o pipeline.EraseOptions) map[string]int {
	t.Helper()
	a := newSmall(t)
	a.guests()
	a.failed()
	before := len(a.fake.Calls())
	a.erase(o)
	counts := map[string]int{}
	effects := []string{"PutObject", "CopyObject", "DeleteObject", "DeleteObjects", "StartQueryExecution", "BatchCreatePartition", "BatchDeletePartition"}
	for _, c := range a.fake.Calls()[before:] {
		if !c.Inner && slices.Contains(effects, c.Operation) {
			counts[c.Operation]++
		}
	}
	return counts
}

// The process that erases is gone after each call that has an effect on the
// lake: before its effect a call is the last one after its own. In CI, which has
// the time, also when the rows stay. The receipt of the next one tells of both,
// but where all was done.
func TestEraseSubjectKilled(t *testing.T) {
	t.Parallel()
	options := []pipeline.EraseOptions{{Subject: anna}}
	if os.Getenv("PIXELCTL_RIGS") == "1" {
		options = append(options, pipeline.EraseOptions{Subject: anna, Anonymise: true})
	}
	for _, o := range options {
		for operation, calls := range eraseEffects(t, o) {
			for n := 1; n <= calls; n++ {
				t.Run(fmt.Sprintf("anonymise %t, after %s %d", o.Anonymise, operation, n), func(t *testing.T) {
					t.Parallel()
					done := operation == "DeleteObject" || operation == "DeleteObjects" && n == calls
					eraseKilled(t, o, awsfake.Fault{Operation: operation, Nth: n, After: true}, done)
				})
			}
		}
	}
}

func eraseKilled(t *testing.T, o pipeline.EraseOptions, f awsfake.Fault, done bool) {
	t.Helper()
	a := newSmall(t)
	a.guests()
	a.failed()
	bert := a.table(bertsRows)
	ctx, kill := context.WithCancel(t.Context())
	defer kill()
	f.Kill = kill
	a.fake.Fail(f)
	if _, err := a.target().EraseSubject(ctx, o, nil); err == nil || ctx.Err() == nil {
		t.Fatalf("the killed process ended: %v", err)
	}
	if r := a.erase(o); !done && (r.Rows != 3 || r.Errors != 3) {
		t.Errorf("receipt %+v", r)
	}
	a.wantNobody()
	a.wantErrorLines()
	a.wantNoRemains()
	if got := a.table(bertsRows); len(bert) != 2 || !slices.Equal(got, bert) {
		t.Errorf("bert has %q, had %q", got, bert)
	}
	want := map[bool]string{false: "2", true: "5"}[o.Anonymise]
	if n := a.column("SELECT count(*) FROM tp_hits"); n[0] != want {
		t.Errorf("%s rows", n)
	}
}

// An erase goes through what AWS does at times.
func TestEraseSubjectFaults(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]awsfake.Fault{
		"throttled": {Service: "s3", Code: "SlowDown", EveryOther: true, Times: awsfake.Forever}, "500": {Status: 500, EveryOther: true, Times: awsfake.Forever},
		"answers lost": {Reset: true, After: true, EveryOther: true, Times: awsfake.Forever}, "half an answer": {Truncate: true, EveryOther: true, Times: awsfake.Forever},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newSmall(t)
			a.guests()
			a.failed()
			a.mode = "standard"
			p := a.target()
			a.fake.Fail(f)
			r, err := p.EraseSubject(t.Context(), pipeline.EraseOptions{Subject: anna}, nil)
			if err != nil || r.Rows != 3 || r.Errors != 3 {
				t.Fatalf("receipt %+v, %v", r, err)
			}
		})
	}
}

// removals are those of which one was killed and another one comes.
func removals() map[string]func(ctx context.Context, p *cloud.Target) (pipeline.Receipt, error) {
	erase := func(o pipeline.EraseOptions) func(ctx context.Context, p *cloud.Target) (pipeline.Receipt, error) {
		return func(ctx context.Context, p *cloud.Target) (pipeline.Receipt, error) {
			return p.EraseSubject(ctx, o, nil)
		}
	}
	return map[string]func(ctx context.Context, p *cloud.Target) (pipeline.Receipt, error){
		"erase":                  erase(pipeline.EraseOptions{Subject: anna}),
		"anonymise":              erase(pipeline.EraseOptions{Subject: anna, Anonymise: true}),
		"erase of somebody else": erase(pipeline.EraseOptions{Subject: pipeline.Subject{Column: "user_id", Value: "carl"}}),
		"purge of nothing": func(ctx context.Context, p *cloud.Target) (pipeline.Receipt, error) {
			r, err := p.Purge(ctx, pipeline.PurgeOptions{Window: query.Window{Until: at("09:00:00")}}, nil)
			return pipeline.Receipt{Rows: r.Rows}, err
		},
	}
}

// What a killed removal left is ended by whichever comes next, and is not taken
// for that one's own: its receipt tells of what it did itself.
func TestEraseSubjectAfterAnother(t *testing.T) {
	t.Parallel()
	// Rows that the first leaves to the second; the others have none of theirs.
	left := map[string]int64{
		"eraseswappinganonymise": 1, "eraseremovinganonymise": 0, "anonymiseswappingerase": 3, "anonymiseremovingerase": 1,
	}
	for _, first := range []string{"erase", "anonymise"} {
		for second := range removals() {
			for n, state := range map[int]string{2: "swapping", 3: "removing"} { // writes of the journal
				if first == second {
					continue
				}
				t.Run(first+", killed while "+state+", then "+second, func(t *testing.T) {
					t.Parallel()
					a := newSmall(t)
					a.guests()
					a.failed()
					ctx, kill := context.WithCancel(t.Context())
					defer kill()
					a.fake.Fail(awsfake.Fault{Operation: "PutObject", Nth: n, After: true, Kill: kill})
					if _, err := removals()[first](ctx, a.target()); err == nil || ctx.Err() == nil {
						t.Fatalf("the killed process ended: %v", err)
					}
					r, err := removals()[second](t.Context(), a.target())
					if err != nil || r.Rows != left[first+state+second] {
						t.Errorf("receipt %+v, %v; want %d rows", r, err, left[first+state+second])
					}
					a.erase(pipeline.EraseOptions{Subject: anna})
					if got := a.column("SELECT user_id FROM tp_hits WHERE user_id IS NOT NULL"); !slices.Equal(got, []string{"bert", "bert"}) {
						t.Errorf("left %q", got)
					}
					a.wantErrorLines()
					a.wantNobody()
				})
			}
		}
	}
}

// An erase that another one overtakes stops before it removes a file.
func TestEraseSubjectOvertaken(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.guests()
	begun := false
	_, err := a.target().EraseSubject(t.Context(), pipeline.EraseOptions{Subject: anna}, func(e pipeline.Event) {
		if e.Step != "erase" || e.Phase != pipeline.Move || begun {
			return
		}
		begun = true
		if _, err := a.target().EraseSubject(a.Context(), pipeline.EraseOptions{Subject: pipeline.Subject{Column: "user_id", Value: "bert"}}, nil); err != nil {
			t.Errorf("second: %v", err)
		}
	})
	if fault.KindOf(err) != fault.Busy || !strings.Contains(fault.HintOf(err), "subject erase") {
		t.Fatalf("first: %v, want busy", err)
	}
	if r := a.erase(pipeline.EraseOptions{Subject: anna}); r.Rows == 0 {
		t.Errorf("receipt %+v", r)
	}
	if n := a.column("SELECT count(*) FROM tp_hits"); n[0] != "0" {
		t.Errorf("%s rows", n)
	}
	a.wantNoRemains()
}
