//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"bytes"
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"
)

// filesRead gives how many Parquet files are left after pruning, as the plan
// says it. Where the plan says nothing every file counts.
func (e *Engine) filesRead(ctx context.Context, sql string, values []driver.NamedValue) int64 {
	all := int64(len(e.files))
	if inner, ok := explained(sql); ok {
		sql = inner
	}
	var plan []planNode
	err := e.db.bound(ctx, "EXPLAIN (FORMAT json) "+sql, values, func(row []driver.Value) error {
		text, ok := row[len(row)-1].(string)
		if !ok {
			return fmt.Errorf("read plan: got %T", row[len(row)-1])
		}
		return json.Unmarshal([]byte(text), &plan)
	})
	if err != nil {
		return all
	}
	var s scans
	for _, n := range plan {
		s.add(n)
	}
	return min(s.files(e.generations()), all)
}

// scans are the Parquet scans of a plan.
type scans struct {
	read   int64   // files of the scans that tell
	totals []int64 // of these scans, what they would read without a predicate
	silent int     // scans that read all their files, however many that is
}

// files adds up what the scans read. A silent one is taken for the largest of
// the generations that no other scan reads.
func (s scans) files(all []generation) int64 {
	sizes := make([]int64, 0, len(all))
	for _, g := range all {
		sizes = append(sizes, int64(len(g.files)))
	}
	slices.Sort(sizes)
	largest := append([]int64{0}, sizes...)
	for _, n := range s.totals {
		if i := slices.Index(largest, n); i > 0 {
			largest = slices.Delete(largest, i, i+1)
		}
	}
	read := s.read
	for range s.silent {
		last := len(largest) - 1
		if last == 0 { // the table stands there more than once
			return read + int64(s.silent)*slices.Max(append(sizes, 0))
		}
		read += largest[last]
		largest = largest[:last]
	}
	return read
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

func (s *scans) add(n planNode) {
	if n.fetchesLate() {
		s.add(n.Children[1])
		return
	}
	if n.Name == "READ_PARQUET" {
		var read, total int64
		if got, err := fmt.Sscanf(n.Extra.Files, "%d/%d", &read, &total); err == nil && got == 2 {
			s.read += read
			s.totals = append(s.totals, total)
		} else {
			s.silent++
		}
	}
	for _, c := range n.Children {
		s.add(c)
	}
}
