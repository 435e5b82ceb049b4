package ui

import (
	"strconv"
	"time"

	"pixelctl/pkg/pipeline"
)

// shownNames is how many names a list shows on a terminal before it counts.
const shownNames = 10

// Crawl shows the outcome of crawl.
func Crawl(r pipeline.CrawlResult) View {
	r.Added = list(r.Added)
	return View{news: true, json: r, text: func(p *page) {
		if r.Note != "" && r.Elapsed == 0 { // nothing was followed to its end
			p.say(Plain, r.Note)
			return
		}
		elapsed := Duration(time.Duration(r.Elapsed * float64(time.Second)))
		found, added := Plural(int64(r.Found), "partition")+" found, ", Count(int64(len(r.Added)))
		if r.DryRun {
			p.say(Plain, found+added+" would be added"+p.o.dot()+elapsed)
		} else {
			p.check(found, added, " added", p.o.dot(), elapsed)
		}
		p.names("+", OK, r.Added)
		if r.Note != "" {
			p.say(Warn, r.Note)
		}
		p.calls(r.Calls)
	}}
}

// Repair shows the outcome of repair.
func Repair(r pipeline.RepairResult) View {
	r.Added, r.Pruned = list(r.Added), list(r.Pruned)
	return View{news: true, json: r, text: func(p *page) {
		if r.Note != "" {
			p.say(Plain, r.Note)
			return
		}
		if r.Rebuilt {
			p.say(Warn, "the catalog was unreadable and was rebuilt from the lake")
		}
		added, pruned := Count(int64(len(r.Added))), Count(int64(len(r.Pruned)))
		total := Plural(int64(r.Total), "partition") + " registered"
		if r.DryRun {
			p.say(Plain, added+" would be added, "+pruned+" pruned"+p.o.dot()+total)
		} else {
			p.check(added, " added, ", pruned, " pruned", p.o.dot(), total)
		}
		p.names("+", OK, r.Added)
		p.names("-", Warn, r.Pruned)
		if n := int64(len(r.Padded)); n > 0 {
			p.say(Warn, Plural(n, "directory")+" left out, being another name of an hour: take away the leading zeros")
			p.names("!", Warn, r.Padded)
		}
		p.calls(r.Calls)
	}}
}

// Purge shows what purge removed or would remove.
func Purge(r pipeline.PurgeResult) View {
	return View{news: true, json: r, text: func(p *page) {
		detail := strconv.Itoa(r.Removed) + " removed, " + strconv.Itoa(r.Rewritten) + " rewritten"
		if r.DryRun {
			p.say(Plain, "would remove "+Plural(r.Rows, "row")+" and free "+Bytes(r.Bytes)+" (files: "+detail+")")
			p.calls(r.Calls)
			return
		}
		p.check(Plural(r.Rows, "row"), " removed, ", Bytes(r.Bytes), " freed (files: ", detail, ")")
	}}
}

// names lists names, on a terminal the first ten and how many more.
func (p *page) names(mark string, r Role, names []string) {
	for i, n := range names {
		if p.o.TTY && i == shownNames && len(names) > shownNames+1 {
			p.line("  ", p.o.Theme.Paint(Muted, "and "+Count(int64(len(names)-i))+" more"))
			return
		}
		p.marked(r, mark, n)
	}
}
