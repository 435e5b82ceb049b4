package cloud

import (
	"strings"

	"pixelctl/pkg/lake"
)

// rowsSQL gives all rows of some files of an hour in the form in which files of
// a format hold them. Files are s3:// URLs.
func rowsSQL(columns []lake.CatalogColumn, format string, h lake.Hour, files []string) string {
	list := make([]string, len(columns))
	for i, column := range columns {
		list[i] = choice{}.column(column, format)
	}
	return "SELECT " + strings.Join(list, ", ") + " FROM " + lake.Table + " WHERE " + inFiles(h, files)
}

// hoursSQL counts the rows of each hour in some files, with a checksum over all
// their values, whatever their order.
func hoursSQL(columns []lake.CatalogColumn, hours []lake.Hour, files []string) string {
	list := make([]string, len(columns))
	for i, column := range columns {
		list[i] = name(column.Name)
	}
	each := make([]string, len(hours))
	for i, h := range hours {
		each[i] = "(" + isHour(h) + ")"
	}
	return "SELECT year, month, day, hour, count(*), to_hex(checksum(ROW(" + strings.Join(list, ", ") + "))) FROM " + lake.Table +
		" WHERE (" + strings.Join(each, " OR ") + ") AND \"$path\" IN " + literals(files) + " GROUP BY 1, 2, 3, 4"
}
