package athena

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/awsfake/wire"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

var one = page("", []string{"n integer"}, []string{"n"}, []string{"1"})

func TestStartNamesWorkgroupDatabaseTokenAndOutput(t *testing.T) {
	s := newScript(t)
	s.on("GetQueryResults", one)
	ask(t, s.engine(Options{}), "SELECT 1")
	ask(t, s.engine(Options{WorkGroup: "primary", Database: "kept", Output: "s3://lake/results/"}), "SELECT 1")
	made := s.made("StartQueryExecution")
	first, second := made[0], made[1]
	token, ok := first["ClientRequestToken"].(string)
	if !ok || len(token) < 32 || token == second["ClientRequestToken"] {
		t.Errorf("tokens %v and %v", first["ClientRequestToken"], second["ClientRequestToken"])
	}
	if first["WorkGroup"] != "pixel" || !reflect.DeepEqual(first["QueryExecutionContext"], map[string]any{"Database": "pixel_db"}) || first["ResultConfiguration"] != nil {
		t.Errorf("first start: %v", first)
	}
	if second["WorkGroup"] != "primary" || !reflect.DeepEqual(second["ResultConfiguration"], map[string]any{"OutputLocation": "s3://lake/results/"}) {
		t.Errorf("second start: %v", second)
	}
}

func TestPollsFrom100MillisecondsToOneSecond(t *testing.T) {
	s := newScript(t)
	var at []time.Duration
	begin, n := s.clock.Now(), 0
	s.answer("GetQueryExecution", func(map[string]any) any {
		at = append(at, s.clock.Now().Sub(begin))
		if n++; n < 12 {
			return execution("RUNNING", nil)
		}
		return execution("SUCCEEDED", nil)
	})
	s.on("GetQueryResults", one)
	_, stats := ask(t, s.engine(Options{}), "SELECT 1")
	if at[0] != 100*time.Millisecond || at[1] != 250*time.Millisecond || at[11]-at[10] != time.Second {
		t.Errorf("polled at %v", at)
	}
	if stats.Elapsed != at[11] || stats.BytesScanned != 5<<20 || stats.FilesRead != -1 || stats.FilesTotal != -1 {
		t.Errorf("%+v", stats)
	}
}

func TestFollowingTellsOfTheQueueAndTheBytes(t *testing.T) {
	s := newScript(t)
	list := slices.Repeat([]any{scanned("QUEUED", 0)}, 12)
	list = append(list, scanned("RUNNING", 3<<20), execution("SUCCEEDED", func(e map[string]any) {
		e["Statistics"] = map[string]any{"DataScannedInBytes": 3 << 20, "QueryQueueTimeInMillis": 8200}
	}))
	s.on("GetQueryExecution", list...)
	s.on("GetQueryResults", one)
	var told []string
	e := s.engine(Options{}).Following(func(ev pipeline.Event) { told = append(told, ev.Text) })
	_, stats := ask(t, e, "SELECT 1")
	if told[0] != "queued" || !strings.HasPrefix(told[11], "queued for 8s: ") || told[12] != "running, 3.0 MiB read" {
		t.Errorf("told %q", told)
	}
	if len(stats.Warnings) != 1 || stats.Warnings[0] != "the query waited 8s in Athena's queue" {
		t.Errorf("warnings %q", stats.Warnings)
	}
}

func TestCtrlCAndTimeoutStopTheQuery(t *testing.T) {
	for _, cause := range []error{context.Canceled, context.DeadlineExceeded} {
		for _, state := range []string{"QUEUED", "RUNNING"} {
			s := newScript(t)
			ctx := &endable{Context: t.Context(), done: make(chan struct{})}
			n := 0
			s.answer("GetQueryExecution", func(map[string]any) any {
				if n++; n == 3 {
					ctx.end(cause)
				}
				return execution(state, nil)
			})
			_, err := s.engine(Options{}).Query(ctx, "SELECT 1")
			if !errors.Is(err, cause) || fault.KindOf(err) != fault.KindOf(cause) || !strings.Contains(err.Error(), "is charged") {
				t.Errorf("%s: %v", state, err)
			}
			if (state == "QUEUED") != strings.Contains(err.Error(), "waited in the queue") {
				t.Errorf("%s: %v", state, err)
			}
			if stops := s.made("StopQueryExecution"); len(stops) != 1 || stops[0]["QueryExecutionId"] != queryID {
				t.Errorf("%s: stops %v", state, stops)
			}
		}
	}
}

// endable is a context that a test ends with an error of its choice.
type endable struct {
	context.Context //nolint:containedctx // it is one

	done  chan struct{}
	cause error
}

func (e *endable) end(cause error) {
	e.cause = cause
	close(e.done)
}

func (e *endable) Done() <-chan struct{} { return e.done }

func (e *endable) Err() error {
	select {
	case <-e.done:
		return e.cause
	default:
		return nil
	}
}

func TestCtrlCDuringStartStopsWhatMayHaveStarted(t *testing.T) {
	s := newScript(t)
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	s.answer("StartQueryExecution", func(map[string]any) any {
		if n++; n == 1 {
			cancel()
			return wire.Error{Code: "InternalServerException", Message: "the answer got lost"}
		}
		return map[string]any{"QueryExecutionId": queryID}
	})
	_, err := s.engine(Options{}).Query(ctx, "SELECT 1")
	if fault.KindOf(err) != fault.Interrupted {
		t.Errorf("%v", err)
	}
	starts := s.made("StartQueryExecution")
	if len(starts) != 2 || starts[0]["ClientRequestToken"] != starts[1]["ClientRequestToken"] || len(s.made("StopQueryExecution")) != 1 {
		t.Errorf("starts %v, stops %v", starts, s.made("StopQueryExecution"))
	}
	s = newScript(t)
	if _, err := s.engine(Options{}).Query(ctx, "SELECT 1"); !errors.Is(err, context.Canceled) || len(s.calls) > 0 {
		t.Errorf("%v, calls %v", err, s.calls)
	}
}

func TestStopThatFailsSaysHowToStop(t *testing.T) {
	s := newScript(t)
	ctx, cancel := context.WithCancel(t.Context())
	s.answer("GetQueryExecution", func(map[string]any) any {
		cancel()
		return execution("RUNNING", nil)
	})
	s.on("StopQueryExecution", wire.Error{Code: "AccessDeniedException", Message: "not authorized to perform: athena:StopQueryExecution"})
	_, err := s.engine(Options{}).Query(ctx, "SELECT 1")
	if fault.KindOf(err) != fault.Interrupted || !strings.Contains(err.Error(), "runs on and is charged") ||
		fault.HintOf(err) != "aws athena stop-query-execution --query-execution-id "+queryID {
		t.Errorf("%v, hint %q", err, fault.HintOf(err))
	}
}

func TestAQueryLostFromSightIsStopped(t *testing.T) {
	for _, answer := range []any{wire.Error{Code: "AccessDeniedException", Message: "no"}, map[string]any{}} {
		s := newScript(t)
		s.on("GetQueryExecution", answer)
		_, err := s.engine(Options{}).Query(t.Context(), "SELECT 1")
		if err == nil || !strings.Contains(err.Error(), "follow query "+queryID) || len(s.made("StopQueryExecution")) != 1 {
			t.Errorf("%v", err)
		}
	}
}

func TestMaxScan(t *testing.T) {
	s := newScript(t)
	s.on("GetQueryExecution", scanned("RUNNING", 900), scanned("RUNNING", 1000), scanned("RUNNING", 1001), scanned("CANCELLED", 1001))
	_, err := s.engine(Options{MaxScan: 1000}).Query(t.Context(), "SELECT 1")
	if fault.KindOf(err) != fault.Failed || !strings.Contains(err.Error(), "had read 1001 B and may read 1000 B; it was stopped") ||
		!strings.Contains(err.Error(), "charged") || !strings.Contains(fault.HintOf(err), "--max-scan 2002") {
		t.Errorf("%v, hint %q", err, fault.HintOf(err))
	}
	if len(s.made("GetQueryExecution")) != 3 || len(s.made("StopQueryExecution")) != 1 {
		t.Errorf("calls %v", s.calls)
	}
	s = newScript(t)
	s.on("GetQueryExecution", scanned("SUCCEEDED", 1001))
	if _, err = s.engine(Options{MaxScan: 1000}).Query(t.Context(), "SELECT 1"); err == nil || !strings.Contains(err.Error(), "ended before it could be stopped") {
		t.Errorf("%v", err)
	}
	s = newScript(t)
	s.on("GetQueryExecution", scanned("SUCCEEDED", 1000))
	s.on("GetQueryResults", one)
	if all, _ := ask(t, s.engine(Options{MaxScan: 1000}), "SELECT 1"); len(all) != 1 {
		t.Errorf("%v", all)
	}
}

func TestExecuteReadsNoResult(t *testing.T) {
	s := newScript(t)
	s.on("GetQueryExecution", execution("RUNNING", nil), execution("SUCCEEDED", func(e map[string]any) {
		e["StatementType"], e["SubstatementType"] = "DDL", "MSCK_REPAIR"
		e["Statistics"] = map[string]any{"DataScannedInBytes": 0}
	}))
	stats, err := s.engine(Options{}).Execute(t.Context(), "MSCK REPAIR TABLE tp_hits")
	if err != nil || stats.Dollars != 0 || stats.Elapsed != 250*time.Millisecond || len(s.made("GetQueryResults")) > 0 {
		t.Errorf("%+v, %v, calls %v", stats, err, s.calls)
	}
	s.on("GetQueryExecution", because("FAILED", "FAILED: SemanticException table is not partitioned but partition spec exists", nil))
	if _, err = s.engine(Options{}).Execute(t.Context(), "MSCK REPAIR TABLE tp_hits"); err == nil || !strings.Contains(err.Error(), "not partitioned") {
		t.Errorf("%v", err)
	}
}

func TestPrice(t *testing.T) {
	const dml, mb = "DML", 1 << 20
	tests := []struct {
		name, kind, sub string
		bytes           int64
		reused          bool
		want            float64
	}{
		{"nothing costs the least", dml, "SELECT", 0, false, 10.0 * mb * 5 / (1 << 40)},
		{"ten megabytes", dml, "SELECT", 10 * mb, false, 10.0 * mb * 5 / (1 << 40)},
		{"a byte more", dml, "SELECT", 10*mb + 1, false, 11.0 * mb * 5 / (1 << 40)},
		{"a terabyte", dml, "UNLOAD", 1 << 40, false, 5},
		{"ddl", "DDL", "CREATE_TABLE", 0, false, 0},
		{"show", "UTILITY", "SHOW_PARTITIONS", 0, false, 0},
		{"a plan", dml, "EXPLAIN", 0, false, 0},
		{"a plan that ran", dml, "EXPLAIN", 20 * mb, false, 20.0 * mb * 5 / (1 << 40)},
		{"used again", dml, "SELECT", 0, true, 0},
	}
	for _, tt := range tests {
		s := newScript(t)
		s.on("GetQueryExecution", execution("SUCCEEDED", func(e map[string]any) {
			e["StatementType"], e["SubstatementType"] = tt.kind, tt.sub
			e["Statistics"] = map[string]any{"DataScannedInBytes": tt.bytes, "ResultReuseInformation": map[string]any{"ReusedPreviousResult": tt.reused}}
		}))
		stats, err := s.engine(Options{}).Execute(t.Context(), "x")
		if err != nil || stats.Dollars != tt.want {
			t.Errorf("%s: $%g, want $%g, %v", tt.name, stats.Dollars, tt.want, err)
		}
	}
}

// In a region without a list no price is told, and none is made up.
func TestPriceNotKnown(t *testing.T) {
	s := newScript(t)
	s.on("GetQueryExecution", execution("SUCCEEDED", func(e map[string]any) {
		e["StatementType"], e["Statistics"] = "DML", map[string]any{"DataScannedInBytes": 2000}
	}))
	stats, err := s.engine(Options{Region: "eu-north-1"}).Execute(t.Context(), "x")
	if err != nil || stats.Dollars != 0 || stats.Unpriced != "eu-north-1" {
		t.Errorf("%+v, %v", stats, err)
	}
	_, err = s.engine(Options{Region: "eu-north-1", MaxScan: 1000}).Execute(t.Context(), "x")
	if err == nil || !strings.HasSuffix(err.Error(), "what it read is charged") || strings.Contains(err.Error(), "$") {
		t.Errorf("over the limit: %v", err)
	}
}

func TestDollars(t *testing.T) {
	for v, want := range map[float64]string{0: "$0.00", 5: "$5.00", 12.345: "$12.35", 0.5: "$0.50", 0.05: "$0.050", 0.0000477: "$0.000048"} {
		if got := dollars(v); got != want {
			t.Errorf("%g: %s, want %s", v, got, want)
		}
	}
}

func TestSize(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 1023: "1023 B", 1024: "1.0 KiB", 3 << 20: "3.0 MiB", 107374182400: "100.0 GiB", 1 << 62: "4096.0 PiB"} {
		if got := size(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
