package athena

import (
	"context"
	"maps"

	"pixelctl/pkg/awsfake/wire"
)

// Operations are the operations of the JSON protocol by name, as they stand in
// X-Amz-Target after the dot.
func (s *Server) Operations() map[string]wire.Operation {
	all := map[string]wire.Operation{
		"StartQueryExecution":    wire.Bind(s.start),
		"GetQueryExecution":      wire.Bind(s.getExecution),
		"BatchGetQueryExecution": wire.Bind(s.getExecutions),
		"GetQueryResults":        wire.Bind(s.getResults),
		"StopQueryExecution":     wire.Bind(s.stop),
	}
	maps.Copy(all, s.groupOperations())
	return all
}

// oneExecution names a statement by its id.
type oneExecution struct {
	QueryExecutionID string `json:"QueryExecutionId"`
}

// find finds a statement; the lock is held.
func (s *Server) find(id string) (*execution, error) {
	if e := s.executions[id]; e != nil {
		return e, nil
	}
	return nil, invalid("QUERY_EXECUTION_NOT_FOUND", "QueryExecution %s was not found", id)
}

type executionAnswer struct{ QueryExecution QueryExecution }

func (s *Server) getExecution(_ context.Context, in oneExecution) (executionAnswer, error) {
	e, err := s.Execution(in.QueryExecutionID)
	return executionAnswer{e}, err
}

// Execution gives one statement as it stands.
func (s *Server) Execution(id string) (QueryExecution, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	e, err := s.find(id)
	if err != nil {
		return QueryExecution{}, err
	}
	return e.QueryExecution, nil
}

// Executions lists all statements by submission.
func (s *Server) Executions() []QueryExecution {
	s.lock.Lock()
	defer s.lock.Unlock()
	all := make([]QueryExecution, len(s.order))
	for i, e := range s.order {
		all[i] = e.QueryExecution
	}
	return all
}

type manyExecutions struct {
	QueryExecutionIDs []string `json:"QueryExecutionIds"`
}

type unprocessed struct {
	QueryExecutionID        string `json:"QueryExecutionId"`
	ErrorCode, ErrorMessage string
}

type manyAnswer struct {
	QueryExecutions              []QueryExecution
	UnprocessedQueryExecutionIDs []unprocessed `json:"UnprocessedQueryExecutionIds"`
}

// maxBatch is the most ids of BatchGetQueryExecution.
const maxBatch = 50

func (s *Server) getExecutions(_ context.Context, in manyExecutions) (manyAnswer, error) {
	if len(in.QueryExecutionIDs) == 0 || len(in.QueryExecutionIDs) > maxBatch {
		return manyAnswer{}, invalid("INVALID_INPUT", "1 validation error detected: Value at 'queryExecutionIds' failed to satisfy constraint: "+
			"Member must have between 1 and %d elements", maxBatch)
	}
	out := manyAnswer{QueryExecutions: []QueryExecution{}, UnprocessedQueryExecutionIDs: []unprocessed{}}
	for _, id := range in.QueryExecutionIDs {
		e, err := s.Execution(id)
		if err != nil {
			w := wire.AsError(err)
			out.UnprocessedQueryExecutionIDs = append(out.UnprocessedQueryExecutionIDs, unprocessed{id, w.Code, w.Message})
			continue
		}
		out.QueryExecutions = append(out.QueryExecutions, e)
	}
	return out, nil
}

// stop cancels a statement that has not ended; one that has stays as it is.
func (s *Server) stop(_ context.Context, in oneExecution) (empty, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	e, err := s.find(in.QueryExecutionID)
	if err != nil || e.Status.ended() {
		return empty{}, err
	}
	e.cancel()
	e.work = nil
	e.Status.State, e.Status.StateChangeReason = cancelled, "Query cancelled by user"
	e.time(s.now(), s.queueTime())
	return empty{}, nil
}
