package local

import (
	"context"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"pixelctl/pkg/lake"
	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

const (
	tailPause = 500 * time.Millisecond
	// tailOverlap is how much later than another a record may come that was
	// received before it.
	tailOverlap = 5 * time.Second
)

// Tail reads the spool and the newest files. With Follow it looks again when one
// of them changed.
func (t *Target) Tail(ctx context.Context, o pipeline.TailOptions, show func(pipeline.Tail) error) error {
	if err := o.Validate(); err != nil {
		return err
	}
	if _, err := t.deployed(); err != nil {
		return err
	}
	f := follower{t: t, o: o, most: o.Lines, seen: map[string]time.Time{}, warned: map[string]bool{}}
	for {
		if err := f.look(ctx, show); err != nil || !o.Follow {
			return err
		}
		if err := sleep(ctx, tailPause); err != nil {
			return err
		}
	}
}

// follower is one Tail.
type follower struct {
	t     *Target
	o     pipeline.TailOptions
	most  int
	state string               // of the spool when it was read last
	since time.Time            // of the newest row that was shown
	floor time.Time            // of the oldest one: rows before it were left out at first
	seen  map[string]time.Time // event ids of rows since then, less the overlap
	// warned are the warnings that were told: each look finds the same files.
	warned map[string]bool
}

// look shows the rows that were not shown.
func (f *follower) look(ctx context.Context, show func(pipeline.Tail) error) error {
	state, err := f.t.spoolState()
	if err != nil || state == f.state {
		return err
	}
	tail, err := settled(func() (pipeline.Tail, error) { return f.read(ctx) })
	if err != nil {
		return err
	}
	f.state, f.most = state, pipeline.MostTail
	tail.Warnings = slices.DeleteFunc(tail.Warnings, func(w string) bool { return f.warned[w] })
	for _, w := range tail.Warnings {
		f.warned[w] = true
	}
	if f.fresh(&tail); len(tail.Rows)+len(tail.Warnings) == 0 && f.o.Follow {
		return nil
	}
	return show(tail)
}

// spoolState changes with each record, also with those that are files by now: the
// directory is dated by what was made or removed in it.
func (t *Target) spoolState() (string, error) {
	entries, err := os.ReadDir(t.l.Spool())
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	var state strings.Builder
	state.WriteString("spool ") // also where there is none
	if info, err := os.Stat(t.l.Spool()); err == nil {
		state.WriteString(info.ModTime().String() + " ")
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			state.WriteString(e.Name() + ":" + strconv.FormatInt(info.Size(), 10) + " ")
		}
	}
	return state.String(), nil
}

// read takes the newest rows of spool and files.
func (f *follower) read(ctx context.Context) (tail pipeline.Tail, err error) {
	snap, err := takeSnapshot(f.t.l)
	if err != nil {
		return tail, err
	}
	defer func() { err = errors.Join(err, snap.remove()) }()
	list, err := f.t.list(ctx, false, snap, nil)
	if err != nil {
		return tail, err
	}
	conditions, err := f.o.Conditions(list.schema)
	if err != nil {
		return tail, err
	}
	if !f.since.IsZero() {
		conditions = append(conditions, query.Window{Since: f.since.Add(-tailOverlap)}.Predicate(0))
	}
	files := list.newest(f.since.Add(-tailOverlap))
	engine, err := duck.Open(ctx, duck.Source{Data: f.t.l.Data(), Files: files, Spool: snap.files, Schema: list.schema}, duck.Options{Few: true})
	if err != nil {
		return tail, err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	rows, err := engine.Query(ctx, query.NewestSQL(list.schema, conditions, f.most+1))
	if err != nil {
		return tail, err
	}
	err = tail.Read(ctx, rows, f.most)
	return tail, err
}

// newest are the files of the last hour that has any, or since an instant.
func (l listing) newest(since time.Time) []duck.File {
	var last lake.Hour
	for _, f := range l.files {
		if f.Hour.Compare(last) > 0 {
			last = f.Hour
		}
	}
	return slices.DeleteFunc(slices.Clone(l.files), func(f duck.File) bool {
		return f.Hour != last && (since.Year() < 2 || !f.Hour.End().After(since))
	})
}

// fresh leaves out the rows that were shown, and notes the others.
func (f *follower) fresh(tail *pipeline.Tail) {
	id, at := tail.Column("event_id"), tail.Column("received_at")
	first := f.since.IsZero()
	if first && tail.More {
		f.floor, _ = tail.Rows[0][at].(time.Time)
	}
	tail.More = tail.More && !first
	tail.Rows = slices.DeleteFunc(tail.Rows, func(row []any) bool {
		name, _ := row[id].(string)
		received, _ := row[at].(time.Time)
		if _, shown := f.seen[name]; shown || received.Before(f.floor) {
			return true
		}
		f.seen[name] = received
		if received.After(f.since) {
			f.since = received
		}
		return false
	})
	tail.Newest = f.since
	for name, received := range f.seen {
		if received.Before(f.since.Add(-2 * tailOverlap)) {
			delete(f.seen, name)
		}
	}
}
