package athena

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"pixelctl/pkg/query"
)

// parser turns the text of a value that is not NULL into one of query.Rows.
// Text that it does not know it passes on, so that no value is lost.
type parser func(s string) any

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

	// The value before: rows that follow one another often share values.
	text string
	last any
}

// value parses s, which is not NULL.
func (c *column) value(s string) any {
	if c.last == nil || c.text != s {
		c.text, c.last = s, c.parse(s)
	}
	return c.last
}

func columnsOf(info []types.ColumnInfo) []column {
	out := make([]column, len(info))
	for i, c := range info {
		name := aws.ToString(c.Type)
		out[i] = column{Column: query.Column{Name: aws.ToString(c.Name), Type: typeName(c)}, parse: parsers[name]}
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

func text(s string) any { return s }

func boolean(s string) any {
	switch s {
	case "true":
		return true
	case "false":
		return false
	}
	return s
}

func integer(s string) any {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n
	}
	return s
}

// float also reads NaN, Infinity and -Infinity, as Athena writes them.
func float(s string) any {
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		return f
	}
	return s
}

func decimal(s string) any { return query.Decimal(s) }

// binary reads pairs of hexadecimal digits with spaces between them; Trino breaks
// lines of 32 bytes, too.
func binary(s string) any {
	raw, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		return s
	}
	return raw
}
