// Package privacy decides what a record keeps of the person behind a hit. One
// table (rules) says what each mode does to each column; the policy that runs,
// the documentation and the tests are read from it. It does no I/O.
package privacy

import (
	"net/netip"
	"slices"
	"strings"

	"pixelctl/pkg/event"
	"pixelctl/pkg/spec"
)

// Values that a policy writes.
const (
	ipModeFull   = "full"   // ip_mode
	ipModeHashed = "hashed" // ip_mode
	ipModeNone   = "none"   // ip_mode

	droppedStatus = "dropped:" // status, before the reason
)

// Facts are what a policy must know of a hit that its record does not hold.
type Facts struct {
	Peer    netip.Addr   // client address the host trusts; zero is unknown
	Time    event.Millis // when the host got the request: the day of the keys
	Consent bool         // what Policy.Consent names came with the hit, and ConsentGiven says yes
	Keys    Keys         // nil: none to be had
}

// Outcome is what a policy made of a hit.
type Outcome struct {
	Dropped  string // why the record keeps nothing but the fact of a hit: gpc, dnt or consent
	Stripped string // why its personal columns are blank: gpc, dnt or consent
	NoKey    bool   // a hash was asked for and no key could be had: the column is blank
}

// Identified says whether the hit may be tied to a person: only then may the
// answer set the network cookie.
func (o Outcome) Identified() bool { return o.Dropped == "" && o.Stripped == "" }

// Policy is a spec's privacy, ready to run. It is safe for concurrent use.
type Policy struct {
	modes    spec.Privacy
	active   []Mode
	blank    []event.Column // by the modes that are set
	stripped []event.Column // blank in a stripped record
	cut      []event.Column // URLs without their query in a stripped record
	dropped  []event.Column // blank in a dropped record
	personal []string       // own columns
}

// New returns the policy of a spec. A mode that it does not know counts as the
// strictest of its key.
func New(s spec.Spec) *Policy {
	p := &Policy{
		modes:    known(s.Privacy.Filled()),
		active:   Active(s),
		stripped: touched(Stripped, Blank),
		cut:      touched(Stripped, Cut),
		dropped:  touched(Dropped, Blank),
	}
	for _, m := range p.active {
		p.blank = append(p.blank, touched(m, Blank)...)
	}
	for _, f := range s.Fields {
		if f.Personal {
			p.personal = append(p.personal, f.Name)
		}
	}
	return p
}

// known replaces modes that are none by the strictest of their key.
func known(p spec.Privacy) spec.Privacy {
	for _, m := range []struct {
		mode *string
		key  string
	}{
		{&p.IP, "ip"},
		{&p.User, "user"},
		{&p.Visitor, "visitor"},
		{&p.UserAgent, "user_agent"},
		{&p.Referrer, "referrer"},
		{&p.GPC, "gpc"},
		{&p.DNT, "dnt"},
		{&p.Consent.Without, "consent.without"},
	} {
		if modes := spec.Modes(m.key); !slices.Contains(modes, *m.mode) {
			*m.mode = modes[len(modes)-1]
		}
	}
	return p
}

// Active returns the modes that a spec sets for every hit; those that are not
// in the table leave a record as it came.
func Active(s spec.Spec) []Mode {
	p := known(s.Privacy.Filled())
	return []Mode{
		Mode("ip: " + p.IP), Mode("user: " + p.User), Mode("visitor: " + p.Visitor),
		Mode("user_agent: " + p.UserAgent), Mode("referrer: " + p.Referrer),
	}
}

// Consent returns the name of the parameter that a hit must bring; "" when
// none is required.
func (p *Policy) Consent() string { return p.modes.Consent.Require }

// Hides says whether a mode that is set for every hit changes or blanks a
// column: a second value for it, which a request can bring under another name,
// must not be stored elsewhere.
func (p *Policy) Hides(column string) bool {
	return slices.ContainsFunc(p.active, func(m Mode) bool {
		action := Effect(m, column)
		return action == Cut || action == Hashed || action == Blank
	})
}

// Apply makes of a record, whose columns hold what the request said, what the
// spec keeps. The address comes from f: what rec.IP held is replaced. Apply
// stands after everything that reads personal columns (classes, own fields)
// and before Trim; a dropped or stripped hit also loses its own columns.
func (p *Policy) Apply(rec *event.Record, f Facts) Outcome {
	verdict, reason := p.verdict(rec, f)
	switch verdict {
	case spec.DropHit:
		p.Drop(rec, reason)
		return Outcome{Dropped: reason}
	case spec.Strip:
		p.strip(rec)
		return Outcome{Stripped: reason}
	}
	var out Outcome
	day := hashing{peer: f.Peer.Unmap().WithZone(""), time: f.Time, keys: f.Keys}
	if p.modes.Visitor == spec.VisitorDaily && rec.VisitorID == "" {
		rec.VisitorID = day.visitor(rec) // before address and user agent are cut
	}
	p.address(rec, &day)
	if p.modes.User == spec.Hash {
		rec.UserID = day.user(rec.UserID)
	}
	if p.modes.Referrer == spec.Origin {
		rec.ReferrerURL = origin(rec.ReferrerURL)
	}
	clearAll(rec, p.blank)
	out.NoKey = day.missed
	return out
}

// verdict returns what becomes of the hit and why: drop before strip, and of
// equal ones the first of gpc, dnt and consent.
func (p *Policy) verdict(rec *event.Record, f Facts) (verdict, reason string) {
	verdict = spec.Record
	for _, v := range [...]struct {
		met          bool
		mode, reason string
	}{
		{rec.GPC, p.modes.GPC, "gpc"},
		{rec.DNT, p.modes.DNT, "dnt"},
		{p.modes.Consent.Require != "" && !f.Consent, p.modes.Consent.Without, "consent"},
	} {
		switch {
		case !v.met || v.mode == spec.Record:
		case v.mode == spec.DropHit:
			return v.mode, v.reason
		case verdict == spec.Record:
			verdict, reason = v.mode, v.reason
		}
	}
	return verdict, reason
}

// strip takes the person out of a record.
func (p *Policy) strip(rec *event.Record) {
	clearAll(rec, p.stripped)
	for i := range p.cut {
		if s := p.cut[i].Text(rec); s != nil {
			*s = withoutQuery(*s)
		}
	}
	rec.IPMode = ipModeNone
	if len(p.personal) > 0 {
		rec.Fields = slices.DeleteFunc(rec.Fields, func(v event.Value) bool {
			return slices.Contains(p.personal, v.Field.Name)
		})
	}
}

// Drop leaves of a record that there was a hit, and why no more is kept: one
// word, such as site.
func (p *Policy) Drop(rec *event.Record, reason string) {
	clearAll(rec, p.dropped)
	rec.Fields = nil
	switch reason { // the usual ones without an allocation
	case "gpc":
		rec.Status = droppedStatus + "gpc"
	case "dnt":
		rec.Status = droppedStatus + "dnt"
	case "consent":
		rec.Status = droppedStatus + "consent"
	case "site":
		rec.Status = droppedStatus + "site"
	default:
		rec.Status = droppedStatus + reason
	}
}

func clearAll(rec *event.Record, columns []event.Column) {
	for i := range columns {
		columns[i].Clear(rec)
	}
}

// address sets ip and ip_mode. A hit whose client is unknown has neither,
// unless the mode is none.
func (p *Policy) address(rec *event.Record, day *hashing) {
	rec.IP, rec.IPMode = "", ""
	switch {
	case p.modes.IP == spec.None:
		rec.IPMode = ipModeNone
	case !day.peer.IsValid():
	case p.modes.IP == spec.IPTruncate:
		rec.IP, rec.IPMode = network(day.peer).String(), event.IPTruncated
	case p.modes.IP == spec.IPFull:
		rec.IP, rec.IPMode = day.peer.String(), ipModeFull
	case p.modes.IP == spec.Hash:
		rec.IP, rec.IPMode = day.address(), ipModeHashed
		if rec.IP == "" {
			rec.IPMode = ipModeNone
		}
	}
}

// ConsentGiven says whether the value of the required parameter is a yes. Only
// its presence is judged, a TCF or GPP string is not decoded; a word for no
// and a macro that nobody replaced are no consent.
func ConsentGiven(value string) bool {
	switch strings.ToLower(value) {
	case "", "0", "false", "no", "off", "none", "null", "undefined", "denied":
		return false
	}
	return !strings.ContainsAny(value, "${}[]<>%")
}
