package ui

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"pixelctl/pkg/pipeline"
)

// rejectedJSON is a record as programs read it: as text, or in base64 when it
// is none.
type rejectedJSON struct {
	At      time.Time `json:"at"`
	Reason  string    `json:"reason"`
	Column  string    `json:"column,omitempty"`
	Message string    `json:"message"`
	Source  string    `json:"source"`
	EventID string    `json:"event_id,omitempty"`
	Fits    bool      `json:"fits"`
	Raw     string    `json:"raw,omitempty"`
	Base64  []byte    `json:"raw_base64,omitempty"`
}

type errorsJSON struct {
	Records int64                 `json:"records"`
	Files   int64                 `json:"files"`
	Reasons []pipeline.ErrorGroup `json:"reasons"`
	Shown   []rejectedJSON        `json:"shown,omitempty"`
	Notes   []string              `json:"notes"`
}

func errorsDocument(r pipeline.ErrorReport) errorsJSON {
	doc := errorsJSON{Records: r.Records, Files: r.Files, Reasons: list(r.Groups), Notes: list(r.Notes)}
	for _, x := range r.Shown {
		one := rejectedJSON{At: x.At, Reason: x.Reason, Column: x.Column, Message: x.Message, Source: x.Source, EventID: x.EventID, Fits: x.Fits}
		if utf8.Valid(x.Raw) {
			one.Raw = string(x.Raw)
		} else {
			one.Base64 = x.Raw
		}
		doc.Shown = append(doc.Shown, one)
	}
	return doc
}

// ErrorList shows what did not become rows, by reason.
func ErrorList(r pipeline.ErrorReport) View {
	return View{json: errorsDocument(r), remark: strings.Join(r.Notes, "; "), text: func(p *page) {
		p.reasons(r.Groups)
		if r.Records == 0 && p.o.TTY {
			p.check("every record became a row")
		}
	}}
}

// reasons is a table, and on a terminal an example of each below.
func (p *page) reasons(groups []pipeline.ErrorGroup) {
	if len(groups) == 0 {
		return
	}
	t := Table{Columns: []Column{
		{Name: "reason"},
		{Name: "column"},
		{Name: "records", Right: true, Whole: true},
		{Name: "fit", Right: true, Whole: true},
		{Name: "first", Whole: true},
		{Name: "last", Whole: true},
	}}
	for _, g := range groups {
		row := []Cell{{Text: g.Reason, Role: Key}, {Text: g.Column}, count(g.Records), count(g.Fit), moment(g.First), moment(g.Last)}
		if !p.o.TTY {
			row = append(row, Cell{Text: g.Message}, Cell{Text: g.Example})
		}
		t.Rows = append(t.Rows, row)
	}
	t.write(p.o, &p.b)
	if !p.o.TTY {
		return
	}
	for _, g := range groups {
		p.line()
		p.say(Warn, g.Reason+": "+g.Message)
		p.say(Muted, g.Example)
	}
}

// moment is a time to the minute for people, exact for programs.
func moment(t time.Time) Cell {
	return Cell{Text: t.UTC().Format("2006-01-02 15:04"), Exact: t.UTC().Format(time.RFC3339Nano)}
}

// ErrorRecords shows the records themselves. In a pipe they come as they are,
// one a line with time, reason, column and source.
func ErrorRecords(r pipeline.ErrorReport) View {
	return View{json: errorsDocument(r), remark: strings.Join(r.Notes, "; "), text: func(p *page) {
		if !p.o.TTY {
			p.piped(r.Shown)
			return
		}
		for _, x := range r.Shown {
			p.title(instant(x.At) + p.o.dot() + x.Reason)
			p.say(Warn, x.Message)
			p.say(Plain, string(x.Raw))
			p.say(Muted, x.Source)
			p.line()
		}
		switch more := r.Records - int64(len(r.Shown)); {
		case r.Records == 0:
			p.check("every record became a row")
		case more > 0:
			p.say(Muted, "and "+Count(more)+" more: --limit "+strconv.FormatInt(min(r.Records, 10_000), 10))
		}
	}}
}

func (p *page) piped(records []pipeline.Rejected) {
	t := Table{}
	for _, x := range records {
		t.Rows = append(t.Rows, []Cell{moment(x.At), {Text: x.Reason}, {Text: x.Column}, {Text: x.Source}, {Text: string(x.Raw)}})
	}
	t.write(p.o, &p.b)
}

// Replay shows what a replay did, or would do.
func Replay(r pipeline.ReplayResult) View {
	r.Reasons = list(r.Reasons)
	return View{news: true, json: r, remark: strings.Join(r.Notes, "; "), text: func(p *page) {
		switch {
		case r.Records == 0:
			p.check("nothing to replay")
		case r.DryRun:
			p.say(Plain, "would send "+Plural(r.Replayed, "record")+" of "+Count(r.Records)+" again")
		default:
			p.check(Plural(r.Replayed, "record"), " of ", Count(r.Records), " sent again")
		}
		for _, x := range []struct {
			n    int64
			text string
		}{
			{r.Stored, " rows already, not sent"},
			{r.Earlier, " of the log settled by an earlier replay, a purge or the retention"},
			{r.Refused, " refused by the stream"},
		} {
			if x.n > 0 {
				p.say(Plain, Count(x.n)+x.text)
			}
		}
		if r.Left > 0 {
			p.say(Warn, Plural(r.Left, "record")+" left: the table does not take them")
			p.reasons(r.Reasons)
		}
		p.calls(r.Calls)
	}}
}
