package athena

import (
	"regexp"
	"strconv"

	"pixelctl/pkg/query"
)

// ColumnInfo is a column of a result.
type ColumnInfo struct {
	CatalogName   string
	SchemaName    string
	TableName     string
	Name          string
	Label         string
	Type          string // without parameters: decimal, array, timestamp
	Precision     int
	Scale         int
	Nullable      string
	CaseSensitive bool
}

func columnInfos(columns []query.Column) []ColumnInfo {
	out := make([]ColumnInfo, len(columns))
	for i, c := range columns {
		out[i] = columnInfo(c)
	}
	return out
}

// parameters matches those of a type: (3), (10,2).
var parameters = regexp.MustCompile(`^\((\d+)(?:\s*,\s*(\d+))?\)`)

// unbounded is the length of a varchar without one.
const unbounded = 1<<31 - 1

func columnInfo(c query.Column) ColumnInfo {
	info := ColumnInfo{CatalogName: "hive", Name: c.Name, Label: c.Name, Nullable: "UNKNOWN"}
	base, rest := query.SplitType(c.Type)
	info.Type = base
	if base == "real" {
		info.Type = "float"
	}
	info.Precision = precisions[info.Type]
	switch base {
	case "varchar", "char":
		info.CaseSensitive = true
	case "decimal":
	default:
		return info
	}
	// They are digits, by the expression.
	if p := parameters.FindStringSubmatch(rest); p != nil {
		info.Precision, _ = strconv.Atoi(p[1])
		if p[2] != "" {
			info.Scale, _ = strconv.Atoi(p[2])
		}
	}
	return info
}

// precisions are those that Athena gives to every column of a type.
var precisions = map[string]int{
	"tinyint": 3, "smallint": 5, "integer": 10, "bigint": 19, "float": 17, "double": 17, "varchar": unbounded,
	"timestamp": 3, "timestamp with time zone": 3, "time": 3, "time with time zone": 3, "varbinary": 1073741824, "decimal": 38,
}

// Text prints a value of query.Rows as Athena prints it; typ is its type. NULL
// is nil.
func Text(v any, typ string) *string {
	if v == nil {
		return nil
	}
	out := query.Printed(v, typ)
	return &out
}
