package statement

import (
	"fmt"
	"strings"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/spec"
)

func people(Live) Section {
	return Section{"people", "About whom", []Block{
		text("About whoever opens a page or a message that shows the pixel, and about machines that do: crawlers, mail proxies, monitors. No list of people is kept beside the rows."),
		text("A row tells about a person where it holds an address, a name or number that the page gives a user, visitor or session, or a text such as a page's address that contains one."),
	}}
}

// changed says what happens to personal values before they are stored.
func changed(l Live) Section {
	p := l.Spec.Privacy
	items := []string{
		choose(p.IP, map[string]string{
			spec.IPFull:     "The address of the client (IP) is stored whole.",
			spec.IPTruncate: "The address of the client (IP) is cut before it is stored: to /24 (up to 256 addresses) or, for IPv6, /48.",
			spec.Hash:       "The address of the client (IP) is stored as a hash (HMAC-SHA256). The key changes each day. Without the key of its day nobody can tell which address it was, nor whether two days had the same.",
			spec.None:       "The address of the client (IP) is not stored.",
		}),
		choose(p.User, map[string]string{
			spec.Keep: "The user that a page names is stored as the page writes it.",
			spec.Hash: "The user that a page names is stored as a hash (HMAC-SHA256) with the key of the day: hits of one user can be joined within a day, not beyond.",
			spec.None: "The user that a page names is not stored.",
		}),
		choose(p.Visitor, map[string]string{
			spec.VisitorOfPage: "The visitor and the session that a page names are stored; where it names none, none is made up.",
			spec.VisitorDaily:  "The visitor and the session that a page names are stored; where it names no visitor, a hash of address, browser and site stands for one until the day ends.",
			spec.None:          "Visitor and session are not stored.",
		}),
		choose(p.UserAgent, map[string]string{
			spec.Full:  "The browser's full description of itself (user agent) is stored.",
			spec.Class: "Of the browser's description of itself only browser, operating system and kind of device are stored.",
		}),
		choose(p.Referrer, map[string]string{
			spec.Full:   "The address of the page before is stored as the page reports it.",
			spec.Origin: "Of the address of the page before only scheme and host are stored.",
			spec.None:   "The page before is not stored.",
		}),
		"The address of the page that shows the pixel is stored with its query, unless a hit is stripped (see below) or the column is left out.",
	}
	if len(l.Spec.Drop) > 0 {
		items = append(items, "These columns are always left empty: "+strings.Join(l.Spec.Drop, ", ")+".")
	}
	return Section{"changed", "What is cut, hashed or left out", []Block{{Items: items}}}
}

// choose returns the words for a mode, or the mode where there are none.
func choose(mode string, of map[string]string) string {
	if s, ok := of[mode]; ok {
		return s
	}
	return "Mode " + mode + "."
}

func cookies(l Live) Section {
	blocks := []Block{text("The collector sets no cookie.")}
	if p := l.Spec.Privacy; p.NetworkCookie {
		blocks = []Block{
			text(fmt.Sprintf("The collector sets one cookie, %s: a random number with a signature. It lasts %s from the first visit; later visits do not prolong it.",
				privacy.CookieName, days(p.CookieDays))),
			text("It is stored in column network_id. It is sent over HTTPS only, cannot be read by scripts, and is kept apart for each site that shows the pixel (Partitioned). A hit that is stripped or dropped (see below) neither gets it nor stores it."),
		}
	}
	var read []string
	for _, f := range l.Spec.Fields {
		for _, s := range f.Sources {
			if s.Kind == spec.FromCookie && !f.Retired {
				read = append(read, s.Names...)
			}
		}
	}
	if len(read) > 0 {
		blocks = append(blocks, text("Own columns read these cookies: "+strings.Join(read, ", ")+"."))
	} else {
		blocks = append(blocks, text("Other cookies are not read."))
	}
	return Section{"cookies", "Cookies", blocks}
}

func duration(l Live) Section {
	items := []string{"Rows: " + until(l.RetentionDays) + "."}
	if l.Target == "aws" && l.RetentionDays > 0 { // S3 lifecycle: days since the object's creation
		items = append(items, "These days count from when a file was written. Compaction, and the removal of other rows from a file, write it anew: for the rows that stay the days begin again.")
	}
	if l.Buffer > 0 {
		items = append(items, "Before they become a file, rows wait for up to "+span(l.Buffer)+".")
	}
	items = append(items,
		"Rows that could not be converted to a file of the table, which hold what is described above: "+until(l.ErrorsDays)+".",
		"Logs of the collector: "+until(l.LogDays)+".",
		"Results of queries: "+until(l.ResultsDays)+".",
	)
	if p := l.Spec.Privacy; p.IP == spec.Hash || p.User == spec.Hash || p.Visitor == spec.VisitorDaily {
		items = append(items, "Keys of hashes: a day's key is replaced by one computed from it when the next day's first hit arrives; the way back cannot be computed.")
		if l.Target == "aws" { // API reference of PutSecretValue
			items = append(items, "AWS Secrets Manager itself keeps up to 100 earlier versions of the secret. Unless the secret's policy forbids it, who may read one of these can compute the keys of its day and later ones.")
		}
	}
	return Section{"duration", "How long", []Block{{Items: items}}}
}

func until(n int) string {
	if n <= 0 {
		return "kept until somebody deletes them; no limit is set"
	}
	return "deleted after " + days(n)
}

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

// span writes a buffer's interval.
func span(d time.Duration) string {
	if d >= time.Minute && d%time.Minute == 0 {
		return fmt.Sprintf("%d min", d/time.Minute)
	}
	return fmt.Sprintf("%d s", d/time.Second)
}

func place(l Live) Section {
	s := Section{ID: "place", Title: "Where"}
	if l.Endpoint != "" {
		s.Blocks = append(s.Blocks, text("The pixel is served at "+l.Endpoint+"."))
	}
	switch l.Target {
	case "aws":
		s.Blocks = append(s.Blocks, text("The rows lie with Amazon Web Services: "+orUnknown(l.Location)+"."))
	default:
		s.Blocks = append(s.Blocks, text("The rows lie on the machine that serves the pixel: "+orUnknown(l.Location)+"."))
	}
	return s
}

func orUnknown(s string) string {
	if s == "" {
		return "the place is not known"
	}
	return s
}

func readers(l Live) Section {
	s := Section{ID: "readers", Title: "Who can read it"}
	if len(l.Readers) == 0 {
		s.Blocks = []Block{text("Who can read the rows is not known to pixelctl.")}
		return s
	}
	s.Blocks = []Block{{Items: l.Readers}}
	return s
}

func objection(l Live) Section {
	p := l.Spec.Privacy
	items := []string{
		"A browser that sends Global Privacy Control (Sec-GPC: 1): " + verdict(p.GPC) + ".",
		"A browser that sends Do Not Track (DNT: 1): " + verdict(p.DNT) + ".",
	}
	if name := p.Consent.Require; name != "" {
		items = append(items, "A hit without consent (parameter "+name+"): "+verdict(p.Consent.Without)+
			". Only the presence of the parameter is judged: what it grants is not decoded.")
	} else {
		items = append(items, "Consent is not asked for by the collector: the pages that show the pixel must do that where it is needed.")
	}
	return Section{"objection", "How to object", []Block{
		{Items: items},
		text("Stripped means: these columns stay empty: " + list(privacy.Stripped, privacy.Blank, l.Spec) +
			"; and these lose query, fragment and a user's name: " + list(privacy.Stripped, privacy.Cut, l.Spec) + "."),
		text("Dropped means: only these columns are stored: " + list(privacy.Dropped, privacy.Kept, l.Spec) + ", and the reason as status."),
		text("For what is stored about a person already, ask the owner of this stack, who can find it by the user, the visitor, the cookie's number or the address, hand it out and erase it (pixelctl subject). An address that is stored cut stands for all of its network. What was hashed with the key of a past day cannot be found by the value it was made from."),
	}}
}

// verdict says what a signal does.
func verdict(mode string) string {
	switch mode {
	case spec.Strip:
		return "the hit is counted, its personal columns are stripped"
	case spec.DropHit:
		return "the hit is dropped"
	}
	return "the signal is stored, nothing else changes"
}

// list names the columns on which a mode has this effect.
func list(m privacy.Mode, a privacy.Action, s spec.Spec) string {
	var names []string
	for _, name := range (event.Schema{}).Names() {
		if privacy.Effect(m, name) == a {
			names = append(names, name)
		}
	}
	for _, f := range s.Fields {
		if privacy.EffectOn(m, f) == a && a == privacy.Blank {
			names = append(names, f.Name)
		}
	}
	return strings.Join(names, ", ")
}

func absent(l Live) Section {
	items := []string{
		"The pixel is an image: it runs no script, reads no form and measures no fonts, canvas or sensors. What a page's own script sends as parameters is listed above.",
		"The text of a consent string (gdpr_consent, gpp) is never stored by the built-in columns, only that there was one.",
		"Addresses that a request claims for itself are not used: the client is the one that the collector's own front saw.",
		"No data is bought, looked up or joined from elsewhere. Country, region and city are stored only where a trusted front adds them to the request.",
	}
	var empty []string
	for _, name := range (event.Schema{}).Names() {
		if kept(l.Spec, name) == "" {
			empty = append(empty, name)
		}
	}
	if len(empty) > 0 {
		items = append(items, "With these settings these columns stay empty: "+strings.Join(empty, ", ")+".")
	}
	return Section{"absent", "What is not collected", []Block{{Items: items}}}
}
