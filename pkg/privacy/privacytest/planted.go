// Package privacytest plants values that tell about a person into every input
// of a hit, and knows from the table of package privacy which of them a mode
// lets stay. Whoever stores hits sends a case's request and looks for the
// forbidden values in every byte that it stored.
package privacytest

import (
	"net/http"
	"net/netip"
	"slices"

	"pixelctl/pkg/event"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/spec"
)

// Value is one planted text.
type Value struct {
	Text    string
	Columns []string // where it comes to stand; none: it is never stored
	InPath  bool     // of a URL, in the path: strip cuts behind it
	Lost    string   // the column that another value won: what hides that column hides this
}

// The planted texts. No two share a part that a search would confuse.
const (
	user      = "planted-user-ka81"
	visitor   = "planted-visitor-lb72"
	session   = "planted-session-mc63"
	eventID   = "planted-client-event-nd54"
	message   = "planted-message-oe45"
	click     = "planted-click-pf36"
	pageQuery = "planted-page-query-qg27"
	pageHash  = "planted-page-fragment-rh18"
	refPath   = "planted-referrer-path-si09"
	refQuery  = "planted-referrer-query-tj91"
	agent     = "PlantedAgent-uk82"
	param     = "planted-param-vl73"
	guest     = "planted-guest-wm64"
	hotel     = "planted-hotel-xn55"
	consent   = "planted-consent-yo46"
	cookie    = "planted-cookie-zp37"
	secret    = "planted-authorization-aq28"
	city      = "planted-city-br19"
	network   = "planted-network-cs10"
	userToo   = "planted-second-user-dt01"
	refToo    = "planted-second-referrer-eu92"
	forwarded = "198.51.100.201" // what a client says of itself
	peer      = "203.0.113.77"
)

// Names of the own columns: one that is personal, one that is not.
const (
	Guest = "guest_mail"
	Hotel = "hotel"
)

// Values returns all planted texts. Those of network_id and city are only in
// Record: a request alone does not fill these columns. Those that lost are only
// in the request: the beacon leaves out what the policy hides.
func Values() []Value {
	return []Value{
		{Text: user, Columns: []string{"user_id"}},
		{Text: visitor, Columns: []string{"visitor_id"}},
		{Text: network, Columns: []string{"network_id"}},
		{Text: session, Columns: []string{"session_id"}},
		{Text: eventID, Columns: []string{"client_event_id"}},
		{Text: message, Columns: []string{"message_id"}},
		{Text: click, Columns: []string{"click_id"}},
		{Text: pageQuery, Columns: []string{"page_url", "page_query"}},
		{Text: pageHash, Columns: []string{"page_url"}},
		{Text: refPath, Columns: []string{"referrer_url"}, InPath: true},
		{Text: refQuery, Columns: []string{"referrer_url"}},
		{Text: agent, Columns: []string{"user_agent"}},
		{Text: param, Columns: []string{"params"}},
		{Text: guest, Columns: []string{Guest, "params"}},
		{Text: hotel, Columns: []string{Hotel, "params"}},
		{Text: userToo, Columns: []string{"params"}, Lost: "user_id"},
		{Text: refToo, Columns: []string{"params"}, Lost: "referrer_url"},
		{Text: city, Columns: []string{"city"}},
		{Text: peer, Columns: []string{"ip"}},
		{Text: consent},
		{Text: cookie},
		{Text: secret},
		{Text: forwarded},
	}
}

// Case is a hit full of planted texts and the spec that it meets.
type Case struct {
	Name   string
	Modes  []privacy.Mode // those in force; of a record nothing else is changed
	Spec   spec.Spec
	Method string
	Target string // path and query
	Header http.Header
	Peer   netip.Addr // client's address
}

// Cases returns a hit that is stored as it came, one for each mode alone, one
// for the default spec and one for all that a spec can do away with.
func Cases() []Case {
	cases := []Case{newCase("open")}
	for _, m := range privacy.Modes() {
		cases = append(cases, newCase(string(m), m))
	}
	byDefault := newCase("default", privacy.IPTruncate)
	byDefault.Spec.Privacy = spec.Privacy{}
	strict := newCase("strict", privacy.IPNone, privacy.UserNone, privacy.VisitorNone, privacy.UserAgentClass, privacy.ReferrerNone)
	return append(cases, byDefault, strict)
}

func newCase(name string, modes ...privacy.Mode) Case {
	c := Case{
		Name: name, Modes: modes, Spec: Spec(modes...),
		Method: http.MethodGet, Target: target(), Header: header(), Peer: netip.MustParseAddr(peer),
	}
	if slices.Contains(modes, privacy.Stripped) || slices.Contains(modes, privacy.Dropped) {
		c.Header.Set("Sec-Gpc", "1")
	}
	return c
}

// target takes care of one thing: sess, not sid, and duid, not vid, so that no
// family of names decides.
func target() string {
	return "/p.gif?site=shop&uid=" + user + "&duid=" + visitor + "&sess=" + session + "&eid=" + eventID +
		"&mid=" + message + "&clid=" + click + "&x=" + param + "&guest=" + guest + "&hotel=" + hotel +
		"&gdpr_consent=" + consent + "&userid=" + userToo + "&urlref=https%3A%2F%2Fold.example%2F" + refToo +
		"&url=https%3A%2F%2Fshop.example%2Frooms%3Fq%3D" + pageQuery + "%23" + pageHash +
		"&ref=https%3A%2F%2Fsearch.example%2F" + refPath + "%3Fq%3D" + refQuery
}

func header() http.Header {
	return http.Header{
		"User-Agent":      {"Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0 " + agent},
		"Accept-Language": {"de-DE,de;q=0.9"},
		"Cookie":          {"other=" + cookie},
		"Authorization":   {"Bearer " + secret},
		"X-Forwarded-For": {forwarded},
	}
}

// Spec returns a spec that stores everything as it comes, but for these modes,
// with the two own columns.
func Spec(modes ...privacy.Mode) spec.Spec {
	p := spec.Privacy{IP: spec.IPFull, GPC: spec.Record}
	for _, m := range modes {
		set(&p, m)
	}
	own := func(name, parameter string, personal bool) spec.Field {
		return spec.Field{
			Name: name, Type: event.String, Personal: personal,
			Sources: []spec.Source{{Kind: spec.FromQuery, Names: []string{parameter}}},
		}
	}
	return spec.Spec{Privacy: p, Fields: []spec.Field{own(Guest, "guest", true), own(Hotel, "hotel", false)}}
}

// set puts a mode into a spec's privacy.
func set(p *spec.Privacy, m privacy.Mode) {
	switch m {
	case privacy.IPTruncate:
		p.IP = spec.IPTruncate
	case privacy.IPHash:
		p.IP = spec.Hash
	case privacy.IPNone:
		p.IP = spec.None
	case privacy.UserHash:
		p.User = spec.Hash
	case privacy.UserNone:
		p.User = spec.None
	case privacy.VisitorDaily:
		p.Visitor = spec.VisitorDaily
	case privacy.VisitorNone:
		p.Visitor = spec.None
	case privacy.UserAgentClass:
		p.UserAgent = spec.Class
	case privacy.ReferrerOrigin:
		p.Referrer = spec.Origin
	case privacy.ReferrerNone:
		p.Referrer = spec.None
	case privacy.Stripped:
		p.GPC = spec.Strip
	case privacy.Dropped:
		p.GPC = spec.DropHit
	}
}

// Forbidden returns the planted texts that may not be stored anywhere.
func (c Case) Forbidden() []string { return c.values(false) }

// Allowed returns those that may be, and in a record that keeps every column
// are.
func (c Case) Allowed() []string { return c.values(true) }

func (c Case) values(stay bool) []string {
	var texts []string
	for _, v := range Values() {
		stays := slices.ContainsFunc(v.Columns, func(column string) bool {
			return !slices.ContainsFunc(c.Modes, func(m privacy.Mode) bool { return !c.keeps(m, column, v) })
		})
		if stays == stay {
			texts = append(texts, v.Text)
		}
	}
	return texts
}

// keeps says whether a mode leaves a planted text in a column.
func (c Case) keeps(m privacy.Mode, column string, v Value) bool {
	action := privacy.Effect(m, column)
	if lost := privacy.Effect(m, v.Lost); v.Lost != "" && m != privacy.Dropped && lost != privacy.Kept {
		action = lost
	}
	for _, f := range c.Spec.Fields {
		if f.Name == column {
			action = privacy.EffectOn(m, f)
		}
	}
	switch action {
	case privacy.Cut:
		return m == privacy.Stripped && v.InPath
	case privacy.Told: // visitor: daily leaves what the page says
		return m == privacy.VisitorDaily
	case privacy.Kept:
		return true
	case privacy.Hashed, privacy.Blank:
	}
	return false
}
