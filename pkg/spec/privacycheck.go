package spec

import (
	"slices"
	"strings"
)

// Limits of Privacy.
const (
	maxCookieDays    = 396    // 13 months, the most that supervisors accept for a cookie
	maxRetentionDays = 36_500 // a hundred years
)

// Modes returns the modes of a key of privacy, the default first and the
// strictest last, or nil for a key that has none.
func Modes(key string) []string {
	switch key {
	case "ip":
		return []string{IPTruncate, IPFull, Hash, None}
	case "user":
		return []string{Keep, Hash, None}
	case "visitor":
		return []string{VisitorOfPage, VisitorDaily, None}
	case "user_agent":
		return []string{Full, Class}
	case "referrer":
		return []string{Full, Origin, None}
	case "gpc":
		return []string{Strip, Record, DropHit}
	case "dnt":
		return []string{Record, Strip, DropHit}
	case "consent.without":
		return []string{Strip, DropHit}
	}
	return nil
}

// modes are the keys of p that have one, with their value.
func (p Privacy) modes() [][2]string {
	return [][2]string{
		{"ip", p.IP},
		{"user", p.User},
		{"visitor", p.Visitor},
		{"user_agent", p.UserAgent},
		{"referrer", p.Referrer},
		{"gpc", p.GPC},
		{"dnt", p.DNT},
		{"consent.without", p.Consent.Without},
	}
}

func (p Privacy) check(ps *problems) {
	for _, m := range p.modes() {
		if key, mode := m[0], m[1]; mode != "" && !slices.Contains(Modes(key), mode) {
			ps.add("privacy."+key, "privacy.%s: unknown mode %q", key, mode).near(mode, Modes(key))
		}
	}
	p.checkConsent(ps)
	if p.CookieDays < 0 || p.CookieDays > maxCookieDays {
		ps.add("privacy.cookie_days", "privacy.network_cookie: %d days, 1 to %d are possible", p.CookieDays, maxCookieDays).
			hint("%d days are 13 months, the most that supervisors of privacy accept", maxCookieDays)
	}
	if d := p.RetentionDays; d != nil && (*d < 0 || *d > maxRetentionDays) {
		ps.add("privacy.retention_days", "privacy.retention: %d days, 0 to %d are possible", *d, maxRetentionDays).hint("0 keeps rows for ever")
	}
}

func (p Privacy) checkConsent(ps *problems) {
	c := p.Consent
	if c.Require == "" {
		if c.Without == DropHit {
			ps.add("privacy.consent.without", "privacy.consent.without: drop without require would drop nothing").
				hint("add require: gdpr_consent, or the name of your parameter")
		}
		return
	}
	if why := badParam(c.Require); why != "" {
		ps.add("privacy.consent.require", "privacy.consent.require: %q %s", head(c.Require), why).
			hint("gdpr_consent, gpp, or the name of a parameter")
	}
}

// checkTogether refuses keys that contradict each other.
func (s Spec) checkTogether(ps *problems) {
	if s.Privacy.NetworkCookie && slices.Contains(s.Drop, "network_id") {
		ps.add("privacy.network_cookie", "privacy.network_cookie: the cookie would be set and its column network_id dropped").
			hint("switch network_cookie off, or take network_id out of drop")
	}
	for i, f := range s.Fields {
		if f.Retired {
			continue
		}
		for j, src := range f.Sources {
			s.checkRound(ps, at(at("fields", i)+".source", j), f, src)
		}
	}
}

// checkRound refuses a field that keeps what privacy takes away.
func (s Spec) checkRound(ps *problems, path string, f Field, src Source) {
	p := s.Privacy.Filled()
	switch {
	case src.Kind == FromHeader && p.IP != IPFull && slices.ContainsFunc(src.Names, isAddressHeader):
		ps.add(path, "field %s would hold the whole address that privacy.ip: %s does not keep", f.Name, p.IP).
			hint("leave the field out: column ip has the address as privacy.ip says; or set privacy.ip: full")
	case src.Kind == FromHeader && p.UserAgent == Class && slices.ContainsFunc(src.Names, func(n string) bool { return strings.EqualFold(n, "user-agent") }):
		ps.add(path, "field %s would hold the user agent that privacy.user_agent: class does not keep", f.Name).
			hint("leave the field out: browser, os and device say what it is; or set privacy.user_agent: full")
	case p.User != Keep && src.isParam() && slices.ContainsFunc(src.Names, isUserParam) && !f.Hashed():
		ps.add(path, "field %s would hold the user that privacy.user: %s does not keep", f.Name, p.User).
			hint("add transform {sha256: SALT}, take it from a parameter of its own, or set privacy.user: keep")
	}
}

func (src Source) isParam() bool {
	return src.Kind == FromQuery || src.Kind == FromBody || src.Kind == FromPage
}

// Hashed tells that the field keeps a hash of what it reads.
func (f Field) Hashed() bool {
	return slices.ContainsFunc(f.Transforms, func(t Transform) bool { return t.Kind == SHA256 })
}

// HiddenParams are the keys that params never keeps: those that are denied, and
// the names of parameters that a field keeps as a hash only. A second value of
// such a parameter, or one for a field that is retired, tells as much as the
// one that is hashed.
func (s Spec) HiddenParams() []string {
	names := slices.Clone(s.DenyParams)
	for _, f := range s.Fields {
		for _, src := range f.Sources {
			if !f.Hashed() || src.Kind != FromQuery && src.Kind != FromBody {
				continue
			}
			for _, name := range src.Names {
				if !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
	}
	return names
}

// isAddressHeader says whether a proxy writes the client's address there.
func isAddressHeader(name string) bool {
	return slices.Contains([]string{
		"x-forwarded-for", "forwarded", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip",
		"cloudfront-viewer-address", "fastly-client-ip", "x-cluster-client-ip",
	}, strings.ToLower(name))
}

// isUserParam says whether a page names its user there: the names of user_id.
func isUserParam(name string) bool {
	return slices.Contains([]string{"uid", "userid", "user_id", "userId"}, name)
}

// isVisitorParam says whether a page names a browser or a visit there.
func isVisitorParam(name string) bool {
	return slices.Contains([]string{"vid", "duid", "_id", "cid", "anonymousId", "sess"}, name)
}

// LikelyPersonal says whether a field tells about a person as long as nobody
// says otherwise: it comes from a cookie, a header or a parameter that names a
// user or a visitor, or somebody saw a reason to hash it.
func (f Field) LikelyPersonal() bool {
	return f.Hashed() || slices.ContainsFunc(f.Sources, func(src Source) bool {
		switch {
		case src.Kind == FromCookie, src.Kind == FromHeader:
			return true
		case src.isParam():
			return slices.ContainsFunc(src.Names, func(n string) bool { return isUserParam(n) || isVisitorParam(n) })
		}
		return false
	})
}
