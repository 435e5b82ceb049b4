package ui

import (
	"pixelctl/pkg/query"
)

// Estimate shows what a question would read at most, before it is asked.
func Estimate(e query.Estimate) View {
	doc := estimateJSON{Estimate: e}
	if e.FilesTotal >= 0 {
		doc.FilesTotal = &e.FilesTotal
	}
	if e.Unpriced == "" {
		doc.Dollars = &e.Dollars
	}
	return View{json: doc, text: func(p *page) {
		if e.Scans == 0 {
			p.line("reads no data and costs nothing")
			return
		}
		files := Count(e.Files)
		if e.FilesTotal >= 0 {
			files += " of " + Count(e.FilesTotal)
		}
		facts := []fact{
			{name: "hours", value: Count(int64(e.Hours)) + " of " + Count(int64(e.HoursTotal)), note: "listed"},
			{name: "files", value: files, note: "listed"},
			{name: "reads", value: "at most " + Bytes(e.Bytes), note: readNote(e)},
		}
		if e.Waiting > 0 {
			facts = append(facts, fact{name: "spool", value: Bytes(e.Waiting), note: "records that are no file yet"})
		}
		switch {
		case e.Unpriced != "":
			facts = append(facts, fact{name: "price", value: "not known", note: "no list of " + e.Unpriced + "; --prices gives one"})
		case e.Dollars > 0:
			facts = append(facts, fact{name: "price", value: "at most " + dollars(e.Dollars), note: "list price, at least 10 MB"})
		default:
			facts = append(facts, fact{name: "price", value: "nothing", note: "this machine answers"})
		}
		p.sheet(facts)
	}}
}

// estimateJSON leaves out what was not counted.
type estimateJSON struct {
	query.Estimate
	FilesTotal *int64   `json:"files_total,omitempty"`
	Dollars    *float64 `json:"dollars_at_most,omitempty"` // left out: not known
}

func readNote(e query.Estimate) string {
	if e.Scans > 1 {
		return "estimated: whole files, " + Count(int64(e.Scans)) + " times"
	}
	return "estimated: whole files, of which columns may be left out"
}

// Saved is a statement that was kept under a name.
type Saved struct {
	Name   string `json:"name"`
	File   string `json:"file"`
	Action string `json:"action"` // created, replaced, unchanged
	DryRun bool   `json:"dry_run"`
	SQL    string `json:"sql"`
}

// SavedQuery shows where a statement was kept.
func SavedQuery(s Saved) View {
	v := View{news: true, json: s, text: func(p *page) {
		if s.DryRun {
			p.say(Plain, "would write query "+s.Name+" to "+s.File+": "+s.Action)
			return
		}
		p.check("query ", s.Name, " in ", s.File, ": ", s.Action)
	}}
	if s.DryRun {
		return v
	}
	return v.WithNext("pixelctl query " + s.Name)
}
