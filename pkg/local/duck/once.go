//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"context"
	"slices"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
)

// onceKey marks the footer of a file that holds each event once and rows of one
// hour only, whose path is the value. Where such a file is alone in its hour its
// rows have no copy, and no event has to be compared with the others: over 10 M
// rows that is most of the work of a question.
const onceKey = "pixelctl_once"

// Parted names the two relations.
func (*Engine) Parted() (single, repeatable string) { return Single, Repeatable }

// markFor is the mark that a file with these rows may have in an hour. Files that
// others put there may lack what every record has.
func markFor(ctx context.Context, db *database, hour lake.Hour, sql string, rows int64) (string, error) {
	columns, err := db.columns(ctx, " FROM ("+sql+")")
	if err != nil || !slices.Contains(columns, "event_id") || !slices.Contains(columns, "received_at") {
		return "", err
	}
	events, err := db.int64(ctx, "SELECT count(DISTINCT event_id) FROM ("+sql+") WHERE "+inside(hour.Start(), hour.End()))
	if err != nil || events != rows {
		return "", err
	}
	return hour.Path(), nil
}

// split parts the files by whether their rows may have copies. A file without
// the mark may be Firehose's, and hold rows of other hours than its own.
func (e *Engine) split() (singles, repeatable []soundFile) {
	files := map[time.Time]int{}
	open := map[time.Time]bool{}
	for _, f := range e.files {
		at := f.Hour.Start()
		files[at]++
		if f.once != f.Hour.Path() {
			first, end := at.Add(-lake.RowsBefore).Truncate(time.Hour), at.Add(time.Hour+lake.RowsAfter)
			for t := first; t.Before(end); t = t.Add(time.Hour) {
				open[t] = true
			}
		}
	}
	for _, f := range e.files {
		if at := f.Hour.Start(); files[at] == 1 && !open[at] {
			singles = append(singles, f)
		} else {
			repeatable = append(repeatable, f)
		}
	}
	return singles, repeatable
}

// hitsSQL is the view hits, which compares the events that may have copies.
func hitsSQL(s event.Schema) string {
	return lake.HitsSQL(s, Repeatable) + "\nUNION ALL\n" + lake.RecordedSQL(s, Single)
}
