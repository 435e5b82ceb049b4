package beacon

import (
	"encoding/json"
	"strings"

	"pixelctl/pkg/event"
	"pixelctl/pkg/extract"
	"pixelctl/pkg/privacy"
)

// Explained is one column of a record and where its value comes from.
type Explained struct {
	Column string
	Value  string // as in the record's line, a string without its quotes; empty when absent
	Source string // such as query:uid, header:Referer, default; what privacy did stands behind it; empty for what nothing filled
}

// Explain answers a request as Answer does and tells for each record, in the
// order of the table, every column with its source. It runs the same code,
// with a recorder that compares the record before and after each step.
func (b *Beacon) Explain(req *Request) ([][]Explained, *Result) {
	out := &Result{trace: &trace{schema: b.schema.Names(), modes: b.modes}}
	b.Answer(req, out)
	records := out.trace.finish()
	return records, out
}

// trace records which step gave a column its value. Nil records nothing.
type trace struct {
	records [][]Explained
	schema  []string          // columns in the order of the table
	modes   []privacy.Mode    // of the spec, for every hit
	last    map[string]string // the record as it was
	source  map[string]string
	told    map[string]string // sources of fields
}

// baseSources are those of what is the same for every record of a request.
var baseSources = map[string]string{
	"schema_version": "constant", "event_id": "the collector", "received_at": "the collector's clock", "collector": "the collector",
	"status": "the collector", "truncated": "limits", "method": "request", "path": "request", "host": "header:Host",
	"user_agent": "header:User-Agent", "language": "header:Accept-Language", "dnt": "header:DNT", "gpc": "header:Sec-GPC",
	"network_id": "cookie:" + privacy.CookieName,
}

// classSource is that of the columns of package classify.
const classSource = "header:User-Agent and others, classified"

// privacySource is that of what privacy sets when no mode changes it.
const privacySource = "privacy"

// begin starts a record, whose base columns are there.
func (t *trace) begin(rec *event.Record) {
	if t == nil {
		return
	}
	t.flush()
	t.last, t.source, t.told = snapshot(rec), map[string]string{}, map[string]string{}
	for column, value := range t.last {
		switch source, ok := baseSources[column]; {
		case value == "":
		case ok:
			t.source[column] = source
		default:
			t.source[column] = classSource
		}
	}
}

// note gives the source to each column that has changed. What replaced a
// value, or took it away, stands behind where it came from.
func (t *trace) note(rec *event.Record, source string) {
	if t != nil {
		t.noteBy(rec, func(string) string { return source })
	}
}

// noteBy is note with a source for each column.
func (t *trace) noteBy(rec *event.Record, source func(column string) string) {
	now := snapshot(rec)
	for column, value := range now {
		if value == t.last[column] {
			continue
		}
		name := source(column)
		if told, ok := t.told[column]; ok && name == "" {
			name = told
		}
		if before := t.source[column]; before != "" && t.last[column] != "" {
			name = before + "; " + name
		}
		t.source[column] = name
	}
	for column, before := range t.last {
		if _, ok := now[column]; !ok && before != "" {
			t.source[column] += "; " + source(column)
		}
	}
	t.last = now
}

// pair notes the parameter that filled columns.
func (t *trace) pair(rec *event.Record, r *Result, pairs []pair, i int) {
	if t == nil {
		return
	}
	kind := "query:"
	switch {
	case len(r.pageQuery) > 0 && &pairs[0] == &r.pageQuery[0]:
		kind = "page:"
	case i < r.inBody:
		kind = "body:"
	}
	t.note(rec, kind+pairs[i].key+owners(&pairs[i]))
}

// owners tells whose name a parameter has.
func owners(p *pair) string {
	if p.field == other || int(p.rank) >= len(meanings[p.field].names) {
		return ""
	}
	names := meanings[p.field].names[p.rank].of.list()
	if names == nil {
		return ""
	}
	return " (" + strings.Join(names, ", ") + ")"
}

// field returns what is told the source of a field; nil for no trace.
func (t *trace) field() extract.Trace {
	if t == nil {
		return nil
	}
	return func(column, source string) { t.told[column] = source }
}

// private notes what the spec's privacy did.
func (t *trace) private(rec *event.Record, done privacy.Outcome) {
	if t == nil {
		return
	}
	switch {
	case done.Dropped != "":
		t.note(rec, "privacy drops for "+done.Dropped)
		return
	case done.Stripped != "":
		t.note(rec, "privacy strips for "+done.Stripped)
		return
	}
	t.noteBy(rec, t.mode)
	if rec.IP != "" { // Apply itself takes the address from the peer
		t.source["ip"] = "peer"
		if mode := t.mode("ip"); mode != privacySource {
			t.source["ip"] += "; " + mode
		}
	}
}

// mode tells which mode of the spec's privacy changes a column.
func (t *trace) mode(column string) string {
	for _, m := range t.modes {
		if privacy.Effect(m, column) != privacy.Kept {
			return "privacy " + string(m)
		}
	}
	return privacySource
}

// flush ends a record.
func (t *trace) flush() {
	if t.last == nil {
		return
	}
	var columns []Explained
	for _, name := range t.schema {
		columns = append(columns, Explained{name, t.last[name], t.source[name]})
	}
	t.records = append(t.records, columns)
	t.last = nil
}

func (t *trace) finish() [][]Explained {
	t.flush()
	return t.records
}

// snapshot gives the columns of a record that are present.
func snapshot(rec *event.Record) map[string]string {
	var raw map[string]json.RawMessage
	out := map[string]string{}
	if err := json.Unmarshal(rec.AppendJSON(nil), &raw); err != nil {
		return out // not reached: a record is JSON
	}
	for name, value := range raw {
		out[name] = scalar(string(value))
	}
	return out
}
