package cloud

import (
	"bytes"
	"context"
	"fmt"

	"pixelctl/pkg/cloud/beaconlog"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
	"pixelctl/pkg/redrive"
)

// rejects reads the records of a stack that did not become rows.
type rejects struct {
	t      *Target
	d      *deployed
	reader *redrive.Reader
	w      query.Window
	reason string
	sink   pipeline.Sink
	notes  []string
	unread int64
}

// Errors reads the objects that Firehose wrote instead of rows, and what the
// function logged because the stream did not take it.
func (t *Target) Errors(ctx context.Context, o pipeline.ErrorsOptions, sink pipeline.Sink) (pipeline.ErrorReport, error) {
	report := pipeline.ErrorReport{Groups: []pipeline.ErrorGroup{}, Shown: []pipeline.Rejected{}}
	d, err := t.readable(ctx, "errors list")
	if err != nil {
		return report, err
	}
	r, err := t.rejects(ctx, d, o.Window, o.Reason, sink)
	if err != nil {
		return report, err
	}
	var tally redrive.Tally
	take := func(rec redrive.Record) {
		if tally.Add(rec); len(report.Shown) < o.Limit {
			report.Shown = append(report.Shown, rec.Rejected)
		}
	}
	err = r.objects(ctx, func(f rejectFile) error {
		if len(f.records) > 0 {
			report.Files++
		}
		for _, rec := range f.records {
			take(rec)
		}
		return nil
	})
	if err == nil {
		err = r.logged(ctx, take)
	}
	report.Records, report.Groups, report.Notes = tally.Records, tally.Groups(), r.told()
	return report, err
}

// rejects makes the reader for the columns that the table has now: those by
// which Firehose converts.
func (t *Target) rejects(ctx context.Context, d *deployed, w query.Window, reason string, sink pipeline.Sink) (*rejects, error) {
	table, err := d.catalog.Table(ctx)
	if err != nil {
		return nil, err
	}
	return &rejects{t: t, d: d, reader: redrive.NewReader(schemaOf(table.Columns)), w: w, reason: reason, sink: sink}, nil
}

// rejectFile is one object of error lines and the records in it that were asked
// for.
type rejectFile struct {
	key     string
	records []redrive.Record
}

// objects calls each with the objects that may hold lines of the window.
func (r *rejects) objects(ctx context.Context, each func(rejectFile) error) error {
	list, err := r.t.errorFiles(ctx, r.d, window{r.w})
	if err != nil {
		return err
	}
	done := 0
	return r.t.readErrors(ctx, r.d, list, func(o errorObject) error {
		r.sink.Send(pipeline.Event{Phase: pipeline.Move, Step: "read errors", Text: o.Key, Done: int64(done), Total: int64(len(list))})
		done++
		return each(r.object(o))
	})
}

func (r *rejects) object(o errorObject) rejectFile {
	f := rejectFile{key: o.Key}
	for line := range bytes.Lines(o.body) {
		rec, ok := r.reader.ErrorLine(line, o.Key)
		if !ok {
			r.unread++
		} else if redrive.Selects(r.w, r.reason, rec) {
			f.records = append(f.records, rec)
		}
	}
	return f
}

// logged gives the records in the function's log. Data that was kept has none.
func (r *rejects) logged(ctx context.Context, each func(redrive.Record)) error {
	group := r.d.stack.Outputs["BeaconLogGroup"]
	if group == "" {
		return nil
	}
	whole, err := r.t.log.Lost(ctx, group, r.w.Since, r.w.Until, func(l beaconlog.Lost) error {
		for _, raw := range l.Records {
			if rec := r.reader.Logged(raw, l.At, l.Error, group); redrive.Selects(r.w, r.reason, rec) {
				each(rec)
			}
		}
		return nil
	})
	if !whole && err == nil {
		r.notes = append(r.notes, "log group "+group+" is long: it was not read to its end; give --since and --until")
	}
	return err
}

// told are the notes on what could not be read.
func (r *rejects) told() []string {
	notes := append([]string{}, r.notes...)
	if r.unread > 0 {
		notes = append(notes, fmt.Sprintf("lines under s3://%s/%s that are no error lines: %d", r.d.data, errorPrefix, r.unread))
	}
	return notes
}
