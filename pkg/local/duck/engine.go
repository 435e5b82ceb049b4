//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pixelctl/pkg/lake"
	"pixelctl/pkg/query"
)

// Engine answers SQL over one state of the lake. It runs one statement at a
// time; the rows of the last one are read before the next is asked.
type Engine struct {
	source   Source
	options  Options
	files    []soundFile // of source, those that are
	warnings []string    // files left out, and why
	spill    string      // private directory for what exceeds the memory limit
	db       *database
}

// soundFile is a file and what its footer tells.
type soundFile struct {
	File
	lacks []string // columns of the table
	once  string   // its mark, see onceKey
}

var _ query.Engine = (*Engine)(nil)

// Open prepares the table, the views and the functions. Files that cannot be
// Parquet are left out with a warning; a file that is gone is ErrSourceChanged.
func Open(ctx context.Context, src Source, o Options) (*Engine, error) {
	e := &Engine{source: src, options: o}
	if err := e.checkSource(ctx); err != nil {
		return nil, fmt.Errorf("open lake %s: %w", src.Data, err)
	}
	spill, err := os.MkdirTemp("", "pixelctl-query-*")
	if err != nil {
		return nil, fmt.Errorf("create spill directory: %w", err)
	}
	e.spill = spill
	if err := e.startSound(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open lake %s: %w", src.Data, err), os.RemoveAll(spill))
	}
	return e, nil
}

func (e *Engine) checkSource(ctx context.Context) error {
	names := e.source.Schema.Names()
	ends := inspectAll(ctx, e.source.Files)
	if err := ctx.Err(); err != nil {
		return err
	}
	for i, f := range e.source.Files {
		if errors.Is(ends[i].err, ErrSourceChanged) {
			return ends[i].err
		}
		if ends[i].err != nil {
			e.leaveOut(f.Path, ends[i].err.Error())
			continue
		}
		sound := soundFile{File: f, once: ends[i].once}
		if ends[i].columns != nil {
			sound.lacks = lacking(names, ends[i].columns)
		}
		e.files = append(e.files, sound)
	}
	return missing(e.source.Spool)
}

func missing(paths []string) error {
	for _, path := range paths {
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("read %s: %w", path, ErrSourceChanged)
		}
	}
	return nil
}

// leaveOut takes a file out of the table and notes why.
func (e *Engine) leaveOut(path, reason string) {
	name, err := filepath.Rel(e.source.Data, path)
	if err != nil {
		name = path
	}
	e.files = slices.DeleteFunc(e.files, func(f soundFile) bool { return f.Path == path })
	e.warnings = append(e.warnings, fmt.Sprintf("left out %s: %s", filepath.ToSlash(name), reason))
}

// start makes the database and closes it in: from then on it reads the files
// of the source and nothing else.
func (e *Engine) start(ctx context.Context) error {
	db, err := openDatabase(ctx, e.options.Threads, e.memory(), e.spill)
	if err != nil {
		return err
	}
	readable := e.paths()
	lock := "SET GLOBAL allowed_paths = " + quoteList(readable) + ";\n" +
		"SET GLOBAL enable_external_access = false;\nSET GLOBAL lock_configuration = true"
	for _, sql := range []string{profiling, trinoSettings + macrosSQL, e.schemaSQL(), lock} {
		if err := db.exec(ctx, sql); err != nil {
			return db.closeAfter(err)
		}
	}
	e.db = db
	return nil
}

// paths are those of all that is read.
func (e *Engine) paths() []string {
	paths := slices.Clone(e.source.Spool)
	for _, f := range e.files {
		paths = append(paths, f.Path)
	}
	return paths
}

func (e *Engine) memory() string { return cmp.Or(e.options.MemoryLimit, queryMemory) }

// schemaSQL makes the table and its views, each also under the name of the
// database that Athena knows them by. DuckDB binds what a view stands on, so the
// views stand on empty relations until they are all there: over 2,000 files that
// is the half of opening.
func (e *Engine) schemaSQL() string {
	s := e.source.Schema
	var b strings.Builder
	statement := func(format string, args ...any) { fmt.Fprintf(&b, format+";\n", args...) }
	statement("CREATE SCHEMA %s", lake.Database)
	statement("CREATE SCHEMA %s", filesSchema)
	statement("%s", relationSQL(Single, s, nil, nil))
	statement("%s", relationSQL(Repeatable, s, nil, nil))
	statement("CREATE VIEW main.%s AS FROM %s UNION ALL FROM %s", lake.Table, Single, Repeatable)
	names := []string{lake.Table}
	for _, v := range lake.Views(s) {
		if v.Name == lake.Hits {
			v.SQL = hitsSQL(s)
		}
		statement("CREATE VIEW main.%s AS %s", v.Name, v.SQL)
		names = append(names, v.Name)
	}
	for _, name := range names {
		statement("CREATE VIEW %s.%s AS FROM main.%s", lake.Database, name, name)
	}
	b.WriteString(catalogSQL)
	singles, repeatable := e.split()
	statement("%s", relationSQL(Single, s, generationsOf(singles), nil))
	statement("%s", relationSQL(Repeatable, s, generationsOf(repeatable), e.source.Spool))
	return b.String()
}

// Close ends the engine and removes what it spilled.
func (e *Engine) Close() error {
	return errors.Join(e.db.close(), os.RemoveAll(e.spill))
}
