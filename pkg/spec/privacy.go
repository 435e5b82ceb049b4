package spec

import "pixelctl/pkg/fault"

// Privacy is what becomes of what tells about a person. An empty mode is the
// default, which the comments name first.
type Privacy struct {
	IP            string  `json:"ip,omitempty"`         // truncate (/24, /48), full, hash, none
	User          string  `json:"user,omitempty"`       // keep, hash, none: column user_id
	Visitor       string  `json:"visitor,omitempty"`    // page (what the page says), daily (else a hash that lasts a day), none
	UserAgent     string  `json:"user_agent,omitempty"` // full, class (browser, os and device only)
	Referrer      string  `json:"referrer,omitempty"`   // full, origin, none
	GPC           string  `json:"gpc,omitempty"`        // strip, record, drop: what Sec-GPC: 1 does
	DNT           string  `json:"dnt,omitempty"`        // record, strip, drop: what DNT: 1 does
	Consent       Consent `json:"consent,omitzero"`
	NetworkCookie bool    `json:"network_cookie,omitempty"` // a signed cookie of the collector's own
	CookieDays    int     `json:"cookie_days,omitempty"`    // its life, 1 to 396; 0 = 365
	RetentionDays *int    `json:"retention_days,omitempty"` // days until rows are deleted; nil leaves the stack's setting
}

// Consent is what a hit must bring to be recorded with its person.
type Consent struct {
	Require string `json:"require,omitempty"` // gdpr_consent, gpp, or the name of a parameter; empty = nothing
	Without string `json:"without,omitempty"` // strip, drop: what becomes of a hit without it
}

// Modes of Privacy.
const (
	IPTruncate    = "truncate"
	IPFull        = "full"
	Hash          = "hash"
	None          = "none"
	Keep          = "keep"
	VisitorOfPage = "page"
	VisitorDaily  = "daily"
	Full          = "full"
	Class         = "class"
	Origin        = "origin"
	Strip         = "strip"
	Record        = "record"
	DropHit       = "drop"
)

// Filled returns p with every empty mode replaced by its default.
func (p Privacy) Filled() Privacy {
	for _, m := range []struct {
		mode *string
		or   string
	}{
		{&p.IP, IPTruncate},
		{&p.User, Keep},
		{&p.Visitor, VisitorOfPage},
		{&p.UserAgent, Full},
		{&p.Referrer, Full},
		{&p.GPC, Strip},
		{&p.DNT, Record},
		{&p.Consent.Without, Strip},
	} {
		if *m.mode == "" {
			*m.mode = m.or
		}
	}
	if p.CookieDays == 0 {
		p.CookieDays = 365
	}
	return p
}

// NeedsSecret says whether a mode needs the stack's secret: keys of a day, or
// the key of the cookie.
func (p Privacy) NeedsSecret() bool {
	return p.IP == Hash || p.User == Hash || p.Visitor == VisitorDaily || p.NetworkCookie
}

// Retention returns the days after which rows are deleted: those of p, or of
// the flag of a deploy where p names none; nil where neither does. Two that
// differ are refused with fault.Usage.
func (p Privacy) Retention(flag *int) (*int, error) {
	if p.RetentionDays == nil {
		return flag, nil
	}
	if flag != nil && *flag != *p.RetentionDays {
		return nil, fault.New(fault.Usage, "setting retention: privacy.retention says %d days, --retention %d", *p.RetentionDays, *flag).
			WithHint("leave --retention out, or change retention under privacy in pixelctl.yaml")
	}
	return p.RetentionDays, nil
}

// Strictest keeps nothing of a person: what a collector falls back to that
// cannot read its spec.
func Strictest() Privacy {
	return Privacy{
		IP: None, User: None, Visitor: None, UserAgent: Class, Referrer: None,
		GPC: DropHit, DNT: DropHit,
	}
}
