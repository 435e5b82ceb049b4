package athena

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"pixelctl/pkg/query"
)

// parser turns the text of a value that is not NULL into one of query.Rows.
// Text that it does not know it passes on, so that no value is lost.
type parser func(text []byte) any

// parsers by the type as Athena names it in the metadata of a result. Types
// that are missing stay text: intervals, times of day, JSON, and arrays, maps
// and rows. Athena writes those as [a, b] and {k=v} without quotes or escapes,
// so that ['a, b'] looks like ['a', 'b'], and the metadata name no types of
// elements; CAST(x AS JSON) in the statement keeps them apart.
var parsers = map[string]parser{
	"boolean":                  boolean,
	"tinyint":                  integer,
	"smallint":                 integer,
	"integer":                  integer,
	"bigint":                   integer,
	"real":                     float,
	"float":                    float,
	"double":                   float,
	"decimal":                  decimal,
	"date":                     date,
	"timestamp":                timestamp,
	"timestamp with time zone": zoned,
	"varbinary":                binary,
}

// column is one column of a result.
type column struct {
	query.Column

	parse parser
}

func columnsOf(info []types.ColumnInfo) []column {
	out := make([]column, len(info))
	for i, c := range info {
		name := aws.ToString(c.Type)
		out[i] = column{query.Column{Name: aws.ToString(c.Name), Type: typeName(c)}, parsers[name]}
		if out[i].parse == nil {
			out[i].parse = text
		}
	}
	return out
}

// typeName names a type as package query does.
func typeName(c types.ColumnInfo) string {
	switch name := aws.ToString(c.Type); name {
	case "decimal":
		return fmt.Sprintf("decimal(%d,%d)", c.Precision, c.Scale)
	case "float":
		return "real" // of Hive
	case "string", "char":
		return "varchar"
	case "interval day to second", "interval year to month":
		return "interval"
	default:
		return name
	}
}

func text(b []byte) any { return string(b) }

func boolean(b []byte) any {
	switch string(b) {
	case "true":
		return true
	case "false":
		return false
	}
	return text(b)
}

func integer(b []byte) any {
	if n, err := strconv.ParseInt(string(b), 10, 64); err == nil {
		return n
	}
	return text(b)
}

// float also reads NaN, Infinity and -Infinity, as Athena writes them.
func float(b []byte) any {
	if f, err := strconv.ParseFloat(string(b), 64); err == nil {
		return f
	}
	return text(b)
}

func decimal(b []byte) any { return query.Decimal(b) }

func date(b []byte) any { return instant(b, time.DateOnly, time.UTC) }

// timestamp reads one without a zone; Athena leaves out a fraction of zero.
func timestamp(b []byte) any { return instant(b, time.DateTime, time.UTC) }

func instant(b []byte, layout string, zone *time.Location) any {
	t, err := time.ParseInLocation(layout, string(b), zone)
	if err != nil {
		return text(b)
	}
	return t.UTC()
}

// zoned reads a timestamp whose zone is an offset, such as +02:00, or a name,
// such as Europe/Paris. A name that this machine does not know stays text.
func zoned(b []byte) any {
	s := string(b)
	at := strings.LastIndexByte(s, ' ')
	if at < 0 {
		return s
	}
	zone := s[at+1:]
	if strings.HasPrefix(zone, "+") || strings.HasPrefix(zone, "-") {
		return instant(b, time.DateTime+" -07:00", time.UTC)
	}
	where, err := time.LoadLocation(zone)
	if err != nil || zone == "Local" {
		return s
	}
	if t, ok := instant(b[:at], time.DateTime, where).(time.Time); ok {
		return t
	}
	return s
}

// binary reads pairs of hexadecimal digits with spaces between them.
func binary(b []byte) any {
	raw, err := hex.DecodeString(strings.ReplaceAll(string(b), " ", ""))
	if err != nil {
		return text(b)
	}
	return raw
}
