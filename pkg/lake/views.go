package lake

import (
	"strings"

	"pixelctl/pkg/event"
)

// Hits is the view that the others stand on.
const Hits = "hits"

// View is a view that both targets have.
type View struct {
	Name string
	SQL  string // the query; CREATE OR REPLACE VIEW name AS goes before it
	Doc  string
}

// Views returns the views over a table of this schema in the order to create
// them. Their SQL is valid in Trino and DuckDB and names every column, so that a
// column that comes later changes no view unseen.
func Views(s event.Schema) []View {
	return []View{
		{Hits, HitsSQL(s, Table), "recorded hits, each event_id once"},
		{"people", peopleSQL(s), "hits of people"},
		{"opens", opensSQL(s), "hits of people and of mail proxies that stand for people; via_proxy tells them apart"},
		{"seed_view", seedSQL(), "hits in the columns of the article that this pipeline follows"},
	}
}

// HitsSQL is the view hits over a table: it keeps the first copy of an event.
// Copies share received_at and with it the hour, so the keys in the window lose
// nothing; with them an engine can push a predicate on the keys below the window
// and read those hours only.
func HitsSQL(s event.Schema, table string) string {
	columns := list(tableColumns(s))
	return "SELECT\n  " + columns +
		"\nFROM (\n  SELECT\n    " + strings.ReplaceAll(columns, "\n", "\n  ") +
		",\n    row_number() OVER (PARTITION BY event_id, year, month, day, hour ORDER BY received_at) AS copy_number" +
		"\n  FROM " + table +
		"\n  WHERE status = '" + event.StatusRecorded + "'" +
		"\n) AS recorded\nWHERE copy_number = 1"
}

// RecordedSQL is what HitsSQL gives of a table that holds each event once.
func RecordedSQL(s event.Schema, table string) string {
	return "SELECT\n  " + list(tableColumns(s)) + "\nFROM " + table + "\nWHERE status = '" + event.StatusRecorded + "'"
}

func peopleSQL(s event.Schema) string {
	return "SELECT\n  " + list(tableColumns(s)) + "\nFROM " + Hits + "\nWHERE client_class = 'human'"
}

func opensSQL(s event.Schema) string {
	columns := append(tableColumns(s), "client_class = 'mail_proxy' AS via_proxy")
	return "SELECT\n  " + list(columns) + "\nFROM " + Hits + "\nWHERE client_class IN ('human', 'mail_proxy')"
}

// seedSQL has the partition keys too, as the article's table has.
func seedSQL() string {
	columns := []string{
		`received_at AS "date"`, "ip", `user_agent AS "userAgent"`, `user_id AS "userId"`, `site AS "thirdPartyId"`,
	}
	return "SELECT\n  " + list(append(columns, keyNames()...)) + "\nFROM " + Hits
}

// tableColumns returns all column names of the table, partition keys last.
func tableColumns(s event.Schema) []string { return append(s.Names(), keyNames()...) }

func keyNames() []string {
	keys := PartitionKeys()
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.Name
	}
	return names
}

func list(columns []string) string { return strings.Join(columns, ",\n  ") }
