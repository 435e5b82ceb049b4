package traffic

import (
	"iter"
	"strconv"
	"time"
)

// Generate makes o.Count hits in the order of their client times. Options
// that Validate refuses give no hits worth sending. The hits depend on Seed,
// Count, Days, Profile, Campaign and Site; Now and Rate only move At and the
// ts parameter.
func Generate(o Options) iter.Seq[Hit] {
	o = o.withDefaults()
	return func(yield func(Hit) bool) {
		g := newGenerator(o, o.Now().UTC())
		for n := range o.Count {
			if !yield(g.make(n)) {
				return
			}
		}
	}
}

// generator makes the hits one after the other.
type generator struct {
	o      Options
	clock  *clock
	hit    random // of the current hit
	person random // of the visitor of the current hit

	pages, browsers, mail, bots, languages, screens wheel
}

func newGenerator(o Options, now time.Time) *generator {
	weights := func(agents []agent) wheel {
		return newWheel(len(agents), func(i int) float64 { return agents[i].weight })
	}
	return &generator{
		o: o, clock: newClock(o, now), hit: newRandom(), person: newRandom(),
		pages:    newWheel(len(pages), zipf),
		browsers: weights(browsers), mail: weights(mailAgents), bots: weights(botAgents),
		languages: newWheel(len(languages), zipf),
		screens:   newWheel(len(desktopScreens), zipf),
	}
}

// moment is where a hit stands in the window.
type moment struct {
	day  int
	part float64 // of the day's hits that came before
	ts   string  // milliseconds since 1970
}

func (g *generator) make(n int) Hit {
	g.hit.seed(g.o.Seed, streamHit, uint64(n)) //nolint:gosec // n counts from 0
	h := Hit{
		ID: "synthetic-" + strconv.FormatUint(g.o.Seed, 10) + "-" + strconv.Itoa(n+1),
		At: g.clock.next(n),
	}
	var m moment
	m.day, m.part = g.clock.place(n)
	m.ts = strconv.FormatInt(h.At.UnixMilli(), 10)
	switch g.profile() {
	case Mail:
		g.mailHit(&h, m)
	case Bots:
		g.botHit(&h, m)
	case Web, Mixed:
		g.webHit(&h, m)
	}
	return h
}

func (g *generator) profile() Profile {
	if g.o.Profile != Mixed {
		return g.o.Profile
	}
	switch n := g.hit.IntN(100); {
	case n < 80:
		return Web
	case n < 92:
		return Mail
	}
	return Bots
}

// pick chooses among the campaigns that run at m. A campaign given by the
// caller stands for all of them, with its source kept.
func (g *generator) pick(from []campaign, m moment) campaign {
	at := float64(m.day) + m.part
	c := from[newWheel(len(from), func(i int) float64 { return from[i].share(at, g.o.Days) }).pick(g.hit)]
	if g.o.Campaign != "" {
		c.name = g.o.Campaign
	}
	return c
}

// tail adds what each hit ends with.
func (g *generator) tail(p *pairs, h *Hit, m moment) {
	p.add("eid", h.ID)
	p.add("ts", m.ts)
	p.add("rnd", strconv.FormatUint(g.hit.Uint64(), 36))
}

func (c campaign) add(p *pairs) {
	p.add("utm_source", c.source)
	p.add("utm_medium", c.medium)
	p.add("utm_campaign", c.name)
}
