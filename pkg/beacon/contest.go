package beacon

import (
	"pixelctl/pkg/event"
	"pixelctl/pkg/extract"
)

// settle decides what depends on more than one name: the form of the hit, and
// the names that Snowplow and Fathom use their own way (see meanings).
func (b *Beacon) settle(pairs []pair, siteGiven bool) {
	var seen sign
	for i := range pairs {
		p := &pairs[i]
		if p.known == nil || p.val == "" || p.known.sign == tidSign && !isProperty(p.val) {
			continue
		}
		seen |= p.known.sign
	}
	in, sid := formOf(seen), false
	for i := range pairs {
		p := &pairs[i]
		if in != plain && p.known != nil {
			p.place = p.known.as[in]
		}
		if p.used = p.discarded(); p.used || p.field != siteField {
			continue
		}
		siteGiven = siteGiven || p.rank < rankSid
		sid = sid || p.rank == rankSid
	}
	if sid || seen&duidSign != 0 {
		b.settleShared(pairs, siteGiven, sid, seen&duidSign != 0)
	}
}

// settleShared gives sid, vid and cid the meaning they have beside others.
func (b *Beacon) settleShared(pairs []pair, siteGiven, sid, duid bool) {
	for i := range pairs {
		p := &pairs[i]
		switch p.place {
		case place{siteField, rankSid}:
			if siteGiven && b.names.sessions {
				p.place = place{sessionField, 1}
			}
		case place{visitorField, rankVid}:
			if duid && isCount(p.val) {
				p.place = place{}
			}
		case place{visitorField, rankCid}:
			if sid && !siteGiven && isDigits(p.val) {
				p.place = place{}
			}
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
// best pair: rank decides between names of one field, place between pairs of
// one name. A value that does not convert leaves the field to the next best;
// who loses goes to params.
func (r *Result) contest(rec *event.Record, pairs []pair, from, to field) {
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
				r.trace.pair(rec, r, pairs, i)
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

// sources are the parameters of a hit as the fields of a spec read them.
type sources struct {
	queryOf, bodyOf, pageOf params
	plan                    extract.Scratch
}

// params are pairs that fields can find and take.
type params struct{ pairs []pair }

// Find implements extract.Params.
func (l *params) Find(name string) (value string, place int) {
	for i := range l.pairs {
		if p := &l.pairs[i]; p.key == name && p.val != "" {
			return p.val, i
		}
	}
	return "", -1
}

// Take implements extract.Params.
func (l *params) Take(place int) { l.pairs[place].used = true }
