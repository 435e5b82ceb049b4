package cloud_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pixelctl/pkg/awsfake"
	"pixelctl/pkg/cloud"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// many deploys and has two hours of three files each; it is noon then.
func (a *account) many() { a.files(manyUsers) }

// files deploys and has a file for each visit.
func (a *account) files(visits string) {
	a.Helper()
	a.want.Buffer = new(time.Minute)
	d := a.deploy()
	for hms := range strings.FieldsSeq(visits) {
		a.user(d.Endpoint, hms, "nights=2", "note=x")
		if err := a.settle(a.Context()); err != nil {
			a.Fatal(err)
		}
	}
	if wait := at("12:00:00").Sub(a.fake.Clock().Now()); wait > 0 {
		a.fake.Clock().Advance(wait)
	}
	if got := len(a.fake.S3.List(a.data(), "data/")); got != len(strings.Fields(visits)) {
		a.Fatalf("%d files for %s", got, visits)
	}
	a.wantUsers(visits) // and registers the hours
}

const fewUsers = "09:05:00 09:15:00"

const manyUsers = "09:05:00 09:15:00 09:25:00 10:05:00 10:15:00 10:25:00"

func compactAll(ctx context.Context, p *cloud.Target) (pipeline.CompactResult, error) {
	return p.Compact(ctx, pipeline.CompactOptions{Until: at("11:00:00")}, nil)
}

// wantCompacted wants each row once, one file an hour, hours read from the lake,
// and nothing else left.
func (a *account) wantCompacted(users string, hours int) {
	a.Helper()
	a.wantUsers(users)
	if files := a.fake.S3.List(a.data(), "data/"); len(files) != hours {
		a.Errorf("%d files: %v", len(files), files)
	}
	if paths := a.column(`SELECT "$path" FROM tp_hits`); slices.ContainsFunc(paths, func(p string) bool { return !strings.Contains(p, "/data/year=") }) {
		a.Errorf("hours are read from %v", paths)
	}
	if left := a.fake.S3.List(a.data(), "staging/"); len(left) > 0 {
		a.Errorf("left: %v", left)
	}
}

func TestCompact(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"json", "parquet"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			a := newSmall(t)
			a.want.Format = &format
			a.many()
			o := pipeline.CompactOptions{Until: at("11:00:00"), DryRun: true}
			r, err := a.target().Compact(t.Context(), o, nil)
			if err != nil || r.Looked != 2 || len(r.Partitions) != 2 || len(r.Calls) == 0 || len(a.fake.S3.List(a.data(), "data/")) != 6 {
				t.Fatalf("dry run: %+v, %v", r, err)
			}
			const all = "SELECT concat_ws('|', CAST(received_at AS varchar), event_id, user_id, element_at(params, 'nights'), element_at(params, 'note')) FROM tp_hits ORDER BY 1"
			before := a.column(all)
			if r, err = compactAll(t.Context(), a.target()); err != nil {
				t.Fatal(err)
			}
			for _, p := range r.Partitions {
				if p.FilesBefore != 3 || p.FilesAfter != 1 || p.Rows != 3 || p.Digest == "" || p.BytesAfter <= 0 {
					t.Errorf("compacted %+v", p)
				}
			}
			if len(r.Partitions) != 2 || r.Dollars <= 0 {
				t.Errorf("result %+v", r)
			}
			a.wantCompacted(manyUsers, 2)
			if after := a.column(all); !slices.Equal(after, before) {
				t.Errorf("rows\n%v\nwere\n%v", after, before)
			}
			if r, err = compactAll(t.Context(), a.target()); err != nil || len(r.Partitions) != 0 {
				t.Errorf("again: %+v, %v", r, err)
			}
		})
	}
}

// While files are exchanged a reader sees each row once.
func TestCompactIsNotSeen(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.many()
	var looking, looks atomic.Int32
	a.fake.OnCall(func(c awsfake.Call) {
		changes := []string{"BatchUpdatePartition", "CopyObject", "DeleteObjects", "PutObject"}
		if c.Inner || !slices.Contains(changes, c.Operation) || !looking.CompareAndSwap(0, 1) {
			return
		}
		a.wantUsers(manyUsers)
		looks.Add(1)
		looking.Store(0)
	})
	if _, err := compactAll(t.Context(), a.target()); err != nil {
		t.Fatal(err)
	}
	looking.Store(1)
	if looks.Load() < 5 {
		t.Errorf("looked %d times only", looks.Load())
	}
	a.wantCompacted(manyUsers, 2)
}

// The process is gone after each call that has an effect: each row is read once,
// and the next run, or a purge, ends what it left. Before its effect a call is
// the last one after its own.
func TestCompactKilled(t *testing.T) {
	t.Parallel()
	for operation, calls := range compactEffects(t) {
		for n := 1; n <= calls; n++ {
			t.Run(fmt.Sprintf("after %s %d", operation, n), func(t *testing.T) {
				t.Parallel()
				a := newSmall(t)
				a.files(fewUsers)
				ctx, kill := context.WithCancel(t.Context())
				defer kill()
				a.fake.Fail(awsfake.Fault{Operation: operation, Nth: n, After: true, Kill: kill})
				if _, err := compactAll(ctx, a.target()); err == nil {
					t.Fatal("the killed process ended well")
				}
				<-ctx.Done() // a call beside the killed one may have failed first
				a.wantUsers(fewUsers)
				if n%2 == 0 {
					if _, err := a.target().Purge(t.Context(), pipeline.PurgeOptions{Window: query.Window{Until: at("01:00:00")}}, nil); err != nil {
						t.Fatalf("purge: %v", err)
					}
					a.wantUsers(fewUsers)
				}
				if _, err := compactAll(t.Context(), a.target()); err != nil {
					t.Fatalf("again: %v", err)
				}
				a.wantCompacted(fewUsers, 1)
			})
		}
	}
}

// compactEffects counts the calls of a compaction that have an effect.
func compactEffects(t *testing.T) map[string]int {
	t.Helper()
	a := newSmall(t)
	a.files(fewUsers)
	p, before := a.target(), len(a.fake.Calls())
	if _, err := compactAll(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, c := range a.fake.Calls()[before:] {
		if !c.Inner && slices.Contains([]string{"PutObject", "CopyObject", "DeleteObject", "DeleteObjects", "StartQueryExecution", "BatchUpdatePartition"}, c.Operation) {
			counts[c.Operation]++
		}
	}
	return counts
}

// What Firehose delivers late into an hour that is exchanged stays.
func TestCompactKeepsLateFiles(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.many()
	late := a.fake.S3.List(a.data(), "data/")[0]
	body, err := a.fake.S3.Get(a.data(), late)
	if err != nil {
		t.Fatal(err)
	}
	put := false
	_, err = a.target().Compact(t.Context(), pipeline.CompactOptions{Until: at("11:00:00")}, func(e pipeline.Event) {
		if e.Step == "compact" && e.Phase == pipeline.Move && !put {
			put = true
			if err := a.fake.S3.Put(a.data(), strings.TrimSuffix(late, ".gz")+"-late.gz", body); err != nil {
				t.Error(err)
			}
		}
	})
	if err != nil || !put {
		t.Fatal(err, put)
	}
	if n := a.column("SELECT count(*) FROM tp_hits"); n[0] != "7" {
		t.Errorf("%s rows, want the late one, too", n[0])
	}
	a.wantUsersOnce()
}

func (a *account) wantUsersOnce() {
	a.Helper()
	if got := a.column("SELECT user_id FROM hits ORDER BY 1"); !slices.Equal(got, strings.Fields(manyUsers)) {
		a.Errorf("hits of %v", got)
	}
}

// A table that projects its partitions is compacted between two deploys, as the
// refusal says.
func TestCompactBetweenProjections(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.want.Partitions = new("projection")
	a.many()
	if _, err := compactAll(t.Context(), a.target()); !strings.Contains(fault.HintOf(err), "deploy --partitions catalog") {
		t.Fatalf("projected: %v", err)
	}
	a.want.Partitions = new("catalog")
	a.deploy()
	if _, err := a.target().Repair(t.Context(), pipeline.RepairOptions{}, nil); err != nil {
		t.Fatal(err)
	}
	if r, err := compactAll(t.Context(), a.target()); err != nil || len(r.Partitions) != 2 {
		t.Fatalf("registered: %+v, %v", r, err)
	}
	a.wantCompacted(manyUsers, 2)
	a.want.Partitions = new("projection")
	a.deploy()
	a.wantCompacted(manyUsers, 2)
}

func TestCompactRefuses(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	if _, err := a.target().Compact(t.Context(), pipeline.CompactOptions{Until: at("00:00:00")}, nil); fault.KindOf(err) != fault.NotDeployed {
		t.Errorf("without a stack: %v", err)
	}
	a.want.Partitions = new("projection")
	a.deploy()
	a.fake.Clock().Advance(48 * time.Hour)
	for name, o := range map[string]pipeline.CompactOptions{
		"no end": {}, "future": {Until: a.fake.Clock().Now().Add(time.Hour)}, "projection": {Until: at("00:00:00")},
	} {
		if _, err := a.target().Compact(t.Context(), o, nil); fault.KindOf(err) != fault.Usage || fault.HintOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
