package statement

import (
	"slices"
	"strconv"
	"strings"

	"pixelctl/pkg/beacon"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/spec"
)

// Finding is one setting that a strict reading would change.
type Finding struct {
	Setting string `json:"setting"` // key of the spec, such as privacy.ip
	Now     string `json:"now"`
	Strict  string `json:"strict"` // what to write instead
	Why     string `json:"why"`
}

// Days that authorities' guidance names: CNIL's on audience measurement has 13
// months for a cookie and 25 months for what is recorded with it.
const (
	strictCookie = 396
	strictRows   = 760
)

// Check compares a spec with a strict reading of the GDPR and of the ePrivacy
// Directive. It knows the settings, not who runs the stack and what for, so a
// finding is a question, and none is no proof. retentionDays is what the stack
// runs with; 0 is for ever.
func Check(s spec.Spec, retentionDays int) []Finding {
	p := s.Privacy.Filled()
	var found []Finding
	for _, c := range slices.Concat(modes(p), signals(p), columns(s), retention(p, retentionDays), fields(s), besideHash(s)) {
		if c.met {
			found = append(found, c.Finding)
		}
	}
	return found
}

// check is a finding, and whether it applies.
type check struct {
	met bool
	Finding
}

func modes(p spec.Privacy) []check {
	return []check{
		{p.IP == spec.IPFull, Finding{"privacy.ip", p.IP, spec.None + " (or " + spec.IPTruncate + ")", "a whole address is personal data: with the provider's records it leads to a line (CJEU C-582/14)"}},
		{p.IP == spec.IPTruncate, Finding{"privacy.ip", p.IP, spec.None, "a /24 holds up to 256 lines, but a /48 of IPv6 can be one customer's (RFC 6177)"}},
		{p.IP == spec.Hash, Finding{"privacy.ip", p.IP, spec.None, "until the day's key is gone, a hash is a pseudonym: whoever has the key can try all addresses"}},
		{p.User == spec.Keep, Finding{"privacy.user", p.User, spec.None + " (or " + spec.Hash + ")", "the id joins all hits of a person with what the owner's systems know of them"}},
		{p.User == spec.Hash, Finding{"privacy.user", p.User, spec.None, "until the day's key is gone, a hash is a pseudonym: whoever has the key can try all known ids"}},
		{p.Visitor == spec.VisitorOfPage, Finding{"privacy.visitor", p.Visitor, spec.None, "ids that a page keeps in the browser join the visits of a person; reading them is access to the device (ePrivacy Directive, Art. 5(3))"}},
		{p.Visitor == spec.VisitorDaily, Finding{"privacy.visitor", p.Visitor, spec.None, "the hash of address and browser tells a person from others for a day; what the page says is stored as well"}},
		{p.UserAgent == spec.Full, Finding{"privacy.user_agent", p.UserAgent, spec.Class, "rare versions single out a device; class keeps browser, system and device"}},
		{p.Referrer == spec.Full, Finding{"privacy.referrer", p.Referrer, spec.Origin, "the address of the page before can hold names and search words"}},
	}
}

func signals(p spec.Privacy) []check {
	return []check{
		{p.GPC == spec.Record, Finding{"privacy.gpc", p.GPC, spec.Strip, "Global Privacy Control is an objection that some laws bind to (California, CCPA regulations § 7025)"}},
		{p.DNT == spec.Record, Finding{"privacy.dnt", p.DNT, spec.Strip, "Do Not Track can be read as an objection by automated means (GDPR, Art. 21(5))"}},
		{p.Consent.Require == "", Finding{"privacy.consent.require", "nothing", "gdpr_consent", "the EDPB's Guidelines 2/2023 count tracking pixels among what the ePrivacy Directive, Art. 5(3), may ask consent for"}},
		{p.NetworkCookie, Finding{"privacy.network_cookie", "true", "false", "a cookie that is not needed for the service asks for consent first (ePrivacy Directive, Art. 5(3))"}},
		{p.NetworkCookie && p.CookieDays > strictCookie, Finding{"privacy.network_cookie.days", strconv.Itoa(p.CookieDays), strconv.Itoa(strictCookie), "CNIL's guidance on audience measurement names 13 months as the most"}},
	}
}

func columns(s spec.Spec) []check {
	keeps := func(column string) bool { return kept(s, column) != "" }
	dropped := func(column, why string) check {
		return check{keeps(column), Finding{"drop", column + " is kept", "drop: [" + column + "]", why}}
	}
	return []check{
		{keeps("params") && len(s.AllowParams) == 0, Finding{"allow_params", "every parameter", "the names that are needed", "whatever a page puts into its tag is stored: addresses of mail, names, search words"}},
		dropped("page_url", "it holds the page's whole query; page_host and page_path name the page"),
		dropped("page_query", "a page's query can hold names, addresses of mail and tokens"),
		dropped("click_id", "an ad network can tie its click id to a person"),
		dropped("city", "with time and browser a small town narrows down to few people"),
	}
}

func retention(p spec.Privacy, now int) []check {
	if p.RetentionDays != nil {
		now = *p.RetentionDays
	}
	setting := "privacy.retention"
	return []check{
		{now <= 0, Finding{setting, "for ever", "as few days as the purpose needs", "personal data may be kept no longer than its purpose needs (GDPR, Art. 5(1)(e))"}},
		{now > strictRows, Finding{setting, strconv.Itoa(now), strconv.Itoa(strictRows) + " or less", "CNIL's guidance on audience measurement names 25 months as the most"}},
	}
}

// fields asks about own columns that take what a mode or strip takes away.
func fields(s spec.Spec) []check {
	var out []check
	for _, f := range s.Fields {
		if f.Retired {
			continue
		}
		setting := "fields." + f.Name
		out = append(
			out,
			check{!f.Personal && tellsOfPerson(f), Finding{setting + ".personal", "false", "true", "its source tells about a person; only a personal column is left out when a hit is stripped"}},
			check{f.Personal && f.Description == "", Finding{setting + ".description", "none", "what it is for", "the statement names a personal column without saying what it holds"}},
			check{f.Personal && takes(f, spec.FromPath) && kept(s, "label") != "", Finding{"drop", "label is kept", "drop: [label]", setting + " is personal and reads the path, whose second part also stands in label"}},
		)
	}
	return out
}

// besideHash finds columns that hold whole what an own field keeps as a hash.
func besideHash(s spec.Spec) []check {
	var out []check
	personal := privacy.PersonalColumns(spec.Spec{})
	for _, shared := range beacon.SharedNames(s) {
		i := slices.IndexFunc(s.Fields, func(f spec.Field) bool { return f.Name == shared.Field })
		tells := slices.ContainsFunc(personal, func(c privacy.Anonymous) bool { return c.Column == shared.Column })
		hashed := slices.ContainsFunc(privacy.Active(s), func(m privacy.Mode) bool { return privacy.Effect(m, shared.Column) == privacy.Hashed })
		strict := "drop: [" + shared.Column + "]"
		switch shared.Column {
		case "user_id":
			strict = "privacy.user: " + spec.None
		case "visitor_id":
			strict = "privacy.visitor: " + spec.None
		}
		out = append(out, check{
			s.Fields[i].Hashed() && tells && !hashed && kept(s, shared.Column) != "",
			Finding{
				"fields." + shared.Field + ".transform", "a hash of " + shared.Param + ", beside " + shared.Column, strict,
				"the row also holds what was hashed: column " + shared.Column + " takes the same parameter, so the hash hides nobody",
			},
		})
	}
	return out
}

// personalNames are parameters and headers that name a person or a device, in
// lower case.
var personalNames = []string{
	"uid", "userid", "user_id", "vid", "duid", "cid", "anonymousid", "sess", "mid", "eid", "email", "mail", "phone", "name",
	"user-agent", "x-forwarded-for", "forwarded", "authorization", "from", "referer",
}

// tellsOfPerson says whether a source of f is known to tell about a person. A
// cookie is always taken to.
func tellsOfPerson(f spec.Field) bool {
	return takes(f, spec.FromCookie) || slices.ContainsFunc(f.Sources, func(s spec.Source) bool {
		return s.Kind != spec.Constant && slices.ContainsFunc(s.Names, func(n string) bool {
			return slices.Contains(personalNames, strings.ToLower(n))
		})
	})
}

func takes(f spec.Field, kind spec.SourceKind) bool {
	return slices.ContainsFunc(f.Sources, func(s spec.Source) bool { return s.Kind == kind })
}
