package local

import (
	"bytes"
	"context"
	"fmt"
	"os"

	"pixelctl/pkg/event"
	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/local/flush"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
	"pixelctl/pkg/redrive"
)

// replay is one sending again of error lines, file by file. The lines of a file
// become a segment of their own, whose name the journal knows before it is
// written: a replay that was killed writes the same files again.
type replay struct {
	t       *Target
	o       pipeline.ReplayOptions
	sink    pipeline.Sink
	fs      disk.FS
	flusher *flush.Flusher
	reader  *redrive.Reader

	sent   map[string]bool // ids of this replay
	left   redrive.Tally
	result pipeline.ReplayResult
}

// ReplayErrors makes rows of the lines that fit the table now. What waits in the
// spool is flushed first, so that no segment can bring its error lines back. The
// result also counts beside a fault.Partial, which lists what is left.
func (t *Target) ReplayErrors(ctx context.Context, o pipeline.ReplayOptions, sink pipeline.Sink) (pipeline.ReplayResult, error) {
	r := newReplay(t, o, sink, disk.OS{})
	if _, err := t.deployed(); err != nil {
		return r.result, err
	}
	if o.DryRun {
		err := r.run(ctx)
		return r.result, err
	}
	lock, err := lockOperation(ctx, t.l, "replay errors")
	if err != nil {
		return r.result, err
	}
	defer func() { _ = lock.Unlock() }()
	if _, err := t.Flush(ctx, sink); err != nil {
		return r.result, fmt.Errorf("flush the spool before a replay: %w", err)
	}
	if err = r.run(ctx); err == nil {
		err = r.result.Outcome(t.l.command)
	}
	return r.result, err
}

func newReplay(t *Target, o pipeline.ReplayOptions, sink pipeline.Sink, fsys disk.FS) *replay {
	return &replay{
		t: t, o: o, sink: sink, fs: fsys, sent: map[string]bool{},
		result: pipeline.ReplayResult{DryRun: o.DryRun, Reasons: []pipeline.ErrorGroup{}},
	}
}

func (r *replay) run(ctx context.Context) error {
	schema, err := settingsSchema(r.t.l)
	if err != nil {
		return err
	}
	r.reader = redrive.NewReader(schema)
	r.flusher = flush.New(flush.Options{
		Lake: r.t.l.Lake(), FS: r.fs, Converter: r.t.o.Converter, Schema: func() event.Schema { return schema },
	})
	if err := r.resume(ctx); err != nil {
		return err
	}
	files, waiting, err := r.t.errorFiles()
	if err != nil {
		return err
	}
	if waiting > 0 {
		r.result.Notes = append(r.result.Notes, fmt.Sprintf("files whose segment still waits in the spool were left out: %d", waiting))
	}
	for i, path := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		r.sink.Send(pipeline.Event{Phase: pipeline.Move, Step: "replay", Text: r.t.lakeName(path), Done: int64(i), Total: int64(len(files))})
		if err := r.file(ctx, path); err != nil {
			return fmt.Errorf("replay %s: %w", path, err)
		}
	}
	r.result.Left += r.left.Records
	r.result.Reasons = r.left.Groups()
	return nil
}

// resume ends what a killed replay left. A dry run only tells of it.
func (r *replay) resume(ctx context.Context) error {
	j, found, err := loadReplay(r.t.l)
	if err != nil || !found {
		return err
	}
	r.result.Notes = append(r.result.Notes, "an earlier replay did not end: it is taken up")
	if r.o.DryRun {
		return nil
	}
	return r.carry(ctx, j)
}

// file replays one file of error lines.
func (r *replay) file(ctx context.Context, path string) error {
	body, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	fit, lines := r.fitting(path, body)
	if len(fit) == 0 {
		return nil
	}
	stored, err := redrive.Stored(ctx, r.ask, fit)
	if err != nil {
		return err
	}
	j := newReplayJournal(r.t.lakeName(path))
	for i, rec := range fit {
		if stored[rec.EventID] || r.sent[rec.EventID] {
			r.result.Stored++
			j.Drop = append(j.Drop, digest(lines[i]))
			continue
		}
		r.sent[rec.EventID] = true
		j.Send = append(j.Send, digest(lines[i]))
	}
	if r.o.DryRun {
		r.result.Replayed += int64(len(j.Send))
		return nil
	}
	if err := j.save(r.t.l, r.fs); err != nil {
		return err
	}
	return r.carry(ctx, j)
}

// fitting gives the records that were asked for and fit the table now, with
// their lines, and counts the others.
func (r *replay) fitting(path string, body []byte) (fit []redrive.Record, lines [][]byte) {
	for line := range bytes.Lines(body) {
		rec, ok := r.reader.ErrorLine(line, path)
		if !ok || !redrive.Selects(r.o.Window, r.o.Reason, rec) {
			continue
		}
		if r.result.Records++; !rec.Fits {
			r.left.Add(rec)
			continue
		}
		fit, lines = append(fit, rec), append(lines, line)
	}
	return fit, lines
}

func (r *replay) ask(ctx context.Context, sql string) (query.Rows, error) {
	return r.t.Query(ctx, pipeline.QueryOptions{SQL: sql}, nil)
}
