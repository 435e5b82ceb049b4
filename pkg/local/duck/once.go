//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"context"
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

// commonMark is the mark of the file that files become, of rows in all: theirs,
// if they have the same and no event is in two of them.
func commonMark(ctx context.Context, db *database, files []string, all string, rows int64) (mark string, err error) {
	for i, f := range files {
		end, err := inspect(f)
		if err != nil || end.once == "" || i > 0 && end.once != mark {
			return "", err
		}
		mark = end.once
	}
	events, err := db.int64(ctx, "SELECT count(DISTINCT event_id) FROM ("+all+")")
	if err != nil || events != rows {
		return "", err
	}
	return mark, nil
}

// split parts the files by whether their rows may have copies. A file without
// the mark may hold rows of the hour before or after its own: Firehose names an
// object by its oldest record, and so does the predicate of a window assume.
func (e *Engine) split() (singles, repeatable []soundFile) {
	files := map[time.Time]int{}
	open := map[time.Time]bool{}
	for _, f := range e.files {
		at := f.Hour.Start()
		files[at]++
		if f.once != f.Hour.Path() {
			open[at.Add(-time.Hour)], open[at], open[at.Add(time.Hour)] = true, true, true
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
