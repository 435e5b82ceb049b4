package redrive

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pixelctl/pkg/lake"
	"pixelctl/pkg/query"
)

// mostIDs is how many ids stand in one statement: with 128 bytes each they stay
// below the 262,144 bytes that Athena takes (Athena quotas).
const mostIDs = 1500

// Stored asks which records are rows already, by event_id. A row may lie in
// any hour from lake.RowsAfter before its received_at on: on AWS it lies under
// the hour in which it was sent again.
func Stored(ctx context.Context, ask func(ctx context.Context, sql string) (query.Rows, error), records []Record) (map[string]bool, error) {
	found := map[string]bool{}
	for some := range slices.Chunk(records, mostIDs) {
		rows, err := ask(ctx, lookup(some))
		if err == nil {
			err = collect(ctx, rows, found)
		}
		if err != nil {
			return nil, fmt.Errorf("look for records that are rows already: %w", err)
		}
	}
	return found, nil
}

func collect(ctx context.Context, rows query.Rows, into map[string]bool) (err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	return query.Each(ctx, rows, func(row []any) error {
		if id, ok := row[0].(string); ok {
			into[id] = true
		}
		return nil
	})
}

// lookup has no last hour: a record that was sent again lies under the hour in
// which it was.
func lookup(records []Record) string {
	first, last := records[0].Received, records[0].Received
	ids := make([]string, 0, len(records))
	for _, r := range records {
		first, last = min(first, r.Received), max(last, r.Received)
		ids = append(ids, "'"+r.EventID+"'") // of replayable: no quote is in it
	}
	return "SELECT DISTINCT event_id FROM " + lake.Table + " WHERE " + query.Window{Since: first.Time()}.Predicate(lake.RowsAfter) +
		" AND received_at <= " + query.Timestamp(last.Time()) + " AND event_id IN (" + strings.Join(ids, ", ") + ")"
}
