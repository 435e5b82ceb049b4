package privacy_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"strings"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/privacy/privacytest"
	"pixelctl/pkg/spec"
)

// apply runs the privacy of a spec on a hit from peer.
func apply(p spec.Privacy, rec event.Record, f privacy.Facts) (event.Record, privacy.Outcome) {
	out := privacy.New(spec.Spec{Privacy: p}).Apply(&rec, f)
	return rec, out
}

func TestAddress(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ mode, peer, ip, ipMode string }{
		{"", "203.0.113.77", "203.0.113.0", "truncated"},
		{"truncate", "2001:db8:1:2:3::4", "2001:db8:1::", "truncated"},
		{"truncate", "::ffff:203.0.113.77", "203.0.113.0", "truncated"},
		{"truncate", "fe80::1%eth0", "fe80::", "truncated"},
		{"truncate", "", "", ""},
		{"full", "203.0.113.77", "203.0.113.77", "full"},
		{"full", "::ffff:203.0.113.77", "203.0.113.77", "full"},
		{"full", "2001:DB8::1", "2001:db8::1", "full"},
		{"full", "fe80::1%eth0", "fe80::1", "full"},
		{"full", "", "", ""},
		{"hash", "", "", ""},
		{"none", "203.0.113.77", "", "none"},
		{"none", "", "", "none"},
		{"nonsense", "203.0.113.77", "", "none"},
	} {
		peer, err := netip.ParseAddr(c.peer)
		if err != nil && c.peer != "" {
			t.Fatal(err)
		}
		f := privacy.Facts{Peer: peer, Keys: ring()}
		got, _ := apply(spec.Privacy{IP: c.mode}, event.Record{IP: "leftover", IPMode: "leftover"}, f)
		if got.IP != c.ip || got.IPMode != c.ipMode {
			t.Errorf("%s of %s: %q, %q; want %q, %q", c.mode, c.peer, got.IP, got.IPMode, c.ip, c.ipMode)
		}
	}
}

// hash computes what a column must hold, by other means than the package.
func hash(t *testing.T, day int64, n int, text string) string {
	t.Helper()
	key, ok := ring().Day(day)
	if !ok {
		t.Fatal("no key")
	}
	mac := hmac.New(sha256.New, key[:])
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))[:n]
}

func TestHashes(t *testing.T) {
	t.Parallel()
	f := privacy.Facts{Peer: netip.MustParseAddr("::ffff:203.0.113.77"), Time: privacytest.Time, Keys: ring()}
	day := privacy.Day(f.Time)
	p := spec.Privacy{IP: spec.Hash, User: spec.Hash, Visitor: spec.VisitorDaily, UserAgent: spec.Class}
	got, out := apply(p, event.Record{UserID: "anna", UserAgent: "UA", Site: "shop"}, f)
	for _, c := range []struct{ column, got, want string }{
		{"ip", got.IP, hash(t, day, 32, "ip\x00203.0.113.77\x00")},
		{"user_id", got.UserID, hash(t, day, 32, "user\x00anna\x00")},
		{"visitor_id", got.VisitorID, hash(t, day, 16, "visitor\x00203.0.113.77\x00UA\x00shop\x00")},
		{"ip_mode", got.IPMode, "hashed"},
		{"user_agent", got.UserAgent, ""},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.column, c.got, c.want)
		}
	}
	if out.NoKey || !out.Identified() {
		t.Errorf("got %+v", out)
	}
	none, _ := apply(p, event.Record{}, f)
	if none.UserID != "" {
		t.Errorf("no user became %q", none.UserID)
	}
}

// Without a key nothing is kept that should have been hashed.
func TestNoKey(t *testing.T) {
	t.Parallel()
	old := ring()
	old.Advance(privacy.Day(privacytest.Time) + 2)
	for name, keys := range map[string]privacy.Keys{"none": nil, "older": old} {
		f := privacy.Facts{Peer: netip.MustParseAddr("203.0.113.77"), Time: privacytest.Time, Keys: keys}
		got, out := apply(spec.Privacy{IP: spec.Hash, User: spec.Hash, Visitor: spec.VisitorDaily}, event.Record{UserID: "anna"}, f)
		if got.IP+got.UserID+got.VisitorID != "" || got.IPMode != "none" || !out.NoKey {
			t.Errorf("%s: got %+v, %+v", name, got, out)
		}
		if _, out = apply(spec.Privacy{}, event.Record{UserID: "anna"}, f); out.NoKey {
			t.Errorf("%s: the default needs no key", name)
		}
	}
}

func TestVisitorDaily(t *testing.T) {
	t.Parallel()
	peer, other := netip.MustParseAddr("203.0.113.77"), netip.MustParseAddr("203.0.113.78")
	id := func(peer netip.Addr, at event.Millis, rec event.Record) string {
		got, _ := apply(spec.Privacy{Visitor: spec.VisitorDaily}, rec, privacy.Facts{Peer: peer, Time: at, Keys: ring()})
		return got.VisitorID
	}
	hit := event.Record{UserAgent: "a", Site: "b"}
	first := id(peer, privacytest.Time, hit)
	if len(first) != 16 || first != id(peer, privacytest.Time+3_600_000, hit) {
		t.Errorf("got %q, then another within the day", first)
	}
	for name, got := range map[string]string{
		"day":            id(peer, privacytest.Time+86_400_000, hit),
		"address":        id(other, privacytest.Time, hit),
		"user agent":     id(peer, privacytest.Time, event.Record{UserAgent: "c", Site: "b"}),
		"site":           id(peer, privacytest.Time, event.Record{UserAgent: "a", Site: "c"}),
		"border between": id(peer, privacytest.Time, event.Record{UserAgent: "ab", Site: ""}),
	} {
		if got == first || len(got) != 16 {
			t.Errorf("another %s: got %q, and before %q", name, got, first)
		}
	}
	hit.VisitorID = "page"
	if got := id(peer, privacytest.Time, hit); got != "page" {
		t.Errorf("the page's own became %q", got)
	}
	hit.VisitorID = ""
	if got := id(netip.Addr{}, privacytest.Time, hit); got != "" {
		t.Errorf("an unknown address became %q", got)
	}
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	consent := func(without string) spec.Consent { return spec.Consent{Require: "gpp", Without: without} }
	for _, c := range []struct {
		name              string
		p                 spec.Privacy
		gpc, dnt, consent bool
		dropped, stripped string
	}{
		{name: "nothing"},
		{name: "gpc strips by default", gpc: true, stripped: "gpc"},
		{name: "dnt is recorded by default", dnt: true},
		{name: "both by default", gpc: true, dnt: true, stripped: "gpc"},
		{name: "gpc recorded", p: spec.Privacy{GPC: spec.Record}, gpc: true},
		{name: "gpc drops", p: spec.Privacy{GPC: spec.DropHit}, gpc: true, dropped: "gpc"},
		{name: "gpc drops only gpc", p: spec.Privacy{GPC: spec.DropHit}},
		{name: "dnt strips", p: spec.Privacy{DNT: spec.Strip}, dnt: true, stripped: "dnt"},
		{name: "dnt drops what gpc strips", p: spec.Privacy{DNT: spec.DropHit}, gpc: true, dnt: true, dropped: "dnt"},
		{name: "gpc is the first of equals", p: spec.Privacy{GPC: spec.DropHit, DNT: spec.DropHit}, gpc: true, dnt: true, dropped: "gpc"},
		{name: "consent missing", p: spec.Privacy{Consent: consent("")}, stripped: "consent"},
		{name: "consent missing, drop", p: spec.Privacy{Consent: consent(spec.DropHit)}, dropped: "consent"},
		{name: "consent given", p: spec.Privacy{Consent: consent(spec.DropHit)}, consent: true},
		{name: "gpc stands over consent", p: spec.Privacy{Consent: consent("")}, gpc: true, consent: true, stripped: "gpc"},
		{name: "consent drops what gpc strips", p: spec.Privacy{Consent: consent(spec.DropHit)}, gpc: true, dropped: "consent"},
		{name: "unknown modes drop", p: spec.Privacy{GPC: "nonsense"}, gpc: true, dropped: "gpc"},
	} {
		rec := event.Record{UserID: "anna", GPC: c.gpc, DNT: c.dnt, Status: event.StatusRecorded}
		got, out := apply(c.p, rec, privacy.Facts{Consent: c.consent})
		if out.Dropped != c.dropped || out.Stripped != c.stripped || out.Identified() != (c.dropped+c.stripped == "") {
			t.Errorf("%s: got %+v", c.name, out)
		}
		want := event.StatusRecorded
		if c.dropped != "" {
			want = "dropped:" + c.dropped
		}
		if got.Status != want || (got.UserID == "") == out.Identified() {
			t.Errorf("%s: status %s, user %q", c.name, got.Status, got.UserID)
		}
	}
	if got := privacy.New(spec.Spec{Privacy: spec.Privacy{Consent: consent("")}}).Consent(); got != "gpp" {
		t.Errorf("requires %q", got)
	}
}

func TestDropTellsWhy(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{"gpc", "dnt", "consent", "site", "later"} {
		rec := caseOf(t, "open").Record()
		privacy.New(spec.Spec{}).Drop(&rec, reason)
		if rec.Status != "dropped:"+reason || rec.Site != "shop" || len(rec.Fields) != 0 {
			t.Errorf("%s: got %+v", reason, rec)
		}
	}
}

// A collector that cannot read its spec keeps nothing of a person.
func TestStrictest(t *testing.T) {
	t.Parallel()
	c := caseOf(t, "open")
	rec := c.Record()
	rec.GPC, rec.DNT = false, false
	privacy.New(spec.Spec{Privacy: spec.Strictest()}).Apply(&rec, c.Facts(nil))
	line := string(rec.AppendLine(nil))
	for _, text := range caseOf(t, "strict").Forbidden() {
		if strings.Contains(line, text) {
			t.Errorf("%s is stored: %s", text, line)
		}
	}
}

func TestHides(t *testing.T) {
	t.Parallel()
	p := privacy.New(spec.Spec{Privacy: spec.Privacy{User: spec.Hash, Visitor: spec.VisitorDaily, Referrer: spec.Origin}})
	for column, want := range map[string]bool{"user_id": true, "referrer_url": true, "ip": true, "visitor_id": false, "ip_mode": false, "label": false} {
		if p.Hides(column) != want {
			t.Errorf("%s: want %v", column, want)
		}
	}
}

func TestConsentGiven(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{
		"CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA": true, "DBABMA~CPXxRfAPXxRfAAfKABENB": true, "1": true, "ads,analytics": true,
		"": false, "0": false, "False": false, "NO": false, "denied": false, "undefined": false,
		"${GDPR_CONSENT_755}": false, "[GPP]": false, "{gpp}": false, "%%GPP%%": false, "<gpp>": false,
	} {
		if privacy.ConsentGiven(value) != want {
			t.Errorf("%q: want %v", value, want)
		}
	}
}

func TestDay(t *testing.T) {
	t.Parallel()
	for at, want := range map[event.Millis]int64{0: 0, 86_399_999: 0, 86_400_000: 1, -1: -1, -86_400_000: -1, privacytest.Time: 20_639} {
		if got := privacy.Day(at); got != want {
			t.Errorf("%d: got %d, want %d", at, got, want)
		}
	}
}

func TestForms(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"203.0.113.77":        "203.0.113.77 203.0.113.0",
		"203.0.113.0":         "203.0.113.0",
		"::ffff:203.0.113.77": "203.0.113.77 203.0.113.0",
		"2001:DB8:1:2::3":     "2001:db8:1:2::3 2001:db8:1::",
		"fe80::1%eth0":        "fe80::1 fe80::",
	} {
		got, err := privacy.Forms("ip", address)
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s: got %v, %v; want %s", address, got, err, want)
		}
	}
	for _, address := range []string{"", "anna", "203.0.113", "203.0.113.0/24", "203.0.113.077"} {
		if got, err := privacy.Forms("ip", address); err == nil {
			t.Errorf("%q: got %v, want an error", address, got)
		}
	}
}

// The forms are what a policy stores.
func TestFormsAreStored(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"203.0.113.77", "2001:db8:1:2::3", "::ffff:203.0.113.77"} {
		forms, err := privacy.Forms("ip", address)
		if err != nil {
			t.Fatal(err)
		}
		for i, mode := range []string{spec.IPFull, spec.IPTruncate} {
			got, _ := apply(spec.Privacy{IP: mode}, event.Record{}, privacy.Facts{Peer: netip.MustParseAddr(address)})
			if got.IP != forms[i] {
				t.Errorf("%s of %s: stored %s, searched %s", mode, address, got.IP, forms[i])
			}
		}
	}
}
