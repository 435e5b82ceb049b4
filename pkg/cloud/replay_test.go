package cloud_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pixelctl/pkg/awsfake"
	"pixelctl/pkg/cloud"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/reject"
)

const errorObject = "errors/format-conversion-failed/year=2026/month=7/day=5/lines"

// refused deploys, with an object of error lines, of which two fit, one of them
// twice, and one does not, and with a record in the function's log that the
// stream did not take.
func (a *account) refused() {
	a.Helper()
	d := a.deploy()
	var body []byte
	for _, raw := range []string{"e-1", "e-2", "e-1", `{"event_id":"bad"}`} {
		if !strings.HasPrefix(raw, "{") {
			raw = fmt.Sprintf(`{"event_id":%q,"received_at":"2026-07-05 08:00:00.000","status":"recorded"}`, raw)
		}
		body = reject.AppendErrorLine(body, reject.ErrorLine{
			ArrivalTimestamp: at("08:00:01").UnixMilli(), LastErrorCode: reject.MalformedData, LastErrorMessage: "site: not a int", RawData: []byte(raw + "\n"),
		})
	}
	if err := a.fake.S3.Put(a.data(), errorObject, body); err != nil {
		a.Fatal(err)
	}
	a.lost(d.Endpoint)
}

// lost has the pixel asked for while the stream takes nothing.
func (a *account) lost(endpoint string, parameters ...string) {
	a.Helper()
	a.failRecords(2, "ServiceUnavailableException")
	req, err := http.NewRequestWithContext(a.Context(), http.MethodGet, endpoint+"/p.gif?"+strings.Join(parameters, "&"), http.NoBody)
	if err != nil {
		a.Fatal(err)
	}
	resp, err := a.fake.Client().Do(req)
	if err != nil {
		a.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.Header.Get("X-Pixel-Status") != "dropped; reason=stream" {
		a.Fatalf("hit: %s, %v", resp.Header.Get("X-Pixel-Status"), err)
	}
}

func (a *account) failRecords(n int, code string) {
	a.Helper()
	if err := a.fake.Firehose.FailRecords(a.fake.Firehose.Streams()[0], n, code); err != nil {
		a.Fatal(err)
	}
}

// replayAll is done when only what does not fit is left.
func replayAll(ctx context.Context, p *cloud.Target) error {
	r, err := p.ReplayErrors(ctx, pipeline.ReplayOptions{}, nil)
	if fault.KindOf(err) == fault.Partial && r.Left == 1 && r.Refused == 0 {
		return nil
	}
	return err
}

// replayed wants each record once as a row, that which does not fit as an error
// line, and nothing to do for another replay.
func (a *account) replayed() {
	a.Helper()
	if err := a.settle(a.Context()); err != nil {
		a.Fatal(err)
	}
	r, err := a.target().ReplayErrors(a.Context(), pipeline.ReplayOptions{}, nil)
	if fault.KindOf(err) != fault.Partial || r.Replayed != 0 || r.Left != 1 || r.Earlier != 1 {
		a.Errorf("another replay: %+v, %v", r, err)
	}
	a.wantRows(3)
	report, err := a.target().Errors(a.Context(), pipeline.ErrorsOptions{Limit: 9}, nil)
	if err != nil || report.Records != 2 || len(report.Shown) != 2 || report.Shown[0].EventID != "bad" || report.Shown[1].Reason != pipeline.ReasonRefused {
		a.Errorf("errors: %+v, %v", report, err)
	}
	if left := a.fake.S3.List(a.data(), "replay/journal"); len(left) > 0 {
		a.Errorf("left: %v", left)
	}
}

// wantRows wants so many rows, each once.
func (a *account) wantRows(n int) {
	a.Helper()
	ids := a.column("SELECT event_id FROM tp_hits ORDER BY 1")
	if len(ids) != n || len(slices.Compact(slices.Clone(ids))) != n {
		a.Errorf("rows %v, want %d, each once", ids, n)
	}
}

// The process that replays is gone at each of its calls, and another one goes
// on: no record is lost and none is a row twice.
func TestReplayKilled(t *testing.T) {
	t.Parallel()
	o := operation{name: "replay", prepare: (*account).refused, run: replayAll, reached: (*account).replayed}
	for _, n := range append([]int{0}, o.calls(t).differ...) {
		t.Run(fmt.Sprintf("call %d", n), func(t *testing.T) {
			t.Parallel()
			o.killed(t, n)
		})
	}
}

// Calls go wrong, before or after they take effect. Where nobody knows what the
// stream took, the replay ends with what goes on; it may be run again until it
// is done.
func TestReplayFaults(t *testing.T) {
	t.Parallel()
	o := operation{prepare: (*account).refused, reached: (*account).replayed, run: func(ctx context.Context, p *cloud.Target) (err error) {
		for range 5 {
			if err = replayAll(ctx, p); err == nil || fault.HintOf(err) == "" {
				return err
			}
		}
		return err
	}}
	for name, f := range map[string]awsfake.Fault{
		"500 at every other call": {Status: 500, EveryOther: true, Times: awsfake.Forever},
		"answers of the stream":   {Service: "firehose", Operation: "PutRecordBatch", Reset: true, After: true, Times: 2},
		"half an answer":          {Service: "firehose", Operation: "PutRecordBatch", Truncate: true},
		"500 after its effect":    {Service: "firehose", Operation: "PutRecordBatch", Status: 500, After: true},
		"the stream is busy":      {Service: "firehose", Operation: "PutRecordBatch", Code: "ServiceUnavailableException", Times: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o.endures(t, "standard", f)
		})
	}
}

// A call succeeds and refuses some of its records: these alone are sent again,
// and what is refused for good stays where it was.
func TestReplayRefusedByPosition(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.refused()
	a.failRecords(1, "InternalFailure")
	if err := replayAll(t.Context(), a.target()); err != nil {
		t.Fatal(err)
	}
	a.replayed()

	a = newSmall(t)
	a.refused()
	a.failRecords(100, "ServiceUnavailableException")
	r, err := a.target().ReplayErrors(t.Context(), pipeline.ReplayOptions{}, nil)
	if fault.KindOf(err) != fault.Partial || r.Refused != 3 || r.Replayed != 0 || len(fault.LeftOf(err)) != 2 {
		t.Fatalf("%+v, %v, left %q", r, err, fault.LeftOf(err))
	}
	a.failRecords(-1, "")
	for range 10 { // the stream refuses what is left of the hundred
		if err = replayAll(t.Context(), a.target()); err == nil {
			break
		}
	}
	a.replayed()
}

// The answer of the stream did not reach the function: the record is in its log
// and, once it is delivered, a row.
func TestReplayAfterLostAnswer(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	d := a.deploy()
	a.fake.Fail(awsfake.Fault{Service: "firehose", Operation: "PutRecord", Status: 500, After: true})
	a.fake.Fail(awsfake.Fault{Service: "firehose", Operation: "PutRecord", Status: 500, Nth: 2})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.Endpoint+"/p.gif", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := a.fake.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || !strings.HasPrefix(resp.Header.Get("X-Pixel-Status"), "dropped") {
		t.Fatalf("hit: %s, %v", resp.Header.Get("X-Pixel-Status"), err)
	}
	r, err := a.target().ReplayErrors(t.Context(), pipeline.ReplayOptions{}, nil)
	if err != nil || r.Records != 1 || r.Stored != 1 || r.Replayed != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	a.wantRows(1)
}

// A replay that another one overtakes stops before it sends.
func TestReplayOvertaken(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.refused()
	begun := false
	_, err := a.target().ReplayErrors(t.Context(), pipeline.ReplayOptions{}, func(e pipeline.Event) {
		if e.Step == "send records" && !begun {
			begun = true // nothing is sent yet
			if err := replayAll(a.Context(), a.target()); err != nil {
				t.Errorf("second: %v", err)
			}
		}
	})
	if fault.KindOf(err) != fault.Busy || fault.HintOf(err) == "" {
		t.Fatalf("first: %v, want busy", err)
	}
	a.replayed()
}

// What a purge removed, an erasure or the retention, does not come back from the
// log; what is another person's does.
func TestReplayBringsNothingBack(t *testing.T) {
	t.Parallel()
	erase := func(a *account, user string, anonymise bool) {
		a.Helper()
		who := pipeline.Subject{Column: "user_id", Value: user}
		if _, err := a.target().EraseSubject(a.Context(), pipeline.EraseOptions{Subject: who, Anonymise: anonymise}, nil); err != nil {
			a.Fatal(err)
		}
	}
	for name, remove := range map[string]func(a *account){
		"erasure":       func(a *account) { erase(a, "anna", false) },
		"anonymisation": func(a *account) { erase(a, "anna", true) },
		"of another":    func(a *account) { erase(a, "berta", false) },
		"purge": func(a *account) {
			if _, err := a.target().Purge(a.Context(), pipeline.PurgeOptions{All: true}, nil); err != nil {
				a.Fatal(err)
			}
		},
		"retention": func(a *account) { a.fake.Clock().Advance(8 * 24 * time.Hour) },
	} {
		a := newSmall(t)
		a.want.RetentionDays = new(7)
		a.lost(a.deploy().Endpoint, "uid=anna")
		remove(a)
		earlier := int64(1)
		if name == "of another" {
			earlier = 0
		}
		r, err := a.target().ReplayErrors(t.Context(), pipeline.ReplayOptions{}, nil)
		if err != nil || r.Earlier != earlier || r.Replayed != 1-earlier {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

// What earlier replays settled is read together, and all of it counts.
func TestReplayRecallsTogether(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.refused()
	report, err := a.target().Errors(t.Context(), pipeline.ErrorsOptions{Reason: pipeline.ReasonRefused, Limit: 1}, nil)
	if err != nil || len(report.Shown) != 1 {
		t.Fatalf("errors: %+v, %v", report, err)
	}
	for i := range 20 {
		id := fmt.Sprint("other-", i)
		if i == 13 {
			id = report.Shown[0].EventID
		}
		if err := a.fake.S3.Put(a.data(), fmt.Sprintf("replay/done/%02d.json", i), fmt.Appendf(nil, `{"ids":[%q]}`, id)); err != nil {
			t.Fatal(err)
		}
	}
	together := a.readTogether(2) // the first is the journal
	r, err := a.target().ReplayErrors(t.Context(), pipeline.ReplayOptions{Reason: pipeline.ReasonRefused, DryRun: true}, nil)
	if err != nil || r.Earlier != 1 || r.Replayed != 0 || !together() {
		t.Errorf("%+v, together %v, %v", r, together(), err)
	}
}

// readTogether holds the n-th reading of an object up until the next one comes,
// and tells whether it came.
func (a *account) readTogether(n int32) func() bool {
	var reads atomic.Int32
	var alone atomic.Bool
	next := make(chan struct{})
	a.fake.OnCall(func(c awsfake.Call) {
		if c.Operation != "GetObject" {
			return
		}
		switch reads.Add(1) {
		case n:
			select {
			case <-next:
			case <-time.After(10 * time.Second):
				alone.Store(true)
			}
		case n + 1:
			close(next)
		}
	})
	return func() bool { return reads.Load() > n && !alone.Load() }
}

// Objects of error lines are read together: one waits for another here. They are
// told in their order all the same.
func TestErrorsReadTogether(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.refused()
	body, err := a.fake.S3.Get(a.data(), errorObject)
	if err != nil {
		t.Fatal(err)
	}
	const more = 20
	for i := range more {
		if err := a.fake.S3.Put(a.data(), fmt.Sprintf("%s-%02d", errorObject, i), body); err != nil {
			t.Fatal(err)
		}
	}
	together := a.readTogether(1)
	r, err := a.target().Errors(t.Context(), pipeline.ErrorsOptions{Limit: 1000}, nil)
	if err != nil || r.Files != more+1 || r.Records != 4*(more+1)+1 || !together() {
		t.Errorf("%d records of %d files, together %v, %v", r.Records, r.Files, together(), err)
	}
	if !slices.IsSortedFunc(r.Shown[:4*(more+1)], func(a, b pipeline.Rejected) int { return strings.Compare(a.Source, b.Source) }) {
		t.Error("the records are in another order")
	}
}
