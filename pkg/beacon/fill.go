package beacon

import (
	"pixelctl/pkg/event"
	"pixelctl/pkg/extract"
	"pixelctl/pkg/privacy"
)

// missingKey is the params key that names required fields without a value. It
// stands first: Trim keeps it, and of two keys the first is written.
const missingKey = "_missing"

// reasonSite is why a hit of a site that is not on the list is dropped.
const reasonSite = "site"

// fill completes rec from the pairs of one hit: columns, own fields, params,
// then privacy, which has the last word but for the drop list.
func (b *Beacon) fill(req *Request, t target, out *Result, rec *event.Record, pairs []pair) {
	out.trace.begin(rec)
	rec.Site, rec.Label = t.site, t.label
	out.trace.note(rec, "path")
	b.settle(pairs, t.site != "")
	out.contest(rec, pairs, siteField, fieldCount)
	rec.Event = orElse(rec.Event, event.DefaultEvent)
	rec.Site = orElse(rec.Site, event.DefaultSite)
	out.trace.note(rec, "default")
	b.page(req, out, rec)
	if _, listed := b.sites[rec.Site]; !listed && b.sites != nil {
		b.policy.Drop(rec, reasonSite)
		out.reject(reasonSite)
		out.trace.note(rec, "sites: not listed")
	} else {
		b.own(req, t, out, rec, pairs)
		b.leftovers(out, rec, pairs)
		rec.Truncated = rec.Truncated || out.cut
		out.trace.note(rec, "limits")
		b.private(req, out, rec, pairs)
	}
	for i := range b.blank {
		b.blank[i].Clear(rec)
	}
	out.trace.note(rec, "drop")
	rec.Trim()
	out.trace.note(rec, "limits")
}

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}

// page completes what is known of the page and of the one before.
func (b *Beacon) page(req *Request, out *Result, rec *event.Record) {
	rec.PageURL = orElse(rec.PageURL, req.header("Referer"))
	out.trace.note(rec, "header:Referer")
	page := extract.SplitURL(rec.PageURL)
	rec.PageHost = page.Host
	rec.PagePath = orElse(rec.PagePath, page.Path)
	rec.PageQuery = orElse(rec.PageQuery, page.Query)
	out.trace.note(rec, "page_url")
	rec.ReferrerHost = extract.SplitURL(rec.ReferrerURL).Host
	out.trace.note(rec, "referrer_url")
	b.campaign(out, rec)
}

// campaign reads from the query of the page what the pixel's own query does
// not say about campaign and ad click.
func (b *Beacon) campaign(out *Result, rec *event.Record) {
	out.pageQuery = out.pageQuery[:0]
	if rec.PageQuery == "" {
		return
	}
	cut := out.cut
	out.pageQuery = b.parse(&out.scratch, out.pageQuery, rec.PageQuery)
	out.cut = cut // page_query itself is whole
	for i := range out.pageQuery {
		out.pageQuery[i].used = out.pageQuery[i].discarded()
	}
	to := clickPlatform
	if rec.ClickID == "" {
		to = clickField + 1
	}
	out.contest(rec, out.pageQuery, utmSource, to)
}

// own adds the fields of the spec.
func (b *Beacon) own(req *Request, t target, out *Result, rec *event.Record, pairs []pair) {
	if b.plan.Empty() {
		return
	}
	out.bodyOf.pairs, out.queryOf.pairs, out.pageOf.pairs = pairs[:out.inBody], pairs[out.inBody:], out.pageQuery
	in := extract.Input{
		Query: &out.queryOf, Body: &out.bodyOf, Page: &out.pageOf,
		Host: req.Host, Path: [2]string{t.site, t.label},
	}
	if req.Header != nil {
		in.Header = req.Header
	}
	from := len(out.fields)
	var missing extract.Missing
	out.fields, missing = b.plan.Run(&in, &out.plan, out.fields, out.trace.field())
	rec.Fields = out.fields[from:len(out.fields):len(out.fields)]
	out.lacking(b.plan, missing)
	out.trace.note(rec, "")
}

// private makes of the record what the spec's privacy keeps.
func (b *Beacon) private(req *Request, out *Result, rec *event.Record, pairs []pair) {
	facts := privacy.Facts{Peer: req.Peer, Time: req.Time, Keys: b.keys}
	if name := b.policy.Consent(); name != "" {
		facts.Consent = consented(pairs, name)
	}
	all := rec.Params
	done := b.policy.Apply(rec, facts)
	if done.Stripped != "" && out.missing != "" {
		rec.Params = all[:1:1] // names of fields tell about nobody
	}
	if done.Dropped != "" {
		out.reject(done.Dropped)
	}
	if done.Identified() && rec.NetworkID != "" {
		out.cookie = out.offer
	}
	out.trace.private(rec, done)
}

// consented says whether the hit brings the consent that is required.
func consented(pairs []pair, name string) bool {
	for i := range pairs {
		if pairs[i].key == name && privacy.ConsentGiven(pairs[i].val) {
			return true
		}
	}
	return false
}

// leftovers makes params of the pairs that are no column, as many as a record
// can hold. Keys stay unique: values of one key are joined by commas.
func (b *Beacon) leftovers(out *Result, rec *event.Record, pairs []pair) {
	from := len(out.params)
	if out.missing != "" {
		out.params = append(out.params, event.Param{Key: missingKey, Value: out.missing})
	}
	for i := range pairs {
		if pairs[i].used || b.hidden[pairs[i].field] || !b.params.keeps(pairs[i].key) {
			continue
		}
		if len(out.params)-from == event.MaxParams {
			out.cut = true
			break
		}
		out.params = append(out.params, event.Param{Key: pairs[i].key, Value: out.join(pairs[i:])})
	}
	rec.Params = out.params[from:len(out.params):len(out.params)]
	out.trace.note(rec, "parameters that are no column")
}

// join gives the value of the first pair and of all later ones with its key,
// and marks them used.
func (sc *scratch) join(pairs []pair) string {
	first := &pairs[0]
	sc.buf = sc.buf[:0]
	n := 0
	for i := range pairs {
		p := &pairs[i]
		if p.used || p.key != first.key {
			continue
		}
		p.used = true
		if n++; n == 2 {
			sc.buf = append(sc.buf, first.val...)
		}
		if n > 1 {
			sc.buf = append(append(sc.buf, ','), p.val...)
		}
	}
	switch {
	case first.field == consent: // the string itself is personal
		return "true"
	case n == 1:
		return first.val
	}
	return string(sc.buf)
}
