//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"fmt"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"pixelctl/pkg/fault"
)

// converter turns a value of the driver into one of query.Rows.
type converter func(v any) any

// column is one column of a result.
type column struct {
	name    string
	athena  string // type, as Athena names it
	convert converter
	json    bool
}

func columnsOf(stmt *duckdb.Stmt) ([]column, error) {
	n, err := stmt.ColumnCount()
	if err != nil {
		return nil, err
	}
	columns := make([]column, n)
	for i := range columns {
		name, err := stmt.ColumnName(i)
		if err != nil {
			return nil, err
		}
		info, err := stmt.ColumnTypeInfo(i)
		if err != nil {
			return nil, fault.New(fault.Usage, "read column %q: its type has no name here: %w", name, err).
				WithHint("give the fields of rows names: CAST(ROW(1, 'x') AS ROW(a integer, b varchar))")
		}
		athena, convert := typeOf(info)
		columns[i] = column{name, athena, convert, info.Alias() == "JSON"}
	}
	return columns, nil
}

// typeOf gives Athena's name of a type and how to convert its values.
func typeOf(info duckdb.TypeInfo) (string, converter) {
	if info.Alias() == "JSON" {
		return "json", nestedJSON
	}
	switch d := info.Details().(type) {
	case *duckdb.DecimalDetails:
		return fmt.Sprintf("decimal(%d,%d)", d.Width, d.Scale), decimalOf
	case *duckdb.ListDetails:
		return listType(d.Child)
	case *duckdb.ArrayDetails:
		return listType(d.Child)
	case *duckdb.MapDetails:
		return mapType(d)
	case *duckdb.StructDetails:
		return rowType(d)
	case *duckdb.UnionDetails:
		return "varchar", unionText
	}
	if t, ok := simpleTypes[info.InternalType()]; ok {
		return t.athena, t.convert
	}
	return "varchar", text
}

// simpleTypes are the types without parts. Types that Athena lacks take the
// nearest wider one.
var simpleTypes = map[duckdb.Type]struct {
	athena  string
	convert converter
}{
	duckdb.TYPE_BOOLEAN:      {"boolean", same},
	duckdb.TYPE_TINYINT:      {"tinyint", integer},
	duckdb.TYPE_SMALLINT:     {"smallint", integer},
	duckdb.TYPE_INTEGER:      {"integer", integer},
	duckdb.TYPE_BIGINT:       {"bigint", integer},
	duckdb.TYPE_UTINYINT:     {"smallint", integer},
	duckdb.TYPE_USMALLINT:    {"integer", integer},
	duckdb.TYPE_UINTEGER:     {"bigint", integer},
	duckdb.TYPE_UBIGINT:      {"bigint", integer},
	duckdb.TYPE_HUGEINT:      {"bigint", huge},
	duckdb.TYPE_UHUGEINT:     {"decimal(38,0)", wholeDecimal},
	duckdb.TYPE_BIGNUM:       {"decimal(38,0)", wholeDecimal},
	duckdb.TYPE_FLOAT:        {"real", float},
	duckdb.TYPE_DOUBLE:       {"double", same},
	duckdb.TYPE_VARCHAR:      {"varchar", same},
	duckdb.TYPE_ENUM:         {"varchar", same},
	duckdb.TYPE_UUID:         {"varchar", uuidText},
	duckdb.TYPE_BIT:          {"varchar", bitText},
	duckdb.TYPE_BLOB:         {"varbinary", same},
	duckdb.TYPE_DATE:         {"date", instant},
	duckdb.TYPE_TIME:         {"time", timeText},
	duckdb.TYPE_TIME_TZ:      {"time with time zone", timeZoneText},
	duckdb.TYPE_TIMESTAMP:    {"timestamp", instant},
	duckdb.TYPE_TIMESTAMP_S:  {"timestamp", instant},
	duckdb.TYPE_TIMESTAMP_MS: {"timestamp", instant},
	duckdb.TYPE_TIMESTAMP_NS: {"timestamp", instant},
	duckdb.TYPE_TIMESTAMP_TZ: {"timestamp with time zone", instant},
	duckdb.TYPE_INTERVAL:     {"interval", intervalText},
}

func listType(child duckdb.TypeInfo) (string, converter) {
	name, convert := typeOf(child)
	return "array(" + name + ")", listOf(convert)
}

func mapType(d *duckdb.MapDetails) (string, converter) {
	key, convertKey := typeOf(d.Key)
	value, convertValue := typeOf(d.Value)
	return "map(" + key + ", " + value + ")", mapOf(convertKey, convertValue)
}

func rowType(d *duckdb.StructDetails) (string, converter) {
	names := make([]string, len(d.Entries))
	fields := make([]string, len(d.Entries))
	converters := make([]converter, len(d.Entries))
	for i, e := range d.Entries {
		var athena string
		names[i] = e.Name()
		athena, converters[i] = typeOf(e.Info())
		fields[i] = e.Name() + " " + athena
	}
	return "row(" + strings.Join(fields, ", ") + ")", rowOf(names, converters)
}
