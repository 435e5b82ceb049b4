package athena

import (
	"fmt"
	"regexp"
	"strings"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
)

const (
	narrow = "ask for fewer hours by year, month, day and hour as numbers, and for fewer columns"
	whose  = `SELECT DISTINCT "$path" FROM ` + lake.Table + " with the same WHERE names the objects it read"
)

// remedies are the failures that Athena's users meet most, by a part of their
// text.
var remedies = []struct{ part, hint string }{
	{"HIVE_BAD_DATA", "an object holds values that do not fit the columns; " + whose + ", and pixelctl fields show the columns"},
	{
		"HIVE_PARTITION_SCHEMA_MISMATCH",
		"drop the partition it names by aws glue delete-partition, then pixelctl repair registers it with the table's columns",
	},
	{"HIVE_CURSOR_ERROR", "an object cannot be read to its end, such as a broken line of JSON or a torn file; " + whose},
	{"HIVE_CANNOT_OPEN_SPLIT", "an object went away or S3 slows the query down: run it again; " + whose},
	{"HIVE_EXCEEDED_PARTITION_LIMIT", narrow},
	{"HIVE_INVALID_PARTITION_VALUE", "a directory below the table has a name that is no number; pixelctl status shows the partitions"},
	{"EXCEEDED_MEMORY_LIMIT", narrow},
	{"Query exhausted resources", narrow + "; leave out ORDER BY without LIMIT"},
	{"Query timeout", narrow},
	{"SlowDown", "S3 slows the query down because of many small objects: run it again; pixelctl buffer 15m makes fewer"},
	{"Slow Down", "S3 slows the query down because of many small objects: run it again; pixelctl buffer 15m makes fewer"},
	{"ThrottlingException", "the catalog slows the account down: run it again in a minute"},
	{"Rate exceeded", "the catalog slows the account down: run it again in a minute"},
}

// lacking finds the right that the caller does not have.
var lacking = regexp.MustCompile(`not authorized to perform: ([\w:*-]+)(?:.*? on (?:the )?resource:? ([\w:/.*$-]+))?`)

// remedy finds the kind and the hint of a failure by its text.
func remedy(text string) (fault.Kind, string) {
	if strings.Contains(text, "Lake Formation") {
		return fault.Credentials, fmt.Sprintf("Lake Formation guards the catalog: aws lakeformation grant-permissions "+
			"gives the caller DESCRIBE on the database and SELECT on table %s", lake.Table)
	}
	if m := lacking.FindStringSubmatch(text); m != nil {
		hint := "the caller needs " + m[1]
		if m[2] != "" {
			hint += " on " + strings.TrimRight(m[2], ".")
		}
		return fault.Credentials, hint + ": pixelctl policy query prints the whole policy"
	}
	for _, denied := range []string{"Insufficient permissions", "Access Denied", "AccessDenied", "PERMISSION_DENIED", "Access denied"} {
		if strings.Contains(text, denied) {
			return fault.Credentials, "the caller lacks a right on the data, the catalog or the results: pixelctl policy query prints what is needed"
		}
	}
	for _, r := range remedies {
		if strings.Contains(text, r.part) {
			return fault.Failed, r.hint
		}
	}
	return fault.Failed, ""
}
