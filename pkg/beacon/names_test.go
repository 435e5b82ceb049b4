package beacon

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"pixelctl/pkg/event"
	"pixelctl/pkg/spec"
)

// The table of names is whole, and the index finds each.
func TestNames(t *testing.T) {
	ix := newIndex(understood(nil))
	for f, m := range meanings {
		for rank, a := range m.names {
			k := ix.lookup(a.text)
			if k == nil {
				t.Errorf("%s is not found", a.text)
				continue
			}
			if got := k.as[a.in]; got != (place{field(f), uint8(rank)}) && a.text != "sid" {
				t.Errorf("%s means %v, want field %d, rank %d", a.text, got, f, rank)
			}
		}
		if field(f) != other && len(m.names) == 0 {
			t.Errorf("field %d has no name", f)
		}
		if field(f) >= siteField && (m.column == nil) == (m.set == nil) {
			t.Errorf("field %d needs a column or a conversion", f)
		}
	}
	for n, want := range map[string]place{
		"sid": {siteField, rankSid}, "e": {eventField, rankE}, "vid": {visitorField, rankVid}, "event_type": {eventField, rankNamed},
		"duid": {visitorField, rankDuid}, "cid": {visitorField, rankCid}, "cdt": {clientTime, rankCdt},
	} {
		if got := ix.lookup(n).as[plain]; got != want {
			t.Errorf("%s means %v, want %v", n, got, want)
		}
	}
	if got := ix.lookup("w").as[short]; got != (place{screenField, rankWidths}) {
		t.Errorf("w means %v", got)
	}
	if got := len(clickNetworks); got != len(meanings[clickField].names) {
		t.Errorf("%d networks for %d names", got, len(meanings[clickField].names))
	}
}

// What a name is said to fill is what it fills.
func TestAliases(t *testing.T) {
	values := map[string]string{
		"page_path": "/x", "screen_width": "640", "client_ts": "1783242611123", "value": "7", "click_id_platform": "google",
	}
	columns := (event.Schema{}).Names()
	for _, a := range knownNames() {
		if !slices.Contains(columns, a.fills) || a.name == "sid" {
			continue
		}
		val := orElse(values[a.fills], "text")
		query := a.name + "=" + val
		switch {
		case a.name == "tid":
			val, query = "UA-1", "tid=UA-1"
		case a.fills == "screen_width":
			query += "x480&" + a.name + "=640"
		}
		query += a.beside
		out := answer(newRequest(query))
		want := val
		if a.fills == "client_ts" {
			want = "2026-07-05 09:10:11.123"
		}
		if got := snapshot(&out.Records[0])[a.fills]; got != want {
			t.Errorf("%s leaves %s = %q, want %q", query, a.fills, got, want)
		}
	}
}

// Every name but the project's own belongs to a family that a spec can name,
// and every family has names.
func TestFamilies(t *testing.T) {
	mine, theirs := slices.Sorted(slices.Values(families[:])), slices.Sorted(slices.Values(spec.Families()))
	if !slices.Equal(mine, theirs) {
		t.Errorf("families are %q, those of a spec %q", mine, theirs)
	}
	used := family(0)
	for _, m := range meanings {
		for i, a := range m.names {
			used |= a.of
			if a.of == 0 && i > 0 && a.text != "user_id" && a.text != "gpp" {
				t.Errorf("%s belongs to nobody", a.text)
			}
		}
	}
	if used != understood(nil) {
		t.Errorf("families in use are %b of %b", used, understood(nil))
	}
}

// Without all families only the project's own names are left.
func TestAliasesOff(t *testing.T) {
	off := spec.Spec{AliasesOff: spec.Families()}
	out := answerWith(off, newRequest("thirdpartyname=a&userid=b&utm_source=c&gclid=d&e=pv&t=e&tid=f&uid=u&rand=1&sid=s"))
	check(t, row(t, &out.Records[0]), cells{
		"site": "default", "user_id": "u", "utm_source": nil, "click_id": nil, "event": "view", "page_title": nil, "session_id": nil,
		"params": text{"thirdpartyname": "a", "userid": "b", "utm_source": "c", "gclid": "d", "e": "pv", "t": "e", "tid": "f", "rand": "1", "sid": "s"},
	})
}

// A name that several use keeps the meaning of those that are left.
func TestSharedNames(t *testing.T) {
	tests := []struct {
		off, query string
		want       cells
	}{
		{spec.Fathom, "sid=s", cells{"site": "default", "session_id": "s"}},
		{spec.Fathom, "p=/x", cells{"page_path": "/x"}},
		{spec.Snowplow, "sid=s", cells{"site": "s", "session_id": nil}},
		{spec.Snowplow, "site=a&sid=s", cells{"site": "a", "session_id": "s"}},
		{spec.GoatCounter, "t=x", cells{"page_title": nil, "params": text{"t": "x"}}},
		{spec.Fathom, "tid=100000&t=x", cells{"site": "default", "page_title": "x", "params": text{"tid": "100000"}}},
		{spec.GoatCounter, "tid=UA-1&t=event", cells{"event": "event", "site": "UA-1"}},
		{spec.Analytics, "tid=UA-1&t=x", cells{"page_title": "x", "site": "default", "params": text{"tid": "UA-1"}}},
		{spec.Plausible, "n=a&d=b&u=c", cells{"site": "default", "params": text{"n": "a", "d": "b", "u": "c"}}},
	}
	for _, tt := range tests {
		t.Run(tt.off+" "+tt.query, func(t *testing.T) {
			out := answerWith(spec.Spec{AliasesOff: []string{tt.off}}, newRequest(tt.query))
			check(t, row(t, &out.Records[0]), tt.want)
		})
	}
}

// Users read the plain names in the documentation of the columns; those that
// were added later stand in the table of names only.
func TestNamesAreDocumented(t *testing.T) {
	documented := map[string]bool{}
	for _, c := range (event.Schema{}).Columns() {
		for _, w := range strings.FieldsFunc(c.Doc, func(r rune) bool {
			return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
		}) {
			documented[w] = true
		}
	}
	for _, m := range meanings[siteField:] {
		for _, a := range m.names {
			if a.of == 0 && !documented[a.text] {
				t.Errorf("parameter %s is in no column's documentation", a.text)
			}
		}
	}
}
