package redrive

import (
	"cmp"
	"slices"
	"strings"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// Selects reports whether a record is one that was asked for. Reasons are
// compared without case.
func Selects(w query.Window, reason string, r Record) bool {
	return w.Contains(r.At) && (reason == "" || strings.EqualFold(reason, r.Reason))
}

// Tally counts records by reason and column. The zero value is empty.
type Tally struct {
	Records int64

	groups map[[2]string]*pipeline.ErrorGroup
}

const (
	mostGroups = 1000 // reasons that a file names; anything may stand in it
	example    = 200  // bytes shown of a record
)

// Add counts one record.
func (t *Tally) Add(r Record) {
	t.Records++
	key := [2]string{r.Reason, r.Column}
	g := t.groups[key]
	if g == nil {
		if t.groups == nil {
			t.groups = map[[2]string]*pipeline.ErrorGroup{}
		}
		if len(t.groups) >= mostGroups {
			key = [2]string{"other", ""}
		}
		if g = t.groups[key]; g == nil {
			g = &pipeline.ErrorGroup{Reason: key[0], Column: key[1], First: r.At, Last: r.At}
			t.groups[key] = g
		}
	}
	g.Records++
	if r.Fits {
		g.Fit++
	}
	if g.Records == 1 || r.At.Before(g.First) {
		g.First, g.Message, g.Example = r.At, cut(r.Message), cut(string(r.Raw))
	}
	if r.At.After(g.Last) {
		g.Last = r.At
	}
}

func cut(s string) string { return strings.ToValidUTF8(s[:min(len(s), example)], "\uFFFD") }

// Groups gives the counts, the largest first.
func (t *Tally) Groups() []pipeline.ErrorGroup {
	list := make([]pipeline.ErrorGroup, 0, len(t.groups))
	for _, g := range t.groups {
		list = append(list, *g)
	}
	slices.SortFunc(list, func(a, b pipeline.ErrorGroup) int {
		return cmp.Or(cmp.Compare(b.Records, a.Records), cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Column, b.Column))
	})
	return list
}
