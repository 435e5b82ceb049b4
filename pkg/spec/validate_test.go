package spec

import (
	"fmt"
	"strings"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
)

func TestValidSpecs(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]Spec{
		"zero":             {},
		"full":             full(),
		"strictest":        {Privacy: Strictest()},
		"defaults written": {Privacy: Privacy{}.Filled()},
		"ip full, dropped": {Drop: []string{"ip"}, Privacy: Privacy{IP: IPFull}},
		"host to number": with(func(f *Field) {
			f.Type = event.Int
			f.Transforms = []Transform{{Kind: URLHost}, {Kind: MapTo, Values: map[string]string{"a": "1"}}}
		}),
		"address, kept": {Fields: with(func(f *Field) { f.Sources = []Source{{Kind: FromHeader, Names: []string{"X-Real-IP"}}} }).Fields, Privacy: Privacy{IP: IPFull}},
		"user, hashed": {Fields: with(func(f *Field) {
			f.Sources[0].Names = []string{"uid"}
			f.Transforms = []Transform{{Kind: SHA256, Salt: salt}}
		}).Fields, Privacy: Privacy{User: None}},
		"retired user":       {Fields: with(func(f *Field) { f.Sources[0].Names = []string{"uid"}; f.Retired = true }).Fields, Privacy: Privacy{User: None}},
		"default beyond cut": with(func(f *Field) { f.Transforms = []Transform{{Kind: Cut, N: 2}}; f.Default = "unknown" }),
	} {
		if ps := s.Problems(); len(ps) > 0 {
			t.Errorf("%s: %v", name, ps)
		}
		if err := s.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFieldProblems(t *testing.T) {
	t.Parallel()
	name := func(s string) Spec { return with(func(f *Field) { f.Name = s }) }
	typed := func(s string) Spec { return with(func(f *Field) { f.Type = event.Type(s) }) }
	def := func(typ event.Type, s string) Spec { return with(func(f *Field) { f.Type, f.Default = typ, s }) }
	for _, c := range []struct {
		s    Spec
		want string
	}{
		{name(""), "fields[0].name: a field has no name | such as name: hotel"},
		{name("Hotel"), `fields[0].name: field "Hotel": a name is a to z, 0 to 9 and _, begins with a letter and has at most 40 characters | such as hotel_id`},
		{name("_h"), `fields[0].name: field "_h": a name is a to z, 0 to 9 and _, begins with a letter and has at most 40 characters | such as hotel_id`},
		{name(strings.Repeat("a", 41)), `fields[0].name: field "aaaaaaaaaaaaaaaaaaaaaaaa…": a name is a to z, 0 to 9 and _, begins with a letter and has at most 40 characters | such as hotel_id`},
		{name("day"), "fields[0].name: field day: the table's partitions have that name | name it own_day"},
		{name("params"), "fields[0].name: field params: there is a built-in column of that name | name it own_params"},
		{name("user"), "fields[0].name: field user: a reserved word of SQL, which every query would have to quote | name it own_user"},
		{typed(""), "fields[0].type: field hotel has no type | one of string, int, bigint, double, boolean, timestamp, date"},
		{typed("strng"), `fields[0].type: field hotel: unknown type "strng" | did you mean "string"?`},
		{typed("bool"), `fields[0].type: field hotel: unknown type "bool" | did you mean "boolean"?`},
		{typed("map<string,string>"), `fields[0].type: field hotel: unknown type "map<string,string>" | one of string, int, bigint, double, boolean, timestamp, date`},
		{with(func(f *Field) { f.Sources = nil }), "fields[0].source: field hotel has no source | such as source: query:hotel"},
		{with(func(f *Field) { f.Description = "a\nb" }), "fields[0].description: field hotel: the description has a line break or another control character | write it in one line"},
		{with(func(f *Field) { f.Description = strings.Repeat("a", 256) }), "fields[0].description: field hotel: the description has 256 bytes, at most 255 are possible | it becomes the column's comment in the catalog"},
		{def(event.Int, "1.5"), `fields[0].default: field hotel: default "1.5" is no int | a decimal number of 32 bits, such as 7 or -7`},
		{def(event.BigInt, "x"), `fields[0].default: field hotel: default "x" is no bigint | a decimal number of 64 bits, such as 7 or -7`},
		{def(event.Double, "NaN"), `fields[0].default: field hotel: default "NaN" is no double | a decimal number, such as 7, -0.5 or 1.5e-3`},
		{def(event.Boolean, "on"), `fields[0].default: field hotel: default "on" is no boolean | true, false, 1, 0, yes or no`},
		{def(event.Timestamp, "2026-07-05"), `fields[0].default: field hotel: default "2026-07-05" is no timestamp | milliseconds since 1970, 2026-07-05T09:10:11Z, or 2026-07-05 09:10:11 in UTC`},
		{def(event.Date, "2026-02-30"), `fields[0].default: field hotel: default "2026-02-30" is no date | such as 2026-07-05`},
		{def(event.String, strings.Repeat("a", 1025)), `fields[0].default: field hotel: default "aaaaaaaaaaaaaaaaaaaaaaaa…" is too long | at most 1024 bytes of text`},
	} {
		wantProblems(t, c.s, c.want)
	}
	wantProblems(t, Spec{Fields: []Field{hotel(), nights(), hotel()}}, "fields[2].name: field hotel is already there, as field 1 | give each field a name of its own")
	var many Spec
	for i := range event.MaxFields + 1 {
		f := hotel()
		f.Name = fmt.Sprintf("f%d", i)
		many.Fields = append(many.Fields, f)
	}
	wantProblems(t, many, "fields[50]: field f50 is one too many: 51 of at most 50 fields | what is not a column stays in params")
}

func TestSourceProblems(t *testing.T) {
	t.Parallel()
	source := func(src ...Source) Spec { return with(func(f *Field) { f.Sources = src }) }
	named := func(kind SourceKind, names ...string) Spec { return source(Source{Kind: kind, Names: names}) }
	for _, c := range []struct {
		s    Spec
		want string
	}{
		{named("qurey", "a"), `unknown source "qurey" | did you mean "query"?`},
		{named("env", "a"), `unknown source "env" | one of query, header, cookie, path, body, page, const`},
		{named(FromQuery), "source query names nothing | such as query:hotel"},
		{named(FromQuery, ""), `query "" is empty | name the parameter as it is in a URL that is decoded`},
		{named(FromPage, "a b"), `page "a b" has one of & = # , or a space | name the parameter as it is in a URL that is decoded`},
		{named(FromBody, "a\x00"), `body "a\x00" has a character that cannot be printed | name the parameter as it is in a URL that is decoded`},
		{named(FromQuery, strings.Repeat("a", 129)), `query "aaaaaaaaaaaaaaaaaaaaaaaa…" is longer than 128 bytes | name the parameter as it is in a URL that is decoded`},
		{named(FromQuery, "a", "a"), "query a is named twice | name it once"},
		{named(FromHeader, "a:b"), `header "a:b" has a character that such a name cannot have | such as header:Accept-Language`},
		{named(FromHeader, "Cookie"), `header "Cookie" holds every cookie | use cookie:NAME for one cookie`},
		{named(FromHeader, "authorization"), `header "authorization" holds a password or a key | records hold no passwords: remove the field`},
		{named(FromCookie, "a b"), `cookie "a b" has a character that such a name cannot have | such as cookie:plan`},
		{named(FromCookie, "a", "b"), "source cookie takes one name | write a list of sources, such as [cookie:a, cookie:b]"},
		{source(Source{Kind: FromPath}), "path:0, segments are 1 to 2 | path:1 is the first: shop of /shop/label.gif"},
		{source(Source{Kind: FromPath, Segment: 3}), "path:3, segments are 1 to 2 | path:1 is the first: shop of /shop/label.gif"},
		{source(Source{Kind: FromPath, Segment: 1, Value: "x"}), "source path holds more than its kind takes | write it as kind:what"},
		{source(Source{Kind: Constant}), "const has no text | such as const:shop"},
		{source(Source{Kind: Constant, Value: strings.Repeat("a", 257)}), "const has 257 bytes, at most 256 are possible | shorten it"},
		{source(Source{Kind: Constant, Value: "a"}, Source{Kind: FromPath, Segment: 1}), "const always gives a value, so the sources behind it are never asked | put const last"},
	} {
		sep := ": "
		if strings.HasPrefix(c.want, "source ") && !strings.Contains(c.want, "takes one name") && !strings.Contains(c.want, "names nothing") && !strings.Contains(c.want, "holds more") {
			sep = " "
		}
		wantProblems(t, c.s, "fields[0].source[0]: field hotel"+sep+c.want)
	}
	s := with(func(f *Field) { f.Type, f.Sources = event.Int, []Source{{Kind: Constant, Value: "x"}} })
	wantProblems(t, s, `fields[0].source[0]: field hotel: const "x" is no int | a decimal number of 32 bits, such as 7 or -7`)
}

func TestTransformProblems(t *testing.T) {
	t.Parallel()
	one := func(tr Transform) Spec { return with(func(f *Field) { f.Transforms = []Transform{tr} }) }
	number := func(trs ...Transform) Spec {
		return with(func(f *Field) { f.Type, f.Transforms = event.Int, trs })
	}
	big := make(map[string]string)
	for i := range 101 {
		big[fmt.Sprint(i)] = "x"
	}
	for _, c := range []struct {
		s    Spec
		want string
	}{
		{one(Transform{Kind: "upper"}), `unknown transform "upper" | one of lower, trim, cut, sha256, url-host, url-path, map, regexp`},
		{one(Transform{Kind: Lower, N: 3}), "transform lower holds more than its kind takes | write each transform as an entry of its own"},
		{one(Transform{Kind: Cut}), "cut 0, 1 to 1024 bytes are possible | such as cut 64"},
		{one(Transform{Kind: Cut, N: 1025}), "cut 1025, 1 to 1024 bytes are possible | such as cut 64"},
		{one(Transform{Kind: SHA256, Salt: "short"}), "the salt of sha256 has 5 characters, at least 16 are needed: with a short one the values behind the hashes can be guessed | make one with: openssl rand -hex 16"},
		{one(Transform{Kind: SHA256, Salt: salt + "\n"}), "the salt of sha256 is no line of at most 256 bytes | make one with: openssl rand -hex 16"},
		{number(Transform{Kind: SHA256, Salt: salt}), "sha256 gives 64 hexadecimal digits, which is no int | make the field type: string"},
		{number(Transform{Kind: URLHost}), "url-host gives a host, which is no int | make the field type: string"},
		{number(Transform{Kind: URLPath}, Transform{Kind: Lower}), "url-path gives a path, which is no int | make the field type: string"},
		{one(Transform{Kind: MapTo}), "map has no entries | such as map: {de: Germany, fr: France}"},
		{one(Transform{Kind: MapTo, Values: big}), "map has 101 entries, at most 100 are possible | join larger lists to the table in a query"},
		{one(Transform{Kind: MapTo, Values: map[string]string{"a": ""}}), `map gives "a" no value | leave the entry out: what is not listed is NULL`},
		{one(Transform{Kind: MapTo, Values: map[string]string{"a": strings.Repeat("b", 257)}}), `map: the result "bbbbbbbbbbbbbbbbbbbbbbbb…" is too long or no UTF-8 | at most 256 bytes`},
		{number(Transform{Kind: MapTo, Values: map[string]string{"a": "b"}}), `map gives "b", which is no int | a decimal number of 32 bits, such as 7 or -7`},
		{one(Transform{Kind: Regexp}), "regexp is empty | such as regexp: '^room-([0-9]+)$'"},
		{one(Transform{Kind: Regexp, Pattern: "(a"}), "regexp: missing closing ): (a | the syntax is RE2's: no look-around, no back references"},
		{one(Transform{Kind: Regexp, Pattern: "(?=a)"}), "regexp: invalid or unsupported Perl syntax: (?= | the syntax is RE2's: no look-around, no back references"},
		{one(Transform{Kind: Regexp, Pattern: "(a)(b)"}), "regexp has 2 groups, one can be the value | write (?:…) for the groups that only bind"},
		{one(Transform{Kind: Regexp, Pattern: strings.Repeat("a", 513)}), "regexp has 513 bytes, at most 512 are possible | use map for a list of values"},
	} {
		wantProblems(t, c.s, "fields[0].transform[0]: field hotel: "+c.want)
	}
}

func TestListProblems(t *testing.T) {
	t.Parallel()
	many := func(n int) []string {
		out := make([]string, n)
		for i := range out {
			out[i] = fmt.Sprintf("n%d", i)
		}
		return out
	}
	for _, c := range []struct {
		s    Spec
		want string
	}{
		{Spec{Drop: []string{"cty"}}, `drop[0]: drop: unknown column "cty" | did you mean "city"?`},
		{Spec{Drop: []string{"city", "city"}}, "drop[1]: drop: column city is named twice | name it once"},
		{Spec{Drop: []string{"event_id"}}, "drop[0]: drop: column event_id cannot be left out: every record is counted, dated or told apart by it | leave event_id in: it says nothing about a person"},
		{Spec{Fields: []Field{hotel()}, Drop: []string{"hotel"}}, "drop[0]: drop: hotel is a field of this file, not a built-in column | write retired: true at the field"},
		{Spec{AllowParams: []string{""}}, "allow_params[0]: allow_params: an empty name | remove it"},
		{Spec{DenyParams: []string{strings.Repeat("é", 65)}}, `deny_params[0]: deny_params: "éééééééééééé…" has 130 bytes, at most 128 are possible | longer ones are cut when they are stored`},
		{Spec{Sites: []string{"a\n"}}, `sites[0]: sites: "a\n" has a character that cannot be printed | write it as it is shown in a URL that is decoded`},
		{Spec{Sites: []string{"a", "b", "a"}}, "sites[2]: sites: a is named twice | name it once"},
		{Spec{AllowParams: []string{"a"}, DenyParams: []string{"b", "a"}}, "deny_params[1]: deny_params: a is also in allow_params | leave it in one of the two"},
		{Spec{AllowParams: []string{"a"}, Drop: []string{"params"}}, "allow_params: allow_params: nothing is kept, because drop names the column params | remove allow_params, or params from drop"},
		{Spec{AllowParams: many(201)}, "allow_params[200]: allow_params: 201 entries, at most 200 are possible | name fewer"},
		{Spec{Sites: many(1001)}, "sites[1000]: sites: 1001 entries, at most 1000 are possible | name fewer"},
		{Spec{AliasesOff: []string{"motomo"}}, `aliases_off[0]: aliases: unknown family "motomo" | did you mean "matomo"?`},
		{Spec{AliasesOff: []string{Seed, Seed}}, "aliases_off[1]: aliases: seed is named twice | name it once"},
	} {
		wantProblems(t, c.s, c.want)
	}
	large := Spec{Sites: many(600)}
	for i := range large.Sites {
		large.Sites[i] += strings.Repeat("s", 120)
	}
	wantProblems(t, large, fmt.Sprintf(": the spec has %d bytes of JSON, more than 65536 | shorten maps, lists or descriptions", len(large.JSON())))
}

func TestPrivacyProblems(t *testing.T) {
	t.Parallel()
	days := func(n int) *int { return &n }
	from := func(kind SourceKind, name string, p Privacy) Spec {
		return Spec{Fields: []Field{{Name: "x", Type: event.String, Sources: []Source{{Kind: kind, Names: []string{name}}}}}, Privacy: p}
	}
	for _, c := range []struct {
		s    Spec
		want string
	}{
		{Spec{Privacy: Privacy{IP: "truncated"}}, `privacy.ip: privacy.ip: unknown mode "truncated" | did you mean "truncate"?`},
		{Spec{Privacy: Privacy{User: Full}}, `privacy.user: privacy.user: unknown mode "full" | one of keep, hash, none`},
		{Spec{Privacy: Privacy{Visitor: "dayly"}}, `privacy.visitor: privacy.visitor: unknown mode "dayly" | did you mean "daily"?`},
		{Spec{Privacy: Privacy{UserAgent: None}}, `privacy.user_agent: privacy.user_agent: unknown mode "none" | one of full, class`},
		{Spec{Privacy: Privacy{Referrer: "host"}}, `privacy.referrer: privacy.referrer: unknown mode "host" | one of full, origin, none`},
		{Spec{Privacy: Privacy{GPC: "ignore"}}, `privacy.gpc: privacy.gpc: unknown mode "ignore" | one of strip, record, drop`},
		{Spec{Privacy: Privacy{DNT: "dorp"}}, `privacy.dnt: privacy.dnt: unknown mode "dorp" | did you mean "drop"?`},
		{Spec{Privacy: Privacy{Consent: Consent{Require: "gpp", Without: Record}}}, `privacy.consent.without: privacy.consent.without: unknown mode "record" | one of strip, drop`},
		{Spec{Privacy: Privacy{Consent: Consent{Without: DropHit}}}, "privacy.consent.without: privacy.consent.without: drop without require would drop nothing | add require: gdpr_consent, or the name of your parameter"},
		{Spec{Privacy: Privacy{Consent: Consent{Require: "a b"}}}, `privacy.consent.require: privacy.consent.require: "a b" has one of & = # , or a space | gdpr_consent, gpp, or the name of a parameter`},
		{Spec{Privacy: Privacy{NetworkCookie: true, CookieDays: 397}}, "privacy.cookie_days: privacy.network_cookie: 397 days, 1 to 396 are possible | 396 days are 13 months, the most that supervisors of privacy accept"},
		{Spec{Privacy: Privacy{RetentionDays: days(-1)}}, "privacy.retention_days: privacy.retention: -1 days, 0 to 36500 are possible | 0 keeps rows for ever"},
		{Spec{Drop: []string{"network_id"}, Privacy: Privacy{NetworkCookie: true}}, "privacy.network_cookie: privacy.network_cookie: the cookie would be set and its column network_id dropped | switch network_cookie off, or take network_id out of drop"},
		{from(FromHeader, "X-Forwarded-For", Privacy{}), "fields[0].source[0]: field x would hold the whole address that privacy.ip: truncate does not keep | leave the field out: column ip has the address as privacy.ip says; or set privacy.ip: full"},
		{from(FromHeader, "User-Agent", Privacy{UserAgent: Class}), "fields[0].source[0]: field x would hold the user agent that privacy.user_agent: class does not keep | leave the field out: browser, os and device say what it is; or set privacy.user_agent: full"},
		{from(FromBody, "userId", Privacy{User: None}), "fields[0].source[0]: field x would hold the user that privacy.user: none does not keep | add transform {sha256: SALT}, take it from a parameter of its own, or set privacy.user: keep"},
	} {
		wantProblems(t, c.s, c.want)
	}
}

func TestValidateError(t *testing.T) {
	t.Parallel()
	s := Spec{Drop: []string{"cty"}}
	for i, more := range []string{"", " (and 1 more problem)", " (and 2 more problems)"} {
		err := s.Validate()
		if want := `drop: unknown column "cty"` + more; err == nil || err.Error() != want || fault.KindOf(err) != fault.Usage || fault.HintOf(err) != `did you mean "city"?` {
			t.Errorf("%d: got %v (%q), want %s", i, err, fault.HintOf(err), want)
		}
		s.Sites = append(s.Sites, "")
		if i == 1 {
			s.Sites = []string{strings.Repeat("x", 129), "\n"}
		}
	}
}

// The words that a user is most likely to try.
func TestReservedWords(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"user", "date", "timestamp", "time", "order", "group", "end", "first", "select", "skip", "map", "columns", "show", "rowid", "current_role"} {
		if !isReserved(name) {
			t.Errorf("%s is not reserved", name)
		}
	}
	for _, name := range []string{"hotel", "price", "plan", "key", "offset_px", "", "sel"} {
		if isReserved(name) {
			t.Errorf("%s is reserved", name)
		}
	}
}

func TestLimit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		f    Field
		want int
	}{
		{Field{Type: event.String}, 256},
		{Field{Type: event.Int}, 0},
		{Field{Type: event.String, Transforms: []Transform{{Kind: Cut, N: 1024}, {Kind: Lower}}}, 1024},
		{Field{Type: event.String, Transforms: []Transform{{Kind: Cut, N: 12}, {Kind: SHA256}}}, 64},
		{Field{Type: event.String, Transforms: []Transform{{Kind: SHA256}, {Kind: Cut, N: 16}}}, 16},
		{Field{Type: event.String, Transforms: []Transform{{Kind: Cut, N: 1}, {Kind: MapTo, Values: map[string]string{"a": "long"}}}}, 4},
		{Field{Type: event.String, Transforms: []Transform{{Kind: Cut, N: 1}}, Default: "unknown"}, 7},
	} {
		if got := (Spec{Fields: []Field{c.f}}).Schema().Fields()[0].Limit; got != c.want {
			t.Errorf("%+v: limit %d, want %d", c.f, got, c.want)
		}
	}
}

func TestParseSource(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"query:hotel,h", "header:X-Plan", "cookie:a", "path:2", "body:a", "page:utm_x", "const:a:b, c", "const:"} {
		src, err := ParseSource(s)
		if err != nil || src.String() != s {
			t.Errorf("%q: got %q %v", s, src, err)
		}
	}
	for s, want := range map[string][2]string{
		"hotel":   {`source "hotel" has no kind`, "such as query:hotel; kinds are query, header, cookie, path, body, page, const"},
		"qury:h":  {`unknown source "qury"`, `did you mean "query"?`},
		"zzzzz:h": {`unknown source "zzzzz"`, "one of query, header, cookie, path, body, page, const"},
		"path:x":  {"source path:x is no segment", "path:1 is the first: shop of /shop/label.gif"},
	} {
		if _, err := ParseSource(s); err == nil || err.Error() != want[0] || fault.HintOf(err) != want[1] || fault.KindOf(err) != fault.Usage {
			t.Errorf("%q: got %v | %s", s, err, fault.HintOf(err))
		}
	}
}

func TestLikelyPersonal(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"query:hotel": false, "query:plan,uid": true, "body:vid": true, "cookie:plan": true, "header:DNT": true, "path:1": false, "const:uid": false,
	} {
		src, err := ParseSource(s)
		if got := (Field{Sources: []Source{src}}).LikelyPersonal(); err != nil || got != want {
			t.Errorf("%s: %v %v", s, got, err)
		}
	}
	if !(Field{Transforms: []Transform{{Kind: SHA256}}}).LikelyPersonal() {
		t.Error("hashed, yet not personal")
	}
}
