//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"bytes"
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
)

// filesRead gives how many Parquet files are left after pruning, as the plan
// says it. Where the plan says nothing every file counts.
func (e *Engine) filesRead(ctx context.Context, sql string) int64 {
	all := int64(len(e.files))
	if inner, ok := explained(sql); ok {
		sql = inner
	}
	var plan []planNode
	err := e.db.each(ctx, "EXPLAIN (FORMAT json) "+sql, func(row []driver.Value) error {
		text, ok := row[len(row)-1].(string)
		if !ok {
			return fmt.Errorf("read plan: got %T", row[len(row)-1])
		}
		return json.Unmarshal([]byte(text), &plan)
	})
	if err != nil {
		return all
	}
	var read int64
	for _, n := range plan {
		read += n.files(all)
	}
	return min(read, all)
}

// planNode is one operator of EXPLAIN (FORMAT json).
type planNode struct {
	Name     string     `json:"name"`
	Children []planNode `json:"children"`
	Extra    struct {
		Files string          `json:"Scanning Files"` // such as 1/24; absent without a predicate on the keys
		Join  string          `json:"Join Type"`
		On    json.RawMessage `json:"Conditions"` // a string or a list of them
	} `json:"extra_info"`
}

// fetchesLate tells whether n takes the rows that its right side chose from
// its left side, by row number: DuckDB does so when a window over wide rows
// keeps few of them. Files that the right side left out hold none.
func (n planNode) fetchesLate() bool {
	return n.Extra.Join == "SEMI" && len(n.Children) == 2 &&
		bytes.Contains(n.Extra.On, []byte("file_row_number = file_row_number"))
}

func (n planNode) files(all int64) int64 {
	if n.fetchesLate() {
		return n.Children[1].files(all)
	}
	var sum int64
	if n.Name == "READ_PARQUET" {
		sum = all
		var read, total int64
		if got, err := fmt.Sscanf(n.Extra.Files, "%d/%d", &read, &total); err == nil && got == 2 {
			sum = read
		}
	}
	for _, c := range n.Children {
		sum += c.files(all)
	}
	return sum
}
