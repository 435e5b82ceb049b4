package report

import (
	"cmp"
	"strings"

	"pixelctl/pkg/lake"
	"pixelctl/pkg/query"
)

// parter is an engine that has the rows of the table in two relations: those
// that have no copy, and those that may. Two empty names are no such relations.
type parter interface {
	Parted() (single, repeatable string)
}

// parted names these relations.
type parted struct{ single, repeatable string }

func partedBy(e query.Engine) (p parted) {
	if known, ok := e.(parter); ok {
		p.single, p.repeatable = known.Parted()
	}
	return p
}

// expand makes copies be looked for only where they may be: $repeatable is these
// rows, and a SELECT DISTINCT of the table leaves the others as they are, which
// over many rows is most of the work of a report.
func (p parted) expand(sql string) string {
	sql = strings.ReplaceAll(sql, "$repeatable", cmp.Or(p.repeatable, lake.Table))
	const distinct, end = "SELECT DISTINCT ", "\n)"
	before, rest, found := strings.Cut(sql, distinct)
	body, after, closed := strings.Cut(rest, end)
	if p.single == "" || !found || !closed {
		return sql
	}
	from := func(relation string) string {
		return strings.Replace(body, "FROM "+lake.Table+"\n", "FROM "+relation+"\n", 1)
	}
	return before + "SELECT " + from(p.single) + "\n  UNION ALL\n  " + distinct + from(p.repeatable) + end + after
}
