package spec

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
)

func changeText(c Change) string {
	return fmt.Sprintf("%s %s: %s -> %s: %s", c.Action, c.Name, c.From, c.To, c.Effect)
}

// wantEvolve evolves, compares the changes and checks what always holds.
func wantEvolve(t *testing.T, deployed, wanted Spec, want ...string) Spec {
	t.Helper()
	merged, changes, err := Evolve(deployed, wanted)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]string, 0, len(changes))
	for _, c := range changes {
		got = append(got, changeText(c))
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if same := string(merged.JSON()) == string(deployed.JSON()); same != (len(changes) == 0) {
		t.Errorf("%d changes, same %v", len(changes), same)
	}
	if ps := merged.Problems(); len(ps) > 0 {
		t.Errorf("the result is not valid: %v", ps)
	}
	old, now := deployed.Schema().Names(), merged.Schema().Names()
	if !slices.Equal(old, now[:len(old)]) {
		t.Errorf("columns moved: %v, then %v", old, now)
	}
	if again, more, err := Evolve(merged, wanted); err != nil || len(more) > 0 || !reflect.DeepEqual(again, merged) {
		t.Errorf("a second time: %v %v", more, err)
	}
	return merged
}

func TestEvolveFields(t *testing.T) {
	t.Parallel()
	retired := func(f Field) Field { f.Retired = true; return f }
	a, b := hotel(), nights()
	c := Field{Name: "room", Type: event.String, Sources: []Source{{Kind: FromPath, Segment: 2}}, Transforms: []Transform{{Kind: Lower}}}
	const gone = "new rows hold NULL; the column stays, with what old rows hold"
	const added = "new column, the last of the table; rows until now hold NULL"
	for name, tt := range map[string]struct {
		deployed, wanted, want []Field
		changes                []string
	}{
		"none":                   {[]Field{a, b}, []Field{a, b}, []Field{a, b}, nil},
		"order":                  {[]Field{a, b}, []Field{b, a}, []Field{a, b}, nil},
		"first":                  {nil, []Field{a}, []Field{a}, []string{"add hotel:  -> string from query:hotel,h: " + added}},
		"in the middle":          {[]Field{a, b}, []Field{a, c, b}, []Field{a, b, c}, []string{"add room:  -> string from path:2, lower: " + added}},
		"vanished":               {[]Field{a, b}, []Field{b}, []Field{retired(a), b}, []string{"retire hotel: string from query:hotel,h -> : " + gone}},
		"retired":                {[]Field{a}, []Field{{Name: "hotel", Type: event.String, Retired: true}}, []Field{retired(a)}, []string{"retire hotel: string from query:hotel,h -> : " + gone}},
		"retired and vanished":   {[]Field{retired(a), b}, []Field{b}, []Field{retired(a), b}, nil},
		"still retired":          {[]Field{retired(a)}, []Field{{Name: "hotel", Type: event.String, Retired: true}}, []Field{retired(a)}, nil},
		"revived":                {[]Field{retired(a), b}, []Field{a, b}, []Field{a, b}, []string{"revive hotel:  -> string from query:hotel,h: new rows hold it again; rows from the time between hold NULL"}},
		"retired from the start": {nil, []Field{retired(a)}, []Field{retired(a)}, []string{"add hotel:  -> string from query:hotel,h: new column, the last of the table; it holds NULL, because it is retired"}},
		"same source, old retired": {[]Field{a}, []Field{retired(a), {Name: "house", Type: event.String, Sources: a.Sources}}, []Field{retired(a), {Name: "house", Type: event.String, Sources: a.Sources}}, []string{
			"retire hotel: string from query:hotel,h -> : " + gone, "add house:  -> string from query:hotel,h: " + added,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			merged := wantEvolve(t, Spec{Fields: tt.deployed}, Spec{Fields: tt.wanted}, tt.changes...)
			if !reflect.DeepEqual(merged.Fields, tt.want) {
				t.Errorf("got %+v, want %+v", merged.Fields, tt.want)
			}
		})
	}
}

func TestEvolveField(t *testing.T) {
	t.Parallel()
	now := hotel()
	now.Sources = []Source{{Kind: FromBody, Names: []string{"hotel"}}}
	now.Transforms = []Transform{{Kind: SHA256, Salt: salt}}
	now.Default, now.Required, now.Personal, now.Description = "unknown", true, true, "house"
	wantEvolve(t, Spec{Fields: []Field{hotel()}}, Spec{Fields: []Field{now}},
		"change hotel.source: query:hotel,h -> body:hotel: new rows take it from there; old rows stay as they are",
		"change hotel.transform:  -> sha256: new rows hold another text for the same value, so old and new rows do not match; old rows stay as they are",
		`change hotel.default:  -> unknown: new rows without a value hold "unknown"; old rows stay as they are`,
		"change hotel.required: no -> yes: a new row without it is kept, and names it in params['_missing']",
		"change hotel.personal: no -> yes: new rows lose it where privacy strips a person; old rows stay as they are",
		"change hotel.description:  -> house: the column's comment in the catalog; no row changes")
	other := now
	other.Transforms = []Transform{{Kind: SHA256, Salt: salt + "0"}}
	other.Default, other.Required, other.Personal = "", false, false
	wantEvolve(t, Spec{Fields: []Field{now}}, Spec{Fields: []Field{other}},
		"change hotel.transform: sha256 -> sha256 (another one): new rows hold another text for the same value, so old and new rows do not match; old rows stay as they are",
		"change hotel.default: unknown -> : new rows without a value hold NULL; old rows stay as they are",
		"change hotel.required: yes -> no: a new row without it is a recorded one like others",
		"change hotel.personal: yes -> no: new rows keep it also where privacy strips a person; subject erase --anonymise leaves it in all rows")
	cut := hotel()
	cut.Transforms = []Transform{{Kind: Cut, N: 3}}
	wantEvolve(t, Spec{Fields: []Field{hotel()}}, Spec{Fields: []Field{cut}},
		"change hotel.transform:  -> cut 3: new rows hold the value as it is made now; old rows stay as they are")
}

func TestEvolveRefuses(t *testing.T) {
	t.Parallel()
	text := nights()
	text.Type = event.String
	house, days := hotel(), nights()
	house.Name = "house"
	days.Name, days.Type = "days", event.Double
	retired := nights()
	retired.Retired = true
	taken := hotel()
	taken.Name = "nights_string"
	fields := func(fs ...Field) Spec { return Spec{Fields: fs} }
	for _, c := range []struct {
		deployed, wanted Spec
		want, hint       string
	}{
		{
			fields(nights()), fields(text), "change field nights from int to string: a column keeps its type, because the files that are there hold it",
			"keep nights as int with retired: true, add nights_string as string, and read both in a view: coalesce(try_cast(nights AS varchar), nights_string) AS nights_both",
		},
		{
			fields(retired, taken), fields(text, taken), "change field nights from int to string: a column keeps its type, because the files that are there hold it",
			"keep nights as int with retired: true, add nights_string_2 as string, and read both in a view: coalesce(try_cast(nights AS varchar), nights_string_2) AS nights_both",
		},
		{
			fields(hotel()), fields(house), "rename field hotel to house: a column keeps its name, because the files that are there hold it",
			"keep hotel with retired: true beside house, and read both in a view: coalesce(hotel, house) AS house_both",
		},
		{
			fields(nights()), fields(days), "rename field nights to days: a column keeps its name, because the files that are there hold it",
			"keep nights with retired: true beside days, and read both in a view: coalesce(try_cast(nights AS double), days) AS days_both",
		},
	} {
		_, _, err := Evolve(c.deployed, c.wanted)
		if err == nil || err.Error() != c.want || fault.HintOf(err) != c.hint || fault.KindOf(err) != fault.Usage {
			t.Errorf("got %v\n| %s\nwant %s\n| %s", err, fault.HintOf(err), c.want, c.hint)
		}
	}
	old := Spec{}
	for i := range event.MaxFields {
		old.Fields = append(old.Fields, Field{Name: fmt.Sprintf("f%d", i), Type: event.Int, Sources: []Source{{Kind: FromPath, Segment: 1}, {Kind: Constant, Value: fmt.Sprint(i)}}})
	}
	_, _, err := Evolve(old, Spec{Fields: append(slices.Clone(old.Fields[:48]), hotel())})
	if want := "add fields: the table would have 51 columns of its own, 2 of them retired; at most 50 are possible"; err == nil || err.Error() != want || fault.HintOf(err) == "" {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestEvolveKeys(t *testing.T) {
	t.Parallel()
	with := func(p Privacy) Spec { return Spec{Privacy: p} }
	days := func(n int) *int { return &n }
	const same = "; old rows stay as they are"
	for _, c := range []struct {
		deployed, wanted Spec
		want             []string
	}{
		{Spec{Drop: []string{"city"}}, Spec{Drop: []string{"region"}}, []string{"set drop: city -> region: new rows hold NULL in region; new rows hold city again" + same}},
		{Spec{Drop: []string{"city", "os"}, Sites: []string{"a", "b"}}, Spec{Drop: []string{"os", "city"}, Sites: []string{"b", "a"}}, nil},
		{Spec{}, Spec{AllowParams: []string{"a"}, DenyParams: []string{"b"}}, []string{
			"set allow_params: every key -> a: params of new rows keep these keys only" + same,
			"set deny_params: none -> b: params of new rows hold none of these keys" + same,
		}},
		{Spec{AllowParams: []string{"a"}}, Spec{}, []string{"set allow_params: a -> every key: params of new rows keep every key that is not denied" + same}},
		{Spec{}, Spec{Sites: []string{"shop"}}, []string{"set sites: every site -> shop: hits of other sites are answered and leave a row without personal columns, whose status is dropped:site"}},
		{Spec{Sites: []string{"shop"}}, Spec{}, []string{"set sites: shop -> every site: hits of every site are recorded"}},
		{Spec{AliasesOff: []string{Matomo}}, Spec{AliasesOff: []string{Seed}}, []string{"set aliases: without matomo -> without seed: parameters by the names of seed are stored in params under these names; the names of matomo are understood again"}},
		{with(Privacy{}), with(Privacy{}.Filled()), nil},
		{with(Privacy{NetworkCookie: true}), with(Privacy{NetworkCookie: true, CookieDays: 365}), nil},
		{with(Privacy{}), with(Privacy{IP: Hash, User: None, Visitor: VisitorDaily, UserAgent: Class, Referrer: Origin, GPC: Record, DNT: DropHit}), []string{
			"set privacy.ip: truncate -> hash: new rows hold a hash of the address that is another one each day" + same,
			"set privacy.user: keep -> none: new rows hold no user_id" + same,
			"set privacy.visitor: page -> daily: new rows without a visitor of the page's hold a hash in visitor_id that is another one each day",
			"set privacy.user_agent: full -> class: new rows hold browser, os and device, but no user_agent" + same,
			"set privacy.referrer: full -> origin: new rows hold the referrer without path and query" + same,
			"set privacy.gpc: strip -> record: hits with Sec-GPC: 1 are recorded like others",
			"set privacy.dnt: record -> drop: hits with DNT: 1 leave a row without personal columns, whose status is dropped:dnt",
		}},
		{with(Privacy{}), with(Privacy{Consent: Consent{Require: "gpp", Without: DropHit}}), []string{
			"set privacy.consent.without: strip -> drop: hits with no consent leave a row without personal columns, whose status is dropped:consent",
			"set privacy.consent.require: nothing -> gpp: hits without parameter gpp leave a row without personal columns, whose status is dropped:consent",
		}},
		{with(Privacy{Consent: Consent{Require: "gpp", Without: DropHit}}), with(Privacy{}), []string{
			"set privacy.consent.require: gpp -> nothing: hits are recorded with their person without being asked for consent",
		}},
		{with(Privacy{}), with(Privacy{NetworkCookie: true, CookieDays: 30}), []string{"set privacy.network_cookie: off -> 30 days: the collector sets a signed cookie that lasts 30 days and writes it into network_id"}},
		{with(Privacy{NetworkCookie: true}), with(Privacy{}), []string{"set privacy.network_cookie: 365 days -> off: no cookie is set or read; network_id of new rows is NULL"}},
		{with(Privacy{RetentionDays: days(395)}), with(Privacy{RetentionDays: days(30)}), []string{"set privacy.retention: 395 days -> 30 days: rows older than 30 days are deleted, also those that are there now"}},
		{with(Privacy{RetentionDays: days(0)}), with(Privacy{RetentionDays: days(30)}), []string{"set privacy.retention: for ever -> 30 days: rows older than 30 days are deleted, also those that are there now"}},
		{with(Privacy{RetentionDays: days(30)}), with(Privacy{RetentionDays: days(395)}), []string{"set privacy.retention: 30 days -> 395 days: rows are kept longer; what is deleted already does not come back"}},
		{with(Privacy{RetentionDays: days(30)}), with(Privacy{RetentionDays: days(0)}), []string{"set privacy.retention: 30 days -> for ever: rows are never deleted for their age"}},
		{with(Privacy{RetentionDays: days(30)}), with(Privacy{}), []string{"set privacy.retention: 30 days -> as the stack is set: rows are kept as deploy --retention says"}},
		{with(Privacy{}), with(Privacy{RetentionDays: days(30)}), []string{"set privacy.retention: as the stack is set -> 30 days: rows older than 30 days are deleted, also those that are there now"}},
	} {
		wantEvolve(t, c.deployed, c.wanted, c.want...)
	}
}

// Every mode has words of its own.
func TestModeEffects(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, m := range (Privacy{}).modes() {
		for _, mode := range Modes(m[0]) {
			words := modeEffect(m[0], mode)
			if words == "" || seen[words] != "" {
				t.Errorf("%s: %s has the words of %s: %q", m[0], mode, seen[words], words)
			}
			seen[words] = m[0] + ": " + mode
		}
		if d := Modes(m[0])[0]; m[1] != "" || !slices.Contains([]string{IPTruncate, Keep, VisitorOfPage, Full, Strip, Record}, d) {
			t.Errorf("%s: default %s", m[0], d)
		}
	}
	filled := Privacy{}.Filled()
	for _, m := range filled.modes() {
		if m[1] != Modes(m[0])[0] {
			t.Errorf("%s: Filled says %s, Modes %s", m[0], m[1], Modes(m[0])[0])
		}
	}
}

// Every key of a spec that changes is told, and with the same spec none is.
func TestEvolveTellsEachKey(t *testing.T) {
	t.Parallel()
	_, changes, err := Evolve(Spec{}, full())
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, c := range changes {
		told[c.Name] = true
	}
	for _, name := range []string{
		"hotel", "guest", "lang", "room", "old_price", "drop", "allow_params", "deny_params", "sites", "aliases",
		"privacy.ip", "privacy.user", "privacy.visitor", "privacy.user_agent", "privacy.referrer", "privacy.gpc", "privacy.dnt",
		"privacy.consent.require",
	} {
		if !told[name] {
			t.Errorf("%s is not told: %v", name, changes)
		}
	}
	merged, changes, err := Evolve(full(), full())
	if err != nil || len(changes) > 0 || !reflect.DeepEqual(merged, full()) {
		t.Errorf("the same again: %v, %v", changes, err)
	}
}
