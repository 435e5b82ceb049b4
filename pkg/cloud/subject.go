package cloud

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// FindSubject looks for a person's rows in files, in error lines, and counts
// what may hold copies. Like Query it registers new hours first.
func (t *Target) FindSubject(ctx context.Context, s pipeline.Subject, sink pipeline.Sink) (pipeline.SubjectMatches, error) {
	p, err := personOf(s)
	if err != nil {
		return pipeline.SubjectMatches{}, err
	}
	d, err := t.readable(ctx, "subject find")
	if err != nil {
		return pipeline.SubjectMatches{}, err
	}
	if err := t.registerNew(ctx, d, sink); err != nil {
		return pipeline.SubjectMatches{}, err
	}
	f := t.finding(d, p, erasing, sink)
	return f.matches(ctx)
}

// ExportSubject gives a person's rows, with all columns. Athena keeps the
// answer with the results of other questions.
func (t *Target) ExportSubject(ctx context.Context, s pipeline.Subject, sink pipeline.Sink) (query.Rows, error) {
	p, err := personOf(s)
	if err != nil {
		return nil, err
	}
	d, err := t.readable(ctx, "subject export")
	if err != nil {
		return nil, err
	}
	if err := t.registerNew(ctx, d, sink); err != nil {
		return nil, err
	}
	table, err := d.catalog.Table(ctx)
	if err != nil {
		return nil, err
	}
	sink.Send(pipeline.Event{Phase: pipeline.Begin, Step: "query"})
	rows, err := d.athena.Following(sink).Query(ctx, exportSQL(table.Columns, p.w, p.rows()))
	if err != nil {
		return nil, fmt.Errorf("export person: %w", err)
	}
	sink.Send(pipeline.Event{Phase: pipeline.End, Step: "query"})
	for _, text := range append(p.notes(d), "lines that did not become rows are not in the export; subject find counts them", "the answer stays in s3://"+resultsBucket(d)+"/"+resultsPrefix+" until the bucket's rule or an erase removes it") {
		sink.Send(pipeline.Event{Phase: pipeline.Note, Step: "export person", Text: text})
	}
	return query.ReadMaps(rows), nil
}

// finding is a search for one person.
type finding struct {
	*removal
	person person
	stats  query.Stats // of the search
}

func (t *Target) finding(d *deployed, p person, does intent, sink pipeline.Sink) *finding {
	r := t.removal(d, does, p.w, sink)
	r.rows.inside = p.rows()
	return &finding{removal: r, person: p}
}

// matches is where the person is found. Stored results are counted before the
// search adds its own.
func (f *finding) matches(ctx context.Context) (pipeline.SubjectMatches, error) {
	m := pipeline.SubjectMatches{
		Column: f.person.column, Values: f.person.values, Files: []pipeline.SubjectFile{}, Scanned: -1, Spool: -1, Notes: f.person.notes(f.d),
	}
	if f.d.kept {
		m.Spool = 0
	}
	var err error
	if m.Results, err = f.results(ctx); err != nil {
		return m, err
	}
	if err := f.files(ctx, &m); err != nil {
		return m, err
	}
	m.Errors, err = f.lines(ctx)
	return m, err
}

// files asks which of them hold rows of the person, and reads one column.
func (f *finding) files(ctx context.Context, m *pipeline.SubjectMatches) error {
	f.sink.Send(pipeline.Event{Phase: pipeline.Begin, Step: "find person"})
	answer, stats, err := f.ask(ctx, findSQL(f.w, f.rows))
	if err != nil {
		return fault.New(fault.KindOf(err), "find person: %w", err).WithHint("%s", fault.HintOf(err))
	}
	f.stats, m.Scanned = stats, stats.BytesScanned
	for _, row := range answer {
		key, ok := f.key(row[0])
		if !ok || len(row) != 2 {
			continue
		}
		n, _ := row[1].(int64)
		m.Files, m.Rows = append(m.Files, pipeline.SubjectFile{Name: key, Rows: n}), m.Rows+n
	}
	slices.SortFunc(m.Files, func(a, b pipeline.SubjectFile) int { return strings.Compare(a.Name, b.Name) })
	sizes, err := f.sizes(ctx, keysFound(*m))
	if err != nil {
		return err
	}
	for i, file := range m.Files {
		m.Files[i].Bytes, m.Files[i].Name = sizes[file.Name], f.d.url(file.Name)
		m.Bytes += sizes[file.Name]
	}
	f.sink.Send(pipeline.Event{Phase: pipeline.End, Step: "find person", Text: charge(stats, " read")})
	return nil
}

func keysFound(m pipeline.SubjectMatches) []string {
	keys := make([]string, len(m.Files))
	for i, f := range m.Files {
		keys[i] = f.Name
	}
	return keys
}

// lines counts those of the person that did not become rows.
func (f *finding) lines(ctx context.Context) (n int64, err error) {
	list, err := f.t.errorFiles(ctx, f.d, f.w)
	if err != nil {
		return 0, err
	}
	err = f.t.readErrors(ctx, f.d, list, func(o errorObject) error {
		n += changeOf(o, f.person.inLine).gone
		return nil
	})
	return n, err
}

// results counts the stored answers to questions. Beside each Athena puts a
// description, and what UNLOAD or MSCK REPAIR TABLE leave is no answer.
func (f *finding) results(ctx context.Context) (n int64, err error) {
	objects, err := f.t.bucket.List(ctx, resultsBucket(f.d), resultsPrefix, 0)
	for _, o := range objects {
		if strings.HasSuffix(o.Key, ".csv") && !strings.HasSuffix(o.Key, "-manifest.csv") {
			n++
		}
	}
	return n, err
}
