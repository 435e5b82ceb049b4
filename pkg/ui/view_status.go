package ui

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"pixelctl/pkg/pipeline"
)

// Status shows the state of a stack.
func Status(st pipeline.Status) View {
	st.Problems = list(st.Problems)
	if st.Hits.Dropped == nil {
		st.Hits.Dropped = map[string]int64{}
	}
	if st.BufferSeconds == 0 {
		st.BufferSeconds = seconds(st.Buffer)
	}
	return View{json: st, text: func(p *page) { statusText(p, st) }}
}

func statusText(p *page, st pipeline.Status) {
	names := 0 // the longest name aligns all sections
	for _, f := range slices.Concat(hitFacts(st.Hits), dataFacts(st)) {
		names = max(names, Cells(f.name))
	}
	p.title(st.Stack)
	p.sheetFrom(names, stackFacts(st))
	p.title("hits")
	p.sheetFrom(names, hitFacts(st.Hits))
	p.title("data")
	p.sheetFrom(names, dataFacts(st))
	p.problems(st.Problems)
}

func (p *page) problems(list []pipeline.Problem) {
	if len(list) == 0 {
		return
	}
	p.line(p.o.Theme.Paint(Warn, "problems"))
	for _, pr := range list {
		p.marked(Warn, "!", pr.What)
		switch {
		case pr.Action == "":
		case strings.HasPrefix(pr.Action, "pixelctl "): // not wrapped, to be copied
			p.line("    ", p.o.Theme.Paint(Command, Clean(pr.Action)))
		default:
			p.o.markLine(&p.b, "  ", Plain, " ", pr.Action)
		}
	}
}

func stackFacts(st pipeline.Status) []fact {
	state := fact{name: "state", value: st.State, role: OK}
	if st.State != pipeline.Running {
		state.role = Warn
	}
	if st.PID > 0 {
		state.note = "pid " + strconv.Itoa(st.PID)
	}
	return []fact{
		state,
		{name: "target", value: st.Target},
		{name: "endpoint", value: st.Endpoint},
		{name: "location", value: st.Location},
	}
}

func hitFacts(h pipeline.Hits) []fact {
	facts := []fact{
		{name: "received", value: Count(h.Received), role: Number},
		{name: "recorded", value: Count(h.Recorded), role: Number},
	}
	total := int64(0)
	for _, n := range h.Dropped {
		total += n
	}
	facts = append(facts, fact{name: "dropped", value: Count(total), role: Number})
	for _, reason := range slices.Sorted(maps.Keys(h.Dropped)) {
		facts = append(facts, fact{name: "  " + Clean(reason), value: Count(h.Dropped[reason]), role: Warn})
	}
	return facts
}

func dataFacts(st pipeline.Status) []fact {
	facts := []fact{
		stored("waiting", st.Spool, "record", ""),
		stored("stored", st.Data, "row", Plural(st.Data.Files, "file")),
		stored("rejected", st.Errors, "line", Plural(st.Errors.Files, "file")),
		{name: "partitions", value: Count(int64(st.Partitions.Registered)), role: Number},
		{name: "last file", value: instant(st.LastFlush)},
		{name: "buffer", value: Duration(st.Buffer)},
		{name: "retention", value: retention(st.RetentionDays)},
	}
	if more := st.Partitions.OnDisk - st.Partitions.Registered; more > 0 {
		facts[3].note = Count(int64(more)) + " more not registered yet"
	}
	if st.Errors.Files == 0 && st.Errors.Records <= 0 {
		facts[2] = fact{name: "rejected", value: "none"}
	}
	return facts
}

// stored tells an amount. Records are left out when nobody counted them, files
// and bytes when there are none to see, as in a delivery stream.
func stored(name string, s pipeline.Stored, noun, files string) fact {
	if s.Files == 0 && s.Bytes == 0 && s.Records >= 0 {
		return fact{name: name, value: Plural(s.Records, noun), role: Number}
	}
	note := Bytes(s.Bytes)
	if files != "" {
		note = files + ", " + note
	}
	if s.Records < 0 {
		return fact{name: name, value: note}
	}
	return fact{name: name, value: Plural(s.Records, noun), role: Number, note: note}
}

func retention(days int) string {
	if days == 0 {
		return "for ever"
	}
	return Plural(int64(days), "day")
}
