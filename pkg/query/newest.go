package query

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
)

// ColumnsSQL lists all columns of the table without the partition keys, the map
// as JSON: what Athena prints of a map cannot be read back.
func ColumnsSQL(schema event.Schema) string {
	var names []string
	for _, c := range schema.Columns() {
		if c.Type == event.Map {
			names = append(names, "CAST("+identifier(c.Name)+" AS json) AS "+identifier(c.Name))
			continue
		}
		names = append(names, identifier(c.Name))
	}
	return strings.Join(names, ", ")
}

// NewestSQL gives the newest rows under some conditions, at most so many.
func NewestSQL(schema event.Schema, conditions []string, most int) string {
	sql := "SELECT " + ColumnsSQL(schema) + " FROM " + lake.Table
	if len(conditions) > 0 {
		sql += " WHERE " + strings.Join(conditions, " AND ")
	}
	return sql + " ORDER BY received_at DESC, event_id DESC LIMIT " + strconv.Itoa(most)
}

// Parameters turns the map of ColumnsSQL, JSON by then, into pairs by key. What is
// no such map stays as it is.
func Parameters(v any) any {
	document, ok := v.(string)
	if !ok {
		return v
	}
	m := map[string]string{}
	if err := json.Unmarshal([]byte(document), &m); err != nil {
		return v
	}
	pairs := Pairs{}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		pairs = append(pairs, Pair{Key: k, Value: m[k]})
	}
	return pairs
}
