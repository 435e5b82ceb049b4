package cloud

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"pixelctl/pkg/lake"
	"pixelctl/pkg/pipeline"
)

// erase takes a person out of the lake.
type erase struct {
	*finding
	o       pipeline.EraseOptions
	receipt pipeline.Receipt
}

// EraseSubject removes a person's rows, every version of them, or blanks the
// person in them. It waits first until what the stream took of the window lies
// in S3, because it would come back otherwise. Only files that hold the person
// are written anew; those that hold nobody else go whole. Lines that did not
// become rows go, blanked or not, and so do results of questions. An erase that
// was killed is taken up by the next one, with its receipt if it is the same.
func (t *Target) EraseSubject(ctx context.Context, o pipeline.EraseOptions, sink pipeline.Sink) (pipeline.Receipt, error) {
	e := &erase{o: o, receipt: pipeline.Receipt{
		Column: o.Column, ValueHash: o.Hash(), Anonymise: o.Anonymise, DryRun: o.DryRun, Files: []pipeline.ErasedFile{},
	}}
	p, err := personOf(o.Subject)
	if err != nil {
		return e.receipt, err
	}
	d, err := t.readable(ctx, "subject erase")
	if err == nil {
		err = t.own(ctx, d, "subject erase")
	}
	if err != nil {
		return e.receipt, err
	}
	does := erasing
	if o.Anonymise {
		does = anonymising
	}
	e.finding = t.finding(d, p, does, sink)
	e.whom = digestOf(o.Subject)
	e.receipt.Notes = p.notes(d)
	if text := d.anew(); text != "" {
		e.receipt.Notes = append(e.receipt.Notes, text)
	}
	if o.DryRun {
		err = e.plan(ctx)
	} else {
		err = e.run(ctx)
	}
	e.account()
	return e.receipt, err
}

// digestOf stands for a subject in a journal, which names nobody.
func digestOf(s pipeline.Subject) string {
	sum := sha256.Sum256([]byte(s.Column + "\x00" + s.Value + "\x00" + s.Window.Since.UTC().String() + "\x00" + s.Window.Until.UTC().String()))
	return hex.EncodeToString(sum[:])
}

// account makes the receipt of what is done.
func (e *erase) account() {
	e.receipt.Files = append(e.receipt.Files, e.Done...)
	for _, f := range e.Done {
		e.receipt.Rows += f.Changed
	}
	for _, f := range e.Lines {
		e.receipt.Errors += f.Changed
	}
}

func (e *erase) run(ctx context.Context) error {
	if err := e.ready(ctx); err != nil {
		return err
	}
	if err := e.takeUp(ctx); err != nil {
		return err
	}
	h, err := e.hours(ctx)
	if err != nil {
		return err
	}
	if err := e.register(ctx, h); err != nil {
		return err
	}
	e.warn(slices.Concat(h.registered, h.missing), h.padded)
	if e.receipt.Matches, err = e.matches(ctx); err != nil {
		return err
	}
	if err := e.everywhere(ctx); err != nil {
		return err
	}
	if err := e.noReplay(ctx); err != nil {
		return err
	}
	if err := e.prune(ctx, e.emptied()); err != nil {
		return err
	}
	if err := e.clear(ctx); err != nil {
		return err
	}
	e.receipt.Results = e.receipt.Matches.Results
	return e.close(ctx)
}

// everywhere removes the person from files, then from error lines.
func (e *erase) everywhere(ctx context.Context) error {
	if len(e.receipt.Matches.Files) > 0 {
		if err := e.fromFiles(ctx); err != nil {
			return err
		}
	}
	if e.receipt.Matches.Errors == 0 { // one that was killed may have left old versions
		return e.t.bucket.RemoveOld(ctx, e.d.data, errorPrefix)
	}
	if err := e.begin(ctx); err != nil {
		return err
	}
	return e.removeLines(ctx, e.person.inLine, func(c errorChange) error {
		e.Lines = noted(e.Lines, pipeline.ErasedFile{Name: e.d.url(c.key), RowsBefore: c.lines, RowsAfter: c.lines - c.gone, Changed: c.gone})
		return e.write(ctx, resting, nil, nil)
	})
}

// fromFiles looks into the hours of the files that were found.
func (e *erase) fromFiles(ctx context.Context) error {
	if err := e.blanks(ctx); err != nil {
		return err
	}
	sizes := map[string]int64{}
	var hours []lake.Hour
	for _, f := range e.receipt.Matches.Files {
		key, _ := e.key(f.Name)
		sizes[key] = f.Bytes
		if h, err := hourOfKey(key); err == nil && !slices.Contains(hours, h) {
			hours = append(hours, h)
		}
	}
	files, err := e.survey(ctx, hours)
	if err != nil {
		return err
	}
	whole, mixed := sorted(files, func(f surveyed) bool { return !e.o.Anonymise && f.whole() })
	if err := e.whole(ctx, whole); err != nil {
		return err
	}
	return e.rewrite(ctx, mixed, sizes, func(int, int64) {})
}

// blanks says what stands in the place of the person. The table is the one that
// is deployed, and so is the spec; of kept data the spec is gone.
func (e *erase) blanks(ctx context.Context) error {
	if !e.o.Anonymise {
		return nil
	}
	table, err := e.d.catalog.Table(ctx)
	if err != nil {
		return err
	}
	s, err := e.t.deployedSpec(ctx, e.d)
	if err != nil {
		return err
	}
	e.rows.blank = blanks(s, table.Columns)
	return nil
}

// whole removes files that hold nobody else.
func (e *erase) whole(ctx context.Context, files []surveyed) error {
	if len(files) == 0 {
		return nil
	}
	for _, f := range files {
		e.did(pipeline.ErasedFile{Name: e.d.url(f.key), RowsBefore: f.rows, Changed: f.inside})
	}
	if err := e.write(ctx, resting, nil, nil); err != nil {
		return err
	}
	return e.t.bucket.RemoveVersions(ctx, e.d.data, keysOf(files))
}

// emptied are the hours that may hold no file any more.
func (e *erase) emptied() (hours []lake.Hour) {
	for _, f := range e.Done {
		key, _ := e.key(f.Name)
		if h, err := hourOfKey(key); f.RowsAfter == 0 && err == nil && !slices.Contains(hours, h) {
			hours = append(hours, h)
		}
	}
	return hours
}
