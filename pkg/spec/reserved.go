package spec

import (
	"slices"
	"strings"
)

// Words that an SQL statement cannot use as a column without quotes. The first
// two lists are those of the Athena user guide, "Escape reserved keywords in
// queries"; Trino's own (language/reserved) adds a few; DuckDB's are what its
// duckdb_keywords() calls reserved or type_function. The hidden columns of
// DuckDB's files and tables come last.
const (
	athenaDDL = `all alter and array as authorization between bigint binary boolean both by case cashe cast char column conf
	constraint commit create cross cube current current_date current_timestamp cursor database date dayofweek decimal delete
	describe distinct div double drop else end exchange exists extended external extract false fetch float floor following for
	foreign from full function grant group grouping having if import in inner insert int integer intersect interval into is
	join lateral left less like local macro map more none not null numeric of on only or order out outer over partialscan
	partition percent preceding precision preserve primary procedure range reads reduce regexp references revoke right rlike
	rollback rollup row rows select set smallint start table tablesample then time timestamp to transform trigger true truncate
	unbounded union uniquejoin update user using utc_timestamp values varchar views when where window with`

	athenaSelect = `alter and as between by case cast constraint create cross cube current_catalog current_date current_path
	current_schema current_time current_timestamp current_user deallocate delete describe distinct drop else end escape except
	execute exists extract false first for from full group grouping having in inner insert intersect into is join json_array
	json_exists json_object json_query json_table json_value last left like listagg localtime localtimestamp natural normalize
	not null of on or order outer prepare recursive right rollup select skip table then trim true uescape union unnest using
	values when where with`

	trinoMore = `auto current_role`

	duckDB = `all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create default
	deferrable desc describe distinct do else end except false fetch for foreign from group having in initially intersect into
	lambda lateral leading limit not null offset on only or order pivot pivot_longer pivot_wider placing primary qualify
	references returning select show some summarize symmetric table then to trailing true union unique unpivot using variadic
	when where window with anti asof at authorization binary by collation columns concurrently cross freeze full generated glob
	ilike inner is isnull join left like map natural notnull outer overlaps positional right semi similar struct tablesample
	try_cast unpack verbose`

	hidden = `rowid filename file_row_number file_index`
)

func isReserved(name string) bool {
	for _, list := range []string{athenaDDL, athenaSelect, trinoMore, duckDB, hidden} {
		if slices.Contains(strings.Fields(list), name) {
			return true
		}
	}
	return false
}
