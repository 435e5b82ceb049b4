package beacon

import "pixelctl/pkg/event"

// fill completes rec from the pairs of one hit. Rank decides between names of
// one field, place between pairs of one name; who loses goes to params.
func (b *Beacon) fill(req *Request, t target, out *Result, rec *event.Record, pairs []pair) {
	rec.Site, rec.Label = t.site, t.label
	settle(pairs, t.site != "")
	contest(rec, pairs, siteField, fieldCount)
	rec.Event = orElse(rec.Event, event.DefaultEvent)
	rec.Site = orElse(rec.Site, event.DefaultSite)

	rec.PageURL = orElse(rec.PageURL, req.header("Referer"))
	page := splitURL(rec.PageURL)
	rec.PageHost = page.host
	rec.PagePath = orElse(rec.PagePath, page.path)
	rec.PageQuery = orElse(rec.PageQuery, page.query)
	rec.ReferrerHost = splitURL(rec.ReferrerURL).host
	b.campaign(&out.scratch, rec)

	out.leftovers(rec, pairs)
	rec.Truncated = rec.Truncated || out.cut
	rec.Trim()
}

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}

// settle decides what depends on more than one name. Snowplow uses two names
// its own way: sid is its session where something better names the site, and
// vid its visit count where duid names the visitor.
func settle(pairs []pair, siteGiven bool) {
	duid := false
	for i := range pairs {
		p := &pairs[i]
		if p.used = p.discarded(); p.used {
			continue
		}
		siteGiven = siteGiven || p.field == siteField && p.rank < rankSid
		duid = duid || p.name == name{visitorField, rankDuid}
	}
	for i := range pairs {
		p := &pairs[i]
		switch {
		case siteGiven && p.name == name{siteField, rankSid}:
			p.name = name{sessionField, 1}
		case duid && p.name == name{visitorField, rankVid} && isCount(p.val):
			p.name = name{}
		}
	}
}

// discarded says whether a pair is never stored. An empty value of a known
// name is no value.
func (p *pair) discarded() bool {
	switch p.field {
	case other:
		return false
	case unstored, imageWish:
		return true
	}
	return p.val == ""
}

// isCount tells a small number from an identifier.
func isCount(s string) bool { return len(s) <= 6 && isDigits(s) }

// contest gives each field in [from, to) that is still empty the value of its
// best pair. A value that does not convert leaves the field to the next best.
func contest(rec *event.Record, pairs []pair, from, to field) {
	var best [fieldCount]int // 1 + place of the best pair
	for i := range pairs {
		p := &pairs[i]
		if p.used || p.field < from || p.field >= to {
			continue
		}
		if b := best[p.field]; b == 0 || p.rank < pairs[b-1].rank {
			best[p.field] = i + 1
		}
	}
	for f := from; f < to; f++ {
		for i := best[f] - 1; i >= 0; i = runnerUp(pairs, i) {
			if meanings[f].take(rec, &pairs[i]) {
				pairs[i].used = true
				break
			}
		}
	}
}

// take puts a pair into its column, or refuses.
func (m *meaning) take(rec *event.Record, p *pair) bool {
	if m.set != nil {
		return m.set(rec, p)
	}
	c := m.column(rec)
	if *c != "" { // by the path, or by the pixel's own query
		return false
	}
	*c = p.val
	return true
}

// runnerUp gives the place of the best pair after pair i of the same field,
// or -1.
func runnerUp(pairs []pair, i int) int {
	next, last := -1, pairs[i]
	for j := range pairs {
		p := &pairs[j]
		if p.used || p.field != last.field || p.rank < last.rank || p.rank == last.rank && j <= i {
			continue
		}
		if next < 0 || p.rank < pairs[next].rank {
			next = j
		}
	}
	return next
}

// campaign reads from the query of the page what the pixel's own query does
// not say about campaign and ad click.
func (b *Beacon) campaign(sc *scratch, rec *event.Record) {
	if rec.PageQuery == "" {
		return
	}
	cut := sc.cut
	sc.page = b.parse(sc, sc.page[:0], rec.PageQuery)
	sc.cut = cut // page_query itself is whole
	settle(sc.page, false)
	to := clickPlatform
	if rec.ClickID == "" {
		to = clickField + 1
	}
	contest(rec, sc.page, utmSource, to)
}

// leftovers makes params of the pairs that are no column, as many as a record
// can hold. Keys stay unique: values of one key are joined by commas.
func (r *Result) leftovers(rec *event.Record, pairs []pair) {
	from := len(r.params)
	for i := range pairs {
		if pairs[i].used {
			continue
		}
		if len(r.params)-from == event.MaxParams {
			r.cut = true
			break
		}
		r.params = append(r.params, event.Param{Key: pairs[i].key, Value: r.join(pairs[i:])})
	}
	rec.Params = r.params[from:len(r.params):len(r.params)]
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
