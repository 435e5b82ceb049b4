package athena

import (
	"context"
	"errors"
	"slices"
	"time"

	"pixelctl/pkg/query"
)

// advance moves statements on when the clock moves, and runs those whose time
// has come.
func (s *Server) advance(now time.Time) {
	for _, due := range s.due(now) {
		s.finish(due.execution, due.work())
	}
}

type dueWork struct {
	execution *execution
	work      func() outcome
}

// due takes the work of the statements that end now, so that each runs once,
// and without the lock: a back end may move the clock itself.
func (s *Server) due(now time.Time) (list []dueWork) {
	s.lock.Lock()
	defer s.lock.Unlock()
	for _, e := range s.order {
		begin := e.submitted.Add(s.o.Queue)
		if e.Status.State == queued && !now.Before(begin) {
			e.Status.State = running
		}
		if e.Status.State == running && e.work != nil && !now.Before(begin.Add(s.o.Run)) {
			list = append(list, dueWork{e, e.work})
			e.work = nil
		}
	}
	return list
}

// follow runs a statement at once, on the wall's clock.
func (s *Server) follow(e *execution) {
	s.lock.Lock()
	work := e.work
	if work == nil { // it was stopped
		s.lock.Unlock()
		return
	}
	e.work, e.Status.State = nil, running
	s.lock.Unlock()
	s.finish(e, work())
}

// finish notes how a statement ended, unless it was stopped meanwhile.
func (s *Server) finish(e *execution, out outcome) {
	s.lock.Lock()
	defer s.lock.Unlock()
	defer e.cancel()
	if e.Status.ended() {
		return
	}
	end := s.now()
	if s.o.Clock != nil {
		end = e.submitted.Add(s.o.Queue + s.o.Run)
	}
	e.Status.State = succeeded
	e.result, e.updates = out.result, out.updates
	e.Statistics.DataScannedInBytes, e.Statistics.DataManifestLocation = out.result.Scanned, out.manifest
	e.fail(out.err)
	e.time(end, s.queueTime())
	s.publish(e)
}

// publish tells what the statement read, if its workgroup wants that known.
func (s *Server) publish(e *execution) {
	g := s.groups[e.WorkGroup]
	if s.o.Scanned == nil || e.StatementType != dml || g == nil {
		return
	}
	if on := g.Configuration.PublishCloudWatchMetricsEnabled; on != nil && bool(*on) {
		s.o.Scanned(e.WorkGroup, e.Statistics.DataScannedInBytes)
	}
}

// fail makes a statement FAILED, or CANCELLED when it read more than it may.
func (e *execution) fail(err error) {
	if err == nil {
		return
	}
	e.Status.State, e.Status.StateChangeReason = failed, err.Error()
	var f *QueryError
	if !errors.As(err, &f) {
		f = &QueryError{Name: InternalError}
	}
	e.Statistics.DataScannedInBytes = f.Scanned
	if f.Name == ScanLimit {
		e.Status.State = cancelled
		return
	}
	e.Status.AthenaError = &Error{ErrorCategory: 2, ErrorType: errorType(f.Name), ErrorMessage: err.Error()}
	if f.System || f.Name == InternalError {
		*e.Status.AthenaError = Error{ErrorCategory: 1, ErrorType: 200, Retryable: true, ErrorMessage: err.Error()}
	}
}

// errorType is Athena's number for one of Trino's errors; 1000 is any other
// error of the user.
func errorType(name string) int {
	switch name {
	case "DIVISION_BY_ZERO":
		return 1001
	case "TYPE_MISMATCH":
		return 1002
	case "COLUMN_NOT_FOUND":
		return 1006
	case "INVALID_CAST_ARGUMENT":
		return 1100
	case "NOT_SUPPORTED":
		return 1200
	case "TABLE_NOT_FOUND", "SCHEMA_NOT_FOUND":
		return 1301
	case "FUNCTION_NOT_FOUND":
		return 1303
	}
	return 1000
}

// time notes when the statement ended. Statements of the fake wait and run;
// they take no time before and after.
func (e *execution) time(end time.Time, queue time.Duration) {
	e.Status.CompletionDateTime = epoch(end)
	total := end.Sub(e.submitted).Milliseconds()
	e.Statistics.TotalExecutionTimeInMillis = total
	e.Statistics.QueryQueueTimeInMillis = min(total, queue.Milliseconds())
	e.Statistics.EngineExecutionTimeInMillis = total - e.Statistics.QueryQueueTimeInMillis
}

// queueTime is how long statements are QUEUED; not at all on the wall's clock.
func (s *Server) queueTime() time.Duration {
	if s.o.Clock == nil {
		return 0
	}
	return s.o.Queue
}

// execute runs a statement and writes its result.
func (s *Server) execute(ctx context.Context, e QueryExecution, st statement, ask Statement) outcome {
	out := s.answer(ctx, e, st, ask)
	if out.err == nil {
		out.err = s.write(ctx, e, st, out)
	}
	return out
}

func (s *Server) answer(ctx context.Context, e QueryExecution, st statement, ask Statement) (out outcome) {
	var none int64
	switch st.run {
	case reads, explains:
		out.result, out.err = s.o.Backend.Run(ctx, ask)
		out.updates = &none
		if out.err == nil && ask.Limit > 0 && out.result.Scanned > ask.Limit {
			out.err = OverLimit(ask.Limit)
		}
		return out
	case unloads:
		return s.unload(ctx, e, st, ask)
	}
	out.result, out.err = s.define(ctx, st, ask.Database)
	if st.class == utility {
		out.updates = &none
	}
	return out
}

// lines makes a result of one column of text.
func lines(column string, rows ...string) Result {
	r := Result{Columns: []query.Column{{Name: column, Type: "string"}}}
	for row := range slices.Values(rows) {
		r.Rows = append(r.Rows, []*string{&row})
	}
	return r
}
