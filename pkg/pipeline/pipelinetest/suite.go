// Package pipelinetest holds the behaviours that every target must show. A
// target's test gives a constructor; the suite does the rest. It is the
// contract behind "the same on AWS and on one machine".
package pipelinetest

import (
	"context"
	"io"
	"net/http"
	"net/netip"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// Harness is one fresh, not yet deployed stack and what a test may do to it.
type Harness struct {
	Pipeline pipeline.Pipeline
	// Again gives a new Pipeline over the same stack, as another process
	// would have.
	Again func() pipeline.Pipeline
	// Client reaches the endpoint that Deploy names.
	Client *http.Client
	// Settle returns once records that were answered are files in the lake.
	Settle func(ctx context.Context) error
	// Now is the target's time, and Pass lets that much of it go by. Both nil
	// mean the real time.
	Now  func() time.Time
	Pass func(d time.Duration)
	// Kill ends whatever takes hits, without warning, as a power cut would.
	// Nil when a target has nothing to kill.
	Kill func(ctx context.Context) error
	// Corrupt puts a line into the buffer that does not convert to a row.
	// Nil when the target cannot.
	Corrupt func(ctx context.Context, line []byte) error
	// Break makes records fail to convert, from now on and those that wait, because
	// the column hotel of the spec does not take text; mend makes them convert again.
	Break func(ctx context.Context) (mend func(context.Context) error, err error)
	// From makes a request come from that address. Nil when a test cannot
	// choose where its requests come from.
	From func(r *http.Request, peer netip.Addr)
	// Stored gives everything the stack holds, by name: files or objects of all
	// versions, error files, results, logs. Nil when the target cannot.
	Stored func(ctx context.Context) (map[string][]byte, error)
	// Remains lists what is left of the stack after Destroy.
	Remains func(ctx context.Context) ([]string, error)

	real bool // the clock is everybody's
}

// Constructor makes a Harness; it cleans up through t.
type Constructor func(t *testing.T) Harness

// onClock gives a harness without a clock the real time.
func onClock(h Harness) Harness {
	if h.Now == nil {
		h.Now, h.Pass, h.real = time.Now, time.Sleep, true //nolint:forbidigo // waits for nobody: it makes two hits differ
	}
	return h
}

// Run runs every behaviour as a subtest.
func Run(t *testing.T, construct Constructor) {
	t.Helper()
	for _, b := range slices.Concat(behaviours, questionCases(), subjectCases(), privacyCases()) {
		t.Run(b.name, func(t *testing.T) {
			b.test(t, onClock(construct(t)))
		})
	}
}

// behaviour is one part of the contract.
type behaviour struct {
	name string
	test func(*testing.T, Harness)
}

// behaviours is the contract, in the order in which a reader meets it.
var behaviours = []behaviour{
	{"not deployed: every command says so", notDeployed},
	{"deploy is idempotent", deployIdempotent},
	{"deploy dry run changes nothing", deployDryRun},
	{"deploy applies another buffer", deployApplies},
	{"hit becomes a row", hitBecomesRow},
	{"bare hit becomes a row", bareHit},
	{"hostile hit becomes a valid row", hostileHit},
	{"batch becomes rows", batchHit},
	{"head and preflight leave no row", noRowMethods},
	{"buffer changes without loss", bufferChange},
	{"buffer refuses what the other target refuses", bufferBounds},
	{"crawl and repair are idempotent", crawlRepair},
	{"query without repair sees registered partitions only", queryNoRepair},
	{"query is read only", queryReadOnly},
	{"syntax error names line and column", syntaxError},
	{"usage is what was sent and stored", usage},
	{"a hit is traced to its file", traceHits},
	{"tail shows the newest rows that its filters let pass", tailHits},
	{"tail follows what comes", tailFollows},
	{"partition predicates prune", pruning},
	{"views agree with the table", views},
	{"own columns hold what their sources give", ownColumns},
	{"names of other collectors are understood unless they are off", otherNames},
	{"hits of other sites leave a row without a person", otherSites},
	{"people and proxies have views", classes},
	{"reports give the numbers of known hits", reports},
	{"rows of before and after a new column are read together", twoGenerations},
	{"a spec that gives a column another meaning is refused", refusedChange},
	{"a retired column stays", retiredColumn},
	{"killed server loses nothing that was answered", killLosesNothing},
	{"bad line becomes an error, the rest become rows", badLine},
	{"compact makes files fewer and changes no row", compactKeepsRows},
	{"compact refuses what names no ended hour", compactRefuses},
	{"records that did not convert are replayed once", replayErrors},
	{"without errors there is nothing to replay", noErrors},
	{"purge removes a window", purgeWindow},
	{"purge all leaves the stack", purgeAll},
	{"destroy leaves nothing", destroyLeavesNothing},
	{"destroy twice", destroyTwice},
	{"destroy keeps data when asked", destroyKeepData},
	{"destroy dry run removes nothing", destroyDryRun},
	{"interrupted destroy ends when run again", destroyInterrupted},
	{"interrupted deploy ends when run again", deployInterrupted},
	{"deploy after destroy starts empty", deployAfterDestroy},
}

func deploy(t *testing.T, h Harness) pipeline.Deployment {
	t.Helper()
	d, err := h.Pipeline.Deploy(t.Context(), pipeline.DeployOptions{}, nil)
	if err != nil {
		t.Fatalf("deploy: %v", err)
	}
	return d
}

// ask runs one statement and collects its rows.
func ask(t *testing.T, h Harness, sql string) [][]any {
	t.Helper()
	rows, _ := askOptions(t, h, pipeline.QueryOptions{SQL: sql})
	return rows
}

func askOptions(t *testing.T, h Harness, o pipeline.QueryOptions) ([][]any, query.Stats) {
	t.Helper()
	rows, err := h.Pipeline.Query(t.Context(), o, nil)
	if err != nil {
		t.Fatalf("query %s: %v", o.SQL, err)
	}
	all, err := collect(t.Context(), rows)
	if err != nil {
		t.Fatalf("read rows of %s: %v", o.SQL, err)
	}
	stats := rows.Stats()
	if err := rows.Close(); err != nil {
		t.Fatalf("close rows of %s: %v", o.SQL, err)
	}
	return all, stats
}

func collect(ctx context.Context, rows query.Rows) ([][]any, error) {
	var all [][]any
	for {
		row, err := rows.Next(ctx)
		if err == io.EOF { //nolint:errorlint // Next documents io.EOF itself
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, append([]any(nil), row...))
	}
}

// count gives the rows of the table.
func count(t *testing.T, h Harness) int64 {
	t.Helper()
	rows := ask(t, h, "SELECT count(*) FROM tp_hits")
	n, ok := rows[0][0].(int64)
	if !ok {
		t.Fatalf("count(*) gave %T, want int64", rows[0][0])
	}
	return n
}

func settle(t *testing.T, h Harness) {
	t.Helper()
	if err := h.Settle(t.Context()); err != nil {
		t.Fatalf("settle: %v", err)
	}
}

// interrupt gives a context that ends at the n-th event of an operation, and
// the sink that counts them.
func interrupt(t *testing.T, n int) (context.Context, pipeline.Sink) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	var seen atomic.Int64
	return ctx, func(pipeline.Event) {
		if seen.Add(1) == int64(n) {
			cancel()
		}
	}
}
