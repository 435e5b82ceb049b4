//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import "slices"

// generation is a set of Parquet files that lack the same columns of the
// table: they were written before these were added. DuckDB refuses to read a
// column from a list of files of which one lacks it; its ways around that cost
// more: union_by_name reads every whole footer before the first row, and
// schema does not go with hive_partitioning, so no file would be left out.
type generation struct {
	lacks []string
	files []string
}

// generationsOf groups files by what they lack, in the order in which the
// groups first appear.
func generationsOf(files []soundFile) []generation {
	var all []generation
	for _, f := range files {
		i := slices.IndexFunc(all, func(g generation) bool { return slices.Equal(g.lacks, f.lacks) })
		if i < 0 {
			i = len(all)
			all = append(all, generation{lacks: f.lacks})
		}
		all[i].files = append(all[i].files, f.Path)
	}
	return all
}

// lacking gives the columns of the schema that are not among those of a file;
// nil when there are none.
func lacking(names, columns []string) []string {
	if len(columns) >= len(names) && slices.Equal(columns[:len(names)], names) {
		return nil // the usual file
	}
	var lacks []string
	for _, name := range names {
		if !slices.Contains(columns, name) {
			lacks = append(lacks, name)
		}
	}
	return lacks
}
