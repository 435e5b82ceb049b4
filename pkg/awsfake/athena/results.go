package athena

import (
	"context"
	"encoding/base64"
	"strconv"
)

// maxRows is the most rows of a page, the header among them.
const maxRows = 1000

type resultsInput struct {
	oneExecution
	MaxResults *int
	NextToken  *string
}

type datum struct {
	VarCharValue *string `json:",omitempty"` // absent for NULL
}

type row struct{ Data []datum }

type resultSet struct {
	Rows              []row
	ResultSetMetadata struct{ ColumnInfo []ColumnInfo }
}

type resultsAnswer struct {
	ResultSet   resultSet
	UpdateCount *int64 `json:",omitempty"`
	NextToken   string `json:",omitempty"`
}

func (s *Server) getResults(_ context.Context, in resultsInput) (out resultsAnswer, err error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	e, err := s.find(in.QueryExecutionID)
	if err != nil {
		return out, err
	}
	if err := e.readable(); err != nil {
		return out, err
	}
	from, limit, err := in.page()
	if err != nil {
		return out, err
	}
	all := e.rows()
	if from > len(all) {
		return out, invalid("INVALID_INPUT", "Invalid NextToken")
	}
	to := min(len(all), from+limit)
	out.ResultSet.Rows = all[from:to]
	out.ResultSet.ResultSetMetadata.ColumnInfo = columnInfos(e.result.Columns)
	out.UpdateCount = e.updates
	if to < len(all) {
		out.NextToken = base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(to)))
	}
	return out, nil
}

// readable tells whether a statement has results.
func (e *execution) readable() error {
	switch state := e.Status.State; state {
	case succeeded:
		return nil
	case failed:
		return invalid("INVALID_QUERY_EXECUTION_STATE", "Query did not finish successfully. Final query state: %s", state)
	case cancelled:
		return invalid("RESULT_NOT_FOUND", "Could not find results")
	default:
		return invalid("INVALID_QUERY_EXECUTION_STATE", "Query has not yet finished. Current state: %s", state)
	}
}

// page reads where a page begins and how many rows it has.
func (in resultsInput) page() (from, limit int, err error) {
	limit = maxRows
	if in.MaxResults != nil {
		limit = *in.MaxResults
	}
	if limit < 1 || limit > maxRows {
		return 0, 0, invalid("INVALID_INPUT", "MaxResults is more than maximum allowed length %d.", maxRows)
	}
	if in.NextToken == nil {
		return 0, limit, nil
	}
	token, err := base64.StdEncoding.DecodeString(*in.NextToken)
	if err == nil {
		from, err = strconv.Atoi(string(token))
	}
	if err != nil || from < 1 {
		return 0, 0, invalid("INVALID_INPUT", "Invalid NextToken")
	}
	return from, limit, nil
}

// rows gives the rows of the result; those of a SELECT follow the names of
// their columns.
func (e *execution) rows() []row {
	all := make([]row, 0, len(e.result.Rows)+1)
	if e.statement.run == reads {
		header := row{Data: make([]datum, len(e.result.Columns))}
		for i := range e.result.Columns {
			header.Data[i].VarCharValue = &e.result.Columns[i].Name
		}
		all = append(all, header)
	}
	for _, values := range e.result.Rows {
		r := row{Data: make([]datum, len(values))}
		for i, v := range values {
			r.Data[i].VarCharValue = v
		}
		all = append(all, r)
	}
	return all
}
