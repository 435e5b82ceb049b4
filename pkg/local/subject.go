package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pixelctl/pkg/lake"
	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/query"
	"pixelctl/pkg/reject"
)

// person is somebody with every form of the value that may be stored.
type person struct {
	pipeline.Subject

	values []string
	notes  []string // what cannot be found, and why; no note names the person
}

// person refuses what can name nobody, and a directory without a stack.
func (t *Target) person(s pipeline.Subject) (person, error) {
	p := person{Subject: s}
	if err := s.Validate(); err != nil {
		return p, err
	}
	if !exists(t.l.Settings()) && !exists(t.l.Lake()) {
		return p, t.notDeployed(fs.ErrNotExist)
	}
	var err error
	if p.values, err = privacy.Forms(s.Column, s.Value); err != nil {
		return p, err
	}
	hashed, err := hashedForm(t.l, s)
	p.notes = notesOn(s, hashed != "")
	if err != nil {
		p.notes = append(p.notes, "what was hashed today is not found: "+err.Error())
	}
	if hashed != "" {
		p.values = append(p.values, hashed)
	}
	return p, nil
}

// hashedForm is what the key of the last day makes of the value; "" when no
// key is kept or the column is never hashed.
func hashedForm(l Layout, s pipeline.Subject) (string, error) {
	b, err := os.ReadFile(l.Keys())
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read keys %s: %w", l.Keys(), err)
	}
	ring, err := privacy.ParseRing(b)
	if err != nil {
		return "", fmt.Errorf("read keys %s: %w", l.Keys(), err)
	}
	return ring.Form(s.Column, s.Value), nil
}

// notesOn says what a search by one column cannot know.
func notesOn(s pipeline.Subject, hashed bool) []string {
	var notes []string
	if s.Column == "ip" {
		notes = append(notes, "the network of the address is looked for too: it stands for up to 256 addresses (/24), of IPv6 for a /48, and rows of others who share it match as well")
	}
	if s.Column == "ip" || s.Column == "user_id" {
		note := "what was hashed, if anything was, is not found: its key is gone"
		if hashed {
			note = "of what was hashed only the last day is found: the keys of days before are gone"
		}
		notes = append(notes, note)
	}
	return append(notes, "only column "+s.Column+" is compared: the value may also stand in params, page_url, referrer_url or own columns of other rows",
		reject.Searched(s.Column))
}

// rows chooses the person's rows of a file.
func (p person) rows() duck.Person {
	return duck.Person{Column: p.Column, Values: p.values, Since: p.Window.Since, Until: p.Window.Until}
}

// FindSubject says where a person is found. It changes nothing.
func (t *Target) FindSubject(ctx context.Context, s pipeline.Subject, _ pipeline.Sink) (pipeline.SubjectMatches, error) {
	p, err := t.person(s)
	if err != nil {
		return pipeline.SubjectMatches{}, err
	}
	return settled(func() (pipeline.SubjectMatches, error) { return t.find(ctx, p) })
}

// find takes the snapshot first, as a question does: a record that moves from
// the spool to the lake meanwhile is counted once.
func (t *Target) find(ctx context.Context, p person) (m pipeline.SubjectMatches, err error) {
	snap, err := takeSnapshot(t.l)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, snap.remove()) }()
	files, err := listAll(t.l, snap.segments)
	if err != nil {
		return m, err
	}
	found, err := duck.FindPerson(ctx, files.paths(), p.rows())
	if changed := files.changed(); changed != nil && ctx.Err() == nil {
		return m, changed
	}
	if err != nil {
		return m, err
	}
	m = t.matches(p, files, found)
	for _, segment := range snap.files {
		n, err := p.countLines(segment)
		if err != nil {
			return m, err
		}
		m.Spool += n
	}
	m.Errors, err = p.countErrors(t.l.Errors())
	return m, err
}

// matches lists the files that hold the person, in the order of their names.
func (t *Target) matches(p person, files listing, found duck.Search) pipeline.SubjectMatches {
	m := pipeline.SubjectMatches{Column: p.Column, Values: p.values, Scanned: found.Scanned, Notes: slices.Clone(p.notes)}
	for i, f := range files.files {
		if why, bad := found.Damaged[f.Path]; bad {
			m.Notes = append(m.Notes, "left out "+t.lakeName(f.Path)+": "+why)
		}
		if n := found.Rows[f.Path]; n > 0 {
			m.Files = append(m.Files, pipeline.SubjectFile{Name: t.lakeName(f.Path), Rows: n, Bytes: files.infos[i].Size()})
			m.Rows += n
			m.Bytes += files.infos[i].Size()
		}
	}
	return m
}

// lakeName is a path relative to the lake.
func (t *Target) lakeName(path string) string {
	rel, err := filepath.Rel(t.l.Lake(), path)
	if err != nil {
		return path
	}
	return filepath.ToSlash(rel)
}

// ExportSubject gives all columns of a person's rows, those of the spool
// included. What is no row is told as a warning.
func (t *Target) ExportSubject(ctx context.Context, s pipeline.Subject, sink pipeline.Sink) (query.Rows, error) {
	p, err := t.person(s)
	if err != nil {
		return nil, err
	}
	lines, err := p.countErrors(t.l.Errors())
	if err != nil {
		return nil, err
	}
	notes := p.notes
	if lines > 0 {
		notes = append(notes, fmt.Sprintf("lines that did not become rows and name the person: %d, below %s; they are not in the export", lines, t.l.Errors()))
	}
	for _, n := range notes {
		sink.Send(pipeline.Event{Phase: pipeline.Warn, Step: "export", Text: n})
	}
	return t.values(ctx, pipeline.QueryOptions{SQL: p.exportSQL()}, sink)
}

func (p person) exportSQL() string {
	values := make([]string, 0, len(p.values))
	for _, v := range p.values {
		values = append(values, query.Literal(v))
	}
	return "SELECT * FROM " + lake.Table + " WHERE " + p.Column + " IN (" + strings.Join(values, ", ") + ")" +
		" AND " + p.Window.Predicate(0) + " ORDER BY received_at, event_id"
}
