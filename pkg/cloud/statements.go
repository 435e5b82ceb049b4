package cloud

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"pixelctl/pkg/lake"
	"pixelctl/pkg/query"
)

// Every statement that this package sends to Athena of its own accord is built
// here. A person's question goes as it is.

// RepairSQL registers all hours that lie in the lake; the scheduled repair sends
// it, too.
const RepairSQL = "MSCK REPAIR TABLE `" + lake.Table + "`"

// CountSQL counts the rows that were received in [since, until); zero times are
// open ends. It reads those hours only whose files may hold such rows.
func CountSQL(since, until time.Time) string {
	w := window{since: since, until: until}
	sql := "SELECT count(*) FROM " + lake.Table
	if conditions := append(w.hours(), w.rows()...); len(conditions) > 0 {
		sql += " WHERE " + strings.Join(conditions, " AND ")
	}
	return sql
}

// SurveySQL gives a row for each file of some hours: its s3:// URL, its rows,
// those that have a received_at, and those that were received in the window.
func SurveySQL(hours []lake.Hour, since, until time.Time) string {
	w := window{since: since, until: until}
	each := make([]string, len(hours))
	for i, h := range hours {
		each[i] = "(" + isHour(h) + ")"
	}
	return `SELECT "$path", count(*), count(received_at), count(*) FILTER (WHERE ` + strings.Join(w.rows(), " AND ") + ")" +
		" FROM " + lake.Table + " WHERE " + strings.Join(each, " OR ") + " GROUP BY 1"
}

// KeptSQL gives those rows of some files of an hour that were not received in
// [since, until), in the columns and the form in which files of a format
// (parquet, orc or json) hold them. Files are s3:// URLs.
func KeptSQL(columns []lake.CatalogColumn, format string, h lake.Hour, files []string, since, until time.Time) string {
	w := window{since: since, until: until}
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = unloaded(c, format)
	}
	quoted := make([]string, len(files))
	for i, f := range files {
		quoted[i] = literal(f)
	}
	// A row without received_at is in no window.
	return "SELECT " + strings.Join(list, ", ") + " FROM " + lake.Table +
		" WHERE " + isHour(h) + ` AND "$path" IN (` + strings.Join(quoted, ", ") + ")" +
		" AND coalesce(NOT (" + strings.Join(w.rows(), " AND ") + "), true)"
}

// TraceSQL gives the files of some hits, by their event ids, and how many rows of
// each a file holds.
func TraceSQL(ids []string, w query.Window, buffer time.Duration) string {
	quoted := make([]string, len(ids))
	for i, id := range ids {
		quoted[i] = literal(id)
	}
	return `SELECT event_id, "$path", count(*) FROM ` + lake.Table + " WHERE " + w.Predicate(buffer) +
		" AND event_id IN (" + strings.Join(quoted, ", ") + ") GROUP BY 1, 2"
}

// UnloadSQL writes the rows that a statement gives as files of a format to an
// s3:// URL, below which nothing may lie (Athena manual, UNLOAD).
func UnloadSQL(selects, format, to string) string {
	return "UNLOAD (" + selects + ") TO " + literal(to) + " WITH (format = '" + strings.ToUpper(format) + "', compression = '" + codec(format) + "')"
}

// unloaded is a column as UNLOAD shall write it. In JSON a time is the text that
// the table's SerDe reads: its timestamp.formats is yyyy-MM-dd HH:mm:ss.SSS.
func unloaded(c lake.CatalogColumn, format string) string {
	if format == "json" && c.Type == "timestamp" {
		return "substr(date_format(" + name(c.Name) + ", '%Y-%m-%d %H:%i:%s.%f'), 1, 23) AS " + name(c.Name)
	}
	return name(c.Name)
}

// codec is that of the files that Firehose writes.
func codec(format string) string {
	if format == "json" {
		return "GZIP"
	}
	return "SNAPPY"
}

func name(column string) string { return `"` + strings.ReplaceAll(column, `"`, `""`) + `"` }

func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func isHour(h lake.Hour) string {
	return fmt.Sprintf("year = %d AND month = %d AND day = %d AND hour = %d", h.Year, h.Month, h.Day, h.Hour)
}

// rows are the conditions for a row to be in the window.
func (w window) rows() []string {
	var list []string
	if !w.since.IsZero() {
		list = append(list, "received_at >= "+instant(w.since))
	}
	if !w.until.IsZero() {
		list = append(list, "received_at < "+instant(w.until))
	}
	return list
}

func instant(t time.Time) string {
	return "TIMESTAMP " + literal(t.UTC().Format("2006-01-02 15:04:05.000"))
}

// hours are the conditions for a file's hour to be touched. Athena lists and
// reads no other.
func (w window) hours() []string {
	const number = "year * 1000000 + month * 10000 + day * 100 + hour"
	var list []string
	if !w.since.IsZero() {
		list = append(list, number+" >= "+serial(w.first()))
	}
	if !w.until.IsZero() {
		list = append(list, number+" <= "+serial(hourOf(w.until.Add(early))))
	}
	return list
}

// serial numbers hours in the order of time.
func serial(h lake.Hour) string {
	return strconv.Itoa(h.Year*1_000_000 + h.Month*10_000 + h.Day*100 + h.Hour)
}

// Statements gives each statement that this package builds, with arguments as
// they occur, so that other engines can judge them. Columns are those of the table, to is an s3:// URL that
// ends with a slash, files are s3:// URLs in the hour.
func Statements(columns []lake.CatalogColumn, format string, h lake.Hour, files []string, to string) []string {
	since, until := h.Start().Add(10*time.Minute), h.Start().Add(40*time.Minute)
	return []string{
		RepairSQL, CountSQL(time.Time{}, time.Time{}), CountSQL(since, until), CountSQL(time.Time{}, until),
		SurveySQL([]lake.Hour{h, hourOf(h.End())}, since, until),
		UnloadSQL(KeptSQL(columns, format, h, files, since, until), format, to),
	}
}
