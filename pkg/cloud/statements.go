package cloud

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"pixelctl/pkg/lake"
	"pixelctl/pkg/query"
	"pixelctl/pkg/spec"
)

// Every statement that this package sends to Athena of its own accord is built
// here. A person's question goes as it is.

// RepairSQL registers all hours that lie in the lake; the scheduled repair sends
// it, too.
const RepairSQL = "MSCK REPAIR TABLE `" + lake.Table + "`"

// countSQL counts the rows that were received in [since, until); zero times are
// open ends. It reads those hours only whose files may hold such rows.
func countSQL(since, until time.Time) string {
	w := window{query.Window{Since: since, Until: until}}
	sql := "SELECT count(*) FROM " + lake.Table
	if conditions := append(w.hours(), w.Bounds()...); len(conditions) > 0 {
		sql += " WHERE " + strings.Join(conditions, " AND ")
	}
	return sql
}

// choice says which rows are meant, and what becomes of them.
type choice struct {
	inside []string          // conditions: a row that is meant meets all
	blank  map[string]string // by column, what stands in such a row then; nil: the row goes
}

func (c choice) condition() string { return strings.Join(c.inside, " AND ") }

// left is how many rows of a file stay.
func (c choice) left(f surveyed) int64 {
	if c.blank != nil {
		return f.rows
	}
	return f.rows - f.inside
}

// findSQL gives the s3:// URL of each file that holds chosen rows, and how many.
// It reads the columns of the conditions only. The window bounds the hours.
func findSQL(w window, c choice) string {
	return `SELECT "$path", count(*) FROM ` + lake.Table + " WHERE " + strings.Join(append(w.hours(), c.inside...), " AND ") + " GROUP BY 1"
}

// exportSQL gives the rows that meet conditions, whole and so that they can be
// read back.
func exportSQL(columns []lake.CatalogColumn, w window, conditions []string) string {
	keys := lake.PartitionKeys()
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.Name
	}
	return "SELECT " + query.ColumnsSQL(schemaOf(columns)) + ", " + strings.Join(names, ", ") + " FROM " + lake.Table + " WHERE " + strings.Join(append(w.hours(), conditions...), " AND ")
}

// surveySQL gives a row for each file of some hours: its s3:// URL, its rows,
// and those that are chosen.
func surveySQL(hours []lake.Hour, c choice) string {
	return `SELECT "$path", count(*), count(*) FILTER (WHERE ` + c.condition() + ")" +
		" FROM " + lake.Table + " WHERE " + inHours(hours) + " GROUP BY 1"
}

// rowsSQL gives all rows of some files of an hour, the chosen ones blanked, in
// the columns and the form in which files of a format (parquet, orc or json) hold
// them. Files are s3:// URLs.
func rowsSQL(columns []lake.CatalogColumn, format string, h lake.Hour, files []string, c choice) string {
	list := make([]string, len(columns))
	for i, column := range columns {
		list[i] = c.column(column, format)
	}
	return "SELECT " + strings.Join(list, ", ") + " FROM " + lake.Table + " WHERE " + inFiles(h, files)
}

// keptSQL is rowsSQL without the rows that go.
func keptSQL(columns []lake.CatalogColumn, format string, h lake.Hour, files []string, c choice) string {
	sql := rowsSQL(columns, format, h, files, c)
	if c.blank != nil {
		return sql
	}
	// Where a condition is NULL, as without received_at, the row is not meant.
	return sql + " AND coalesce(NOT (" + c.condition() + "), true)"
}

// digestSQL compares what is digested of rows as keptSQL gives them, and as new
// files hold them.
func digestSQL(columns []lake.CatalogColumn, h lake.Hour, old, fresh []string, c choice) string {
	digest := digested(columns) + " FROM "
	return "SELECT 'old', " + digest + "(" + keptSQL(columns, "", h, old, c) + ") AS kept" +
		" UNION ALL SELECT 'new', " + digest + lake.Table + " WHERE " + inFiles(h, fresh)
}

// hoursSQL digests the rows of each hour in some files.
func hoursSQL(columns []lake.CatalogColumn, hours []lake.Hour, files []string) string {
	return "SELECT year, month, day, hour, " + digested(columns) + " FROM " + lake.Table +
		" WHERE (" + inHours(hours) + `) AND "$path" IN ` + literals(files) + " GROUP BY 1, 2, 3, 4"
}

// digested counts rows, with a checksum over all their values, to which their
// order does not matter (Trino manual, aggregate functions).
func digested(columns []lake.CatalogColumn) string {
	list := make([]string, len(columns))
	for i, column := range columns {
		list[i] = name(column.Name)
	}
	return "count(*), to_hex(checksum(ROW(" + strings.Join(list, ", ") + ")))"
}

// inHours is the condition for a row to lie in one of these hours.
func inHours(hours []lake.Hour) string {
	each := make([]string, len(hours))
	for i, h := range hours {
		each[i] = "(" + isHour(h) + ")"
	}
	return strings.Join(each, " OR ")
}

// inFiles is the condition for a row to lie in files of an hour.
func inFiles(h lake.Hour, files []string) string {
	return isHour(h) + ` AND "$path" IN ` + literals(files)
}

// traceSQL gives the files of some hits, by their event ids, and how many rows of
// each a file holds.
func traceSQL(ids []string, w query.Window, buffer time.Duration) string {
	return `SELECT event_id, "$path", count(*) FROM ` + lake.Table + " WHERE " + w.Predicate(buffer) +
		" AND event_id IN " + literals(ids) + " GROUP BY 1, 2"
}

// unloadSQL writes the rows that a statement gives as files of a format to an
// s3:// URL, below which nothing may lie (Athena manual, UNLOAD).
func unloadSQL(selects, format, to string) string {
	return "UNLOAD (" + selects + ") TO " + query.Literal(to) + " WITH (format = '" + strings.ToUpper(format) + "', compression = '" + codec(format) + "')"
}

// column is one as UNLOAD shall write it. In JSON a time is the text that the
// table's SerDe reads: its timestamp.formats is yyyy-MM-dd HH:mm:ss.SSS.
func (c choice) column(of lake.CatalogColumn, format string) string {
	value := name(of.Name)
	if blank, ok := c.blank[of.Name]; ok {
		value = "CASE WHEN " + c.condition() + " THEN " + blank + " ELSE " + value + " END"
	}
	if format == "json" && of.Type == "timestamp" {
		value = "substr(date_format(" + value + ", '%Y-%m-%d %H:%i:%s.%f'), 1, 23)"
	}
	if value == name(of.Name) {
		return value
	}
	return value + " AS " + name(of.Name)
}

// codec is that of the files that Firehose writes.
func codec(format string) string {
	if format == "json" {
		return "GZIP"
	}
	return "SNAPPY"
}

func name(column string) string { return `"` + strings.ReplaceAll(column, `"`, `""`) + `"` }

// literals is a list for IN.
func literals(list []string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = query.Literal(s)
	}
	return "(" + strings.Join(quoted, ", ") + ")"
}

func isHour(h lake.Hour) string {
	return fmt.Sprintf("year = %d AND month = %d AND day = %d AND hour = %d", h.Year, h.Month, h.Day, h.Hour)
}

// hours are the conditions for a file's hour to be touched. Athena lists and
// reads no other. Years, and what else both ends share, stand for themselves, so
// that projected hours are not all made up first.
func (w window) hours() []string {
	const number = "year * 1000000 + month * 10000 + day * 100 + hour"
	var list []string
	first, last := w.first(), hourOf(w.Until.Add(lake.RowsBefore))
	if !w.Since.IsZero() {
		list = append(list, "year >= "+strconv.Itoa(first.Year), number+" >= "+serial(first))
	}
	if !w.Until.IsZero() {
		list = append(list, "year <= "+strconv.Itoa(last.Year), number+" <= "+serial(last))
	}
	if w.Since.IsZero() || w.Until.IsZero() || first.Year != last.Year {
		return list
	}
	list = append(list, fmt.Sprintf("month BETWEEN %d AND %d", first.Month, last.Month))
	if first.Month == last.Month {
		list = append(list, fmt.Sprintf("day BETWEEN %d AND %d", first.Day, last.Day))
	}
	return list
}

// serial numbers hours in the order of time.
func serial(h lake.Hour) string {
	return strconv.Itoa(h.Year*1_000_000 + h.Month*10_000 + h.Day*100 + h.Hour)
}

// Statements gives each statement that this package builds, with arguments as
// they occur, so that other engines can judge them. Columns are those of the
// table, to is an s3:// URL that ends with a slash, files are s3:// URLs in the
// hour.
func Statements(columns []lake.CatalogColumn, format string, h lake.Hour, files []string, to string) ([]string, error) {
	since, until := h.Start().Add(10*time.Minute), h.Start().Add(40*time.Minute)
	w := window{query.Window{Since: since, Until: until}}
	rows := choice{inside: w.Bounds()}
	person := choice{inside: personIn("visitor_id", []string{"v0", "it's"}), blank: blanks(spec.Spec{}, columns)}
	tail, err := tailed(schemaOf(columns), h, files)
	if err != nil {
		return nil, err
	}
	return []string{
		RepairSQL, countSQL(time.Time{}, time.Time{}), countSQL(since, until), countSQL(time.Time{}, until),
		surveySQL([]lake.Hour{h, hourOf(h.End())}, rows),
		unloadSQL(keptSQL(columns, format, h, files, rows), format, to), digestSQL(columns, h, files, files, rows),
		findSQL(window{}, person), findSQL(w, person), exportSQL(columns, w, append(w.Bounds(), person.inside...)),
		unloadSQL(keptSQL(columns, format, h, files, person), format, to), digestSQL(columns, h, files, files, person),
		unloadSQL(rowsSQL(columns, format, h, files, choice{}), format, to), hoursSQL(columns, []lake.Hour{h, hourOf(h.End())}, files),
		traceSQL([]string{"it's one", "another"}, query.Window{Since: since}, 15*time.Minute), tail,
	}, nil
}
