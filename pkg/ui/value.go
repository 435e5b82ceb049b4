package ui

import (
	"encoding/hex"
	"math"
	"strconv"
	"strings"
	"time"

	"pixelctl/pkg/query"
)

// kind says how a column is drawn, from its SQL type.
type kind struct {
	right, whole bool
	layout       string // of times
	json         string // of times, in JSON
}

func kindOf(typ string) kind {
	name, _, _ := strings.Cut(strings.ToLower(typ), "(")
	switch name {
	case "tinyint", "smallint", "integer", "int", "bigint", "double", "real", "float", "decimal":
		return kind{right: true, whole: true}
	case "date":
		return kind{whole: true, layout: time.DateOnly, json: time.DateOnly}
	case "time":
		return kind{whole: true, layout: "15:04:05.000", json: "15:04:05.000"}
	case "boolean":
		return kind{whole: true}
	}
	k := kind{layout: "2006-01-02 15:04:05.000", json: "2006-01-02T15:04:05.000Z"}
	k.whole = name == "timestamp"
	return k
}

// timeText writes t in UTC; a finer part than milliseconds is kept.
func timeText(t time.Time, layout string) string {
	t = t.UTC()
	if t.Nanosecond()%int(time.Millisecond) != 0 {
		layout = strings.Replace(layout, ".000", ".000000", 1)
	}
	return t.Format(layout)
}

// text writes a value for tables, CSV, TSV and Markdown: timestamps as SQL
// writes them, bytes in hexadecimal, lists and maps as JSON. NULL is "".
func (k kind) text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case query.Decimal:
		return string(v)
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return floatText(v)
	case []byte:
		return hex.EncodeToString(v)
	case time.Time:
		return timeText(v, k.layoutOr("2006-01-02 15:04:05.000"))
	}
	return string(k.appendJSON(nil, v))
}

func (k kind) layoutOr(def string) string {
	if k.layout == "" {
		return def
	}
	return k.layout
}

// floatText is the shortest form that reads back as f.
func floatText(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f != 0 && (math.Abs(f) < 1e-6 || math.Abs(f) >= 1e21):
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}
