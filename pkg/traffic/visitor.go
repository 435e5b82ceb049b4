package traffic

import (
	"fmt"
	"math"
	"strconv"
)

const visitorPool = 4000 // people that web hits come from

// visitor is a person with one browser. The same number is the same person.
type visitor struct {
	id       string // 16 hex digits
	user     string // only of those who are logged in
	agent    agent
	language string
	screen   string
}

// visitor picks a person; a few come often and most once or twice.
func (g *generator) visitor() visitor {
	u := g.hit.Float64()
	n := uint64(math.Pow(u, 2.5) * visitorPool)
	r := g.person
	r.seed(g.o.Seed, streamVisitor, n)
	v := visitor{
		id:       fmt.Sprintf("%016x", r.Uint64()),
		agent:    browsers[g.browsers.pick(r)],
		language: languages[g.languages.pick(r)],
	}
	screens := desktopScreens
	if v.agent.mobile {
		screens = mobileScreens
	}
	v.screen = screens[g.screens.pick(r)]
	if r.chance(25) {
		v.user = userName(int(n)) //nolint:gosec // n is below visitorPool
	}
	return v
}

func userName(n int) string { return "u" + strconv.Itoa(10000+n) }

// session is the same for all hits of a visitor within a day.
func (v visitor) session(day int) string {
	return v.id[:8] + "-" + strconv.Itoa(day)
}
