package query

import (
	"fmt"
	"strings"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
)

// Predicate is the condition for a row to be received in the window. Beside
// received_at it has the partition keys as literals, because engines relate a
// column to no key: Athena and DuckDB read those hours only. An object of
// Firehose lies under the hour of its oldest record, so the hours begin a
// buffer interval earlier. It holds in Trino and DuckDB alike and has a handful
// of comparisons, however long the window is.
func (w Window) Predicate(buffer time.Duration) string {
	w = w.Whole()
	conditions := append(w.keys(buffer), w.Bounds()...)
	if len(conditions) == 0 {
		return "true"
	}
	return "(" + strings.Join(conditions, " AND ") + ")"
}

// Bounds are the conditions on received_at alone.
func (w Window) Bounds() []string {
	var list []string
	if !w.Since.IsZero() {
		list = append(list, "received_at >= "+Timestamp(w.Since))
	}
	if !w.Until.IsZero() {
		list = append(list, "received_at < "+Timestamp(w.Until))
	}
	return list
}

// Hours gives the first and the last hour whose objects may hold rows of the
// window; the zero hour stands for an open end.
func (w Window) Hours(buffer time.Duration) (first, last lake.Hour) {
	w = w.Whole()
	if !w.Since.IsZero() {
		first = lake.HourOf(event.MillisOf(w.Since.Add(-buffer)))
	}
	if !w.Until.IsZero() {
		last = lake.HourOf(event.MillisOf(w.Until.Add(lake.RowsBefore - time.Millisecond)))
	}
	return first, last
}

// Whole has ends of whole milliseconds, as rows have them: a finer instant
// means the next one.
func (w Window) Whole() Window { return Window{Since: ceil(w.Since), Until: ceil(w.Until)} }

func ceil(t time.Time) time.Time {
	if whole := t.Truncate(time.Millisecond); whole.Before(t) {
		return whole.Add(time.Millisecond)
	}
	return t
}

// Timestamp writes an instant as a literal.
func Timestamp(t time.Time) string {
	return "TIMESTAMP " + Literal(t.UTC().Format(event.TimeLayout))
}

// bound is an hour by its keys, outermost first.
type bound []int

func boundOf(h lake.Hour) bound {
	if h == (lake.Hour{}) {
		return nil
	}
	return bound{h.Year, h.Month, h.Day, h.Hour}
}

func key(i int) string { return lake.PartitionKeys()[i].Name }

// keys compares the keys with both ends. Keys that the ends share are equal to
// a literal, the next one lies between two; inner keys matter at the ends only.
func (w Window) keys(buffer time.Duration) []string {
	first, last := w.Hours(buffer)
	from, to := boundOf(first), boundOf(last)
	var out []string
	i := 0
	if from != nil && to != nil {
		for ; i < len(from) && from[i] == to[i]; i++ {
			out = append(out, fmt.Sprintf("%s = %d", key(i), from[i]))
		}
		if i == len(from) {
			return out
		}
		out = append(out, fmt.Sprintf("%s BETWEEN %d AND %d", key(i), from[i], to[i]))
	}
	edges := []edge{{from, ">", bound{0, 1, 1, 0}}, {to, "<", lastOf(last)}}
	for _, e := range edges {
		if e.at == nil {
			continue
		}
		if len(out) == 0 {
			out = append(out, fmt.Sprintf("%s %s= %d", key(i), e.sign, e.at[i]))
		}
		if !e.outermost(i + 1) {
			out = append(out, fmt.Sprintf("(%s %s %d OR %s)", key(i), e.sign, e.at[i], e.from(i+1)))
		}
	}
	return out
}

// lastOf has the last month, day of the month and hour.
func lastOf(h lake.Hour) bound {
	return bound{9999, 12, time.Date(h.Year, time.Month(h.Month)+1, 0, 0, 0, 0, 0, time.UTC).Day(), 23}
}

// edge is one end of the hours.
type edge struct {
	at    bound
	sign  string
	limit bound // beyond which no hour lies within its year, month and day
}

// outermost tells whether the keys from i on let every hour pass.
func (e edge) outermost(i int) bool {
	for ; i < len(e.at); i++ {
		if e.at[i] != e.limit[i] {
			return false
		}
	}
	return true
}

// from compares the keys from i on, given that those before are at the edge.
func (e edge) from(i int) string {
	if e.outermost(i + 1) {
		return fmt.Sprintf("%s %s= %d", key(i), e.sign, e.at[i])
	}
	return fmt.Sprintf("%s %s %d OR %s = %d AND %s", key(i), e.sign, e.at[i], key(i), e.at[i], group(e.from(i+1)))
}

func group(condition string) string {
	if strings.Contains(condition, " OR ") {
		return "(" + condition + ")"
	}
	return condition
}
