package ui

import (
	"strconv"

	"pixelctl/pkg/pipeline"
)

// Compact shows which partitions have fewer files now, or would have.
func Compact(r pipeline.CompactResult) View {
	r.Partitions = list(r.Partitions)
	return View{news: true, json: r, text: func(p *page) {
		var before, after int
		var bytes, fresh, rows int64
		for _, c := range r.Partitions {
			before, after = before+c.FilesBefore, after+c.FilesAfter
			bytes, fresh, rows = bytes+c.BytesBefore, fresh+c.BytesAfter, rows+c.Rows
		}
		files := strconv.Itoa(before) + " files " + p.o.to() + " " + strconv.Itoa(after)
		in := " in " + Plural(int64(len(r.Partitions)), "partition")
		switch {
		case len(r.Partitions) == 0:
			p.check("nothing to do in ", Plural(int64(r.Looked), "partition"))
		case r.DryRun:
			p.say(Plain, "would make "+files+in+p.o.dot()+Bytes(bytes))
		default:
			p.check(files, in, p.o.dot(), Bytes(bytes), " ", p.o.to(), " ", Bytes(fresh), p.o.dot(), Plural(rows, "row"), " checked")
		}
		names := make([]string, 0, len(r.Partitions))
		for _, c := range r.Partitions {
			names = append(names, c.Partition+" "+strconv.Itoa(c.FilesBefore)+" "+p.o.to()+" "+strconv.Itoa(c.FilesAfter))
		}
		p.names("-", Plain, names)
		if r.Dollars > 0 {
			p.say(Plain, "what it read costs "+dollars(r.Dollars)+" at list price")
		}
		if r.Note != "" {
			p.say(Plain, r.Note)
		}
		p.calls(r.Calls)
	}}
}
