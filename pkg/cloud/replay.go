package cloud

import (
	"context"
	"slices"
	"time"

	"pixelctl/pkg/cloud/stream"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
	"pixelctl/pkg/redrive"
)

// replay is one sending again of records. The stream cannot be asked what it
// took, so the table is: a record is sent only when no row has its id, and not
// before all that the stream may hold of it lies in S3. That holds for records
// whose answer the function lost and for a replay that was killed alike.
type replay struct {
	*rejects

	o       pipeline.ReplayOptions
	etag    string    // of the journal
	held    time.Time // when the journal was last written
	id      string
	stopped time.Time       // until then the stream may have taken records that are asked for
	settled map[string]bool // ids of the log that an earlier replay settled
	purged  []purgedRecords
	sent    map[string]bool // ids of this replay, and those that are rows
	left    redrive.Tally
	result  pipeline.ReplayResult
}

// unit is what is sent and settled at a time.
type unit struct {
	files   []string // keys of objects whose lines go
	log     bool     // records of the log, which stay there and are remembered
	records []redrive.Record
}

// mostUnit is how many records are looked up at once.
const mostUnit = 1500

// ReplayErrors puts the records that fit the table now to the stream again.
// They lie under the hour of this, not under that of their received_at. The
// result also counts beside a fault.Partial, which lists what is left.
func (t *Target) ReplayErrors(ctx context.Context, o pipeline.ReplayOptions, sink pipeline.Sink) (pipeline.ReplayResult, error) {
	none := pipeline.ReplayResult{DryRun: o.DryRun, Reasons: []pipeline.ErrorGroup{}}
	d, err := t.standing(ctx, "errors replay")
	if err == nil {
		err = t.own(ctx, d, "errors replay")
	}
	if err != nil {
		return none, err
	}
	found, err := t.rejects(ctx, d, o.Window, o.Reason, sink)
	if err != nil {
		return none, err
	}
	r := &replay{rejects: found, o: o, id: newReplayID(), settled: map[string]bool{}, sent: map[string]bool{}, result: none}
	err = r.run(ctx)
	r.result.Left, r.result.Reasons = r.left.Records, r.left.Groups()
	r.result.Notes = append(r.result.Notes, r.told()...)
	if err == nil && !o.DryRun {
		err = r.result.Outcome(t.command)
	}
	return r.result, err
}

func (r *replay) run(ctx context.Context) error {
	if err := r.takeUp(ctx); err != nil {
		return err
	}
	if err := r.recall(ctx); err != nil {
		return err
	}
	logged, err := r.fromLog(ctx)
	if err != nil {
		return err
	}
	if err := r.settle(ctx); err != nil {
		return err
	}
	if err := r.fromObjects(ctx); err != nil {
		return err
	}
	for some := range slices.Chunk(logged, mostUnit) {
		if err := r.unit(ctx, unit{log: true, records: some}); err != nil {
			return err
		}
	}
	return r.end(ctx)
}

// fromLog gives the records of the log that fit and are not settled. What the
// stream did not take may yet be in it: the answer alone may have been lost.
func (r *replay) fromLog(ctx context.Context) ([]redrive.Record, error) {
	oldest, err := r.oldest()
	if err != nil {
		return nil, err
	}
	var list []redrive.Record
	err = r.logged(ctx, func(rec redrive.Record) {
		r.result.Records++
		switch {
		case r.settled[rec.EventID], r.gone(rec, oldest):
			r.result.Earlier++
		case !rec.Fits:
			r.left.Add(rec)
		default:
			list = append(list, rec)
			if rec.At.After(r.stopped) {
				r.stopped = rec.At
			}
		}
	})
	return list, err
}

// gone tells a record of the log whose row would be gone by now: by a purge that
// came after it, or by the retention.
func (r *replay) gone(rec redrive.Record, oldest time.Time) bool {
	at := rec.At
	if rec.Fits {
		at = rec.Received.Time()
	}
	return at.Before(oldest) || slices.ContainsFunc(r.purged, func(p purgedRecords) bool {
		return p.Contains(at) && rec.At.Before(p.At)
	})
}

// oldest is the received_at before which rows are gone by the retention: a
// record of the log must not bring one back.
func (r *replay) oldest() (time.Time, error) {
	days, err := r.d.retention()
	if err != nil || days == 0 {
		return time.Time{}, err
	}
	return r.t.clock.Now().AddDate(0, 0, -days), nil
}

// settle waits until what the stream may have taken of the records lies in S3,
// and has the table know its hours.
func (r *replay) settle(ctx context.Context) error {
	if !r.stopped.IsZero() && !r.o.DryRun {
		err := r.t.stream.Drain(ctx, r.d.stream, stream.DrainOptions{Stopped: r.stopped, Flowing: true}, r.sink)
		if err != nil {
			return fault.New(fault.KindOf(err), "replay errors: nothing is sent yet: %w", err).WithHint("%s", hintOr(err, r.t.command("errors replay")))
		}
	}
	if r.o.DryRun || r.d.projected() {
		return nil
	}
	// A row in an hour that is not registered would not be found.
	h, err := r.t.survey(ctx, r.d, window{query.Window{Since: r.w.Since}}.first())
	if err == nil {
		_, err = r.d.catalog.Register(ctx, h.missing, r.d.location())
	}
	return err
}

// fromObjects replays error lines, some objects at a time.
func (r *replay) fromObjects(ctx context.Context) error {
	var u unit
	err := r.objects(ctx, func(f rejectFile) error {
		fit := f.records[:0]
		for _, rec := range f.records {
			if r.result.Records++; rec.Fits && len(rec.Raw) < stream.MaxRecord {
				fit = append(fit, rec)
			} else {
				r.left.Add(rec)
			}
		}
		if len(fit) == 0 {
			return nil
		}
		u.files, u.records = append(u.files, f.key), append(u.records, fit...)
		if len(u.records) < mostUnit {
			return nil
		}
		full := u
		u = unit{}
		return r.unit(ctx, full)
	})
	if err != nil || len(u.records) == 0 {
		return err
	}
	return r.unit(ctx, u)
}

// unit sends the records of which no row is there and settles all of them.
func (r *replay) unit(ctx context.Context, u unit) error {
	stored, err := redrive.Stored(ctx, r.ask, u.records)
	if err != nil {
		return err
	}
	var send []redrive.Record
	for _, rec := range u.records {
		if stored[rec.EventID] || r.sent[rec.EventID] {
			r.result.Stored++
		} else {
			send = append(send, rec)
		}
		r.sent[rec.EventID] = true
	}
	if r.o.DryRun {
		r.result.Replayed += int64(len(send))
		r.plan(u, len(send))
		return nil
	}
	refused, err := r.send(ctx, send)
	if err != nil {
		return err
	}
	done := map[string]bool{}
	for _, rec := range u.records {
		done[rec.EventID] = !refused[rec.EventID]
	}
	r.result.Replayed += int64(len(send) - len(refused))
	r.result.Refused += int64(len(refused))
	if u.log {
		return r.remember(ctx, done)
	}
	return r.drop(ctx, u.files, done)
}

// send puts records to the stream, after the journal says so.
func (r *replay) send(ctx context.Context, send []redrive.Record) (refused map[string]bool, err error) {
	refused = map[string]bool{}
	if len(send) == 0 {
		return refused, nil
	}
	r.sink.Send(pipeline.Event{Phase: pipeline.Begin, Step: "send records", Text: plural(len(send), "records")})
	for some := range slices.Chunk(send, stream.MostRecords) {
		lines := make([][]byte, len(some))
		for i, rec := range some {
			lines[i] = append(slices.Clip(rec.Raw), '\n')
		}
		if err := r.hold(ctx); err != nil {
			return nil, err
		}
		left, err := r.t.stream.Put(ctx, r.d.stream, lines)
		if err != nil {
			return nil, fault.New(fault.KindOf(err), "replay errors: %w", err).
				WithHint("%s waits, looks which of them are rows, and goes on", r.t.command("errors replay"))
		}
		for _, i := range left {
			refused[some[i].EventID] = true
		}
	}
	r.sink.Send(pipeline.Event{Phase: pipeline.End, Step: "send records"})
	return refused, nil
}

// ask runs a lookup; a dry run tells what it cost.
func (r *replay) ask(ctx context.Context, sql string) (query.Rows, error) {
	rows, err := r.d.athena.Query(ctx, sql)
	if err == nil && r.o.DryRun {
		s := rows.Stats()
		r.result.Calls = append(r.result.Calls, "athena:StartQueryExecution looked for their rows already: "+charge(s, ""))
	}
	return rows, err
}

func (r *replay) plan(u unit, n int) {
	if n > 0 {
		r.result.Calls = append(r.result.Calls, "firehose:PutRecordBatch "+r.d.stream+" ("+plural(n, "records")+")")
	}
	if u.log {
		r.result.Calls = append(r.result.Calls, "s3:PutObject "+r.d.data+"/"+donePrefix)
	} else {
		r.result.Calls = append(r.result.Calls, "s3:PutObject or s3:DeleteObjects "+r.d.data+"/"+errorPrefix+" ("+plural(len(u.files), "objects")+")")
	}
}
