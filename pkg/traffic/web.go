package traffic

import (
	"fmt"
	"strconv"
)

// webHit is a browser that shows a page: of 100 hits 40 come from the image
// tag, 50 from the script's beacon, 10 from the script's image.
func (g *generator) webHit(h *Hit, m moment) {
	v := g.visitor()
	pg := pages[g.pages.pick(g.hit)]
	c := g.pick(campaigns, m)
	h.Header = v.agent.header(v.language)
	if g.hit.chance(4) {
		h.Header.Set("Sec-Gpc", "1")
	}
	var p pairs
	h.Path = pixelPath(&p, g.o.Site, pg.label)
	p.add("event", pg.event)
	c.add(&p)
	p.add("uid", v.user)
	p.add("vid", v.id)
	p.add("sess", v.session(m.day))
	if pg.event == "booking" {
		g.booking(&p)
	}
	how := g.hit.IntN(100)
	if how < 40 {
		h.Header.Set("Referer", referer(pg, v.agent))
		g.tail(&p, h, m)
		h.asImage(&p)
		return
	}
	g.pageFacts(&p, pg, c, v)
	h.Header.Set("Referer", pg.origin+"/")
	g.tail(&p, h, m)
	if how < 90 {
		h.asBeacon(&p, pg.origin)
		return
	}
	h.asImage(&p)
}

// referer is what the image tag's referrerpolicy gets from the browser.
func referer(pg page, a agent) string {
	if a.cut {
		return pg.origin + "/"
	}
	return pg.origin + pg.path
}

// pageFacts are the parameters that only a script can know. Half of the
// visitors came to the page from the campaign, half from another page.
func (g *generator) pageFacts(p *pairs, pg page, c campaign, v visitor) {
	p.add("url", pg.origin+pg.path)
	p.add("title", pg.title)
	ref := c.referrer
	if g.hit.chance(50) {
		from := pages[g.pages.pick(g.hit)]
		ref = from.origin + from.path
	}
	p.add("ref", ref)
	p.add("res", v.screen)
}

// booking adds the price in euros and what was booked.
func (g *generator) booking(p *pairs) {
	nights := 1 + g.hit.IntN(3) + g.hit.IntN(3)
	cents := nights * (7900 + 100*g.hit.IntN(180))
	p.add("value", fmt.Sprintf("%d.%02d", cents/100, cents%100))
	p.add("currency", "EUR")
	p.add("nights", strconv.Itoa(nights))
	p.add("city", cities[g.hit.IntN(len(cities))])
}
