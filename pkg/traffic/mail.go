package traffic

import "strconv"

const mailPool = 9000 // people that mailings go to

// mailHit is a mail that is opened, or loaded ahead by a proxy. Neither page
// nor visitor are known, only the recipient and the mailing.
func (g *generator) mailHit(h *Hit, m moment) {
	c := g.pick(mailings, m)
	h.Header = mailAgents[g.mail.pick(g.hit)].header("")
	var p pairs
	h.Path = pixelPath(&p, g.o.Site, "open")
	p.add("event", "open")
	c.add(&p)
	p.add("mid", c.name+"-"+strconv.Itoa(1+g.hit.IntN(2))) // two versions of each mailing
	p.add("uid", userName(g.hit.IntN(mailPool)))
	g.tail(&p, h, m)
	h.asImage(&p)
}

// botHit is a crawler, a link preview or a script. Half of them tell the page.
func (g *generator) botHit(h *Hit, m moment) {
	pg := pages[g.pages.pick(g.hit)]
	h.Header = botAgents[g.bots.pick(g.hit)].header("")
	if g.hit.chance(50) {
		h.Header.Set("Referer", pg.origin+pg.path)
	}
	var p pairs
	h.Path = pixelPath(&p, g.o.Site, pg.label)
	p.add("utm_campaign", g.o.Campaign)
	g.tail(&p, h, m)
	h.asImage(&p)
	h.Header.Set("Accept", "*/*")
}
