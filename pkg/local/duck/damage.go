//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// startSound starts without the files whose damage DuckDB finds when it binds
// them.
func (e *Engine) startSound(ctx context.Context) error {
	err := e.start(ctx)
	if err == nil {
		return nil
	}
	found, probeErr := e.leaveOutDamaged(ctx, err)
	if !found {
		return cmp.Or(probeErr, err)
	}
	return e.start(ctx)
}

// recover looks for the cause of err in the files. When one is damaged it is
// left out, the database is made anew, because some errors invalidate it, and
// the statement may run again.
func (e *Engine) recover(ctx context.Context, err error) (again bool, _ error) {
	found, err := e.leaveOutDamaged(ctx, err)
	if !found {
		return false, err
	}
	closeErr := e.db.close()
	if startErr := e.start(ctx); startErr != nil {
		return false, errors.Join(fmt.Errorf("open lake again without damaged files: %w", startErr), closeErr)
	}
	return true, closeErr
}

// leaveOutDamaged looks for the cause of err in the files and tells whether there
// was any.
func (e *Engine) leaveOutDamaged(ctx context.Context, err error) (bool, error) {
	var d *duckdb.Error
	if !errors.As(err, &d) {
		return false, nil
	}
	if err := e.checkPresent(d); err != nil || !aboutFiles(d) {
		return false, err
	}
	found, probeErr := e.damaged(ctx, d.Msg)
	if probeErr != nil || len(found) == 0 {
		return false, probeErr
	}
	for path, reason := range found {
		e.leaveOut(path, reason)
	}
	return true, nil
}

// checkPresent gives ErrSourceChanged when a file is gone. DuckDB takes the
// name of such a file for a directory, which it is not allowed to read.
func (e *Engine) checkPresent(err *duckdb.Error) error {
	if err.Type != duckdb.ErrorTypeIO && err.Type != duckdb.ErrorTypePermission {
		return nil
	}
	return missing(e.paths())
}

// aboutFiles tells whether an error can come from a damaged file rather than
// from the statement.
func aboutFiles(err *duckdb.Error) bool {
	switch err.Type {
	case duckdb.ErrorTypeIO, duckdb.ErrorTypeInvalid, duckdb.ErrorTypeSerialization, duckdb.ErrorTypeInternal,
		duckdb.ErrorTypeFatal, duckdb.ErrorTypeUnknownType:
		return true
	case duckdb.ErrorTypeInvalidInput, duckdb.ErrorTypeConversion:
		return strings.Contains(strings.ToLower(err.Msg), "parquet")
	}
	return false
}

// damaged reads the files in a database of its own: the one that the message
// names, else each of them. It gives what is wrong with which.
func (e *Engine) damaged(ctx context.Context, msg string) (map[string]string, error) {
	suspects := e.files
	for _, f := range e.files {
		if strings.Contains(msg, f.Path) {
			suspects = []soundFile{f}
			break
		}
	}
	found := map[string]string{}
	for _, f := range suspects {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		readErr, err := readAll(ctx, e.options.Threads, e.memory(), parquetSQL(e.source.Schema, generation{f.lacks, []string{f.Path}}))
		if err != nil {
			return nil, err
		}
		if readErr != nil {
			found[f.Path] = "damaged: " + message(readErr.Error())
		}
	}
	return found, nil
}

// readAll decodes every value of a query over one file. Each file has its own
// database: the error of one may invalidate it.
func readAll(ctx context.Context, threads int, memory, sql string) (readErr, err error) {
	db, err := openDatabase(ctx, threads, memory, "")
	if err != nil {
		return nil, err
	}
	_, readErr = db.int64(ctx, "SELECT count(hash(t)) FROM ("+sql+") AS t")
	if ctx.Err() != nil {
		return nil, db.closeAfter(ctx.Err())
	}
	return readErr, db.close()
}
