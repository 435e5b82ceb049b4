package pipelinetest

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/spec"
)

// deployedSpec gives what the stack's records hold.
func deployedSpec(t *testing.T, h Harness) spec.Spec {
	t.Helper()
	kept, err := h.Pipeline.Kept(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return kept.Spec
}

// deploySpec brings the stack to a spec.
func deploySpec(t *testing.T, h Harness, s spec.Spec) pipeline.Deployment {
	t.Helper()
	if err := s.Validate(); err != nil {
		t.Fatalf("the spec of this test: %v", err)
	}
	d, err := h.Pipeline.Deploy(t.Context(), pipeline.DeployOptions{Spec: &s}, nil)
	if err != nil {
		t.Fatalf("deploy with a spec: %v", err)
	}
	return d
}

// asked makes a field that comes from a parameter of the pixel's URL.
func asked(name string, kind event.Type) spec.Field {
	return spec.Field{Name: name, Type: kind, Sources: []spec.Source{{Kind: spec.FromQuery, Names: []string{name}}}}
}

// from makes a text field with one source.
func from(name string, s spec.Source) spec.Field {
	return spec.Field{Name: name, Type: event.String, Sources: []spec.Source{s}}
}

// everyField has each type and each source.
func everyField() spec.Spec {
	hotel := asked("hotel", event.String)
	hotel.Transforms = []spec.Transform{{Kind: spec.TrimTo}, {Kind: spec.Lower}, {Kind: spec.Cut, N: 8}}
	hotel.Sources[0].Names = []string{"hotel", "h_name"}
	plan := from("plan", spec.Source{Kind: spec.FromCookie, Names: []string{"plan"}})
	plan.Default = "free"
	return spec.Spec{Fields: []spec.Field{
		hotel, asked("rooms", event.Int), asked("booking", event.BigInt), asked("price", event.Double),
		asked("member", event.Boolean), asked("arrival", event.Date), asked("seen", event.Timestamp), plan,
		from("partner", spec.Source{Kind: spec.FromHeader, Names: []string{"X-Partner"}}),
		from("section", spec.Source{Kind: spec.FromPath, Segment: 1}),
		from("room", spec.Source{Kind: spec.FromPage, Names: []string{"room"}}),
		from("note", spec.Source{Kind: spec.FromBody, Names: []string{"note"}}),
		from("chain", spec.Source{Kind: spec.Constant, Value: "grand"}),
	}}
}

func ownColumns(t *testing.T, h Harness) {
	s := everyField()
	d := deploySpec(t, h, s)
	if got := deployedSpec(t, h); !reflect.DeepEqual(got, s) {
		t.Fatalf("deployed spec %s\nwant %s", got.JSON(), s.JSON())
	}
	good := get(t, h, d.Endpoint+"/shop/a.gif?h_name=+GRAND+Hotel&rooms=2&booking=9007199254740993&price=99.5&member=yes&arrival=2026-02-28"+
		"&seen=2026-07-05T11:10:11.123%2B02:00&url=https%3A%2F%2Fexample.com%2F%3Froom%3Dblue", "X-Partner", "acme", "Cookie", "x=1; plan=gold")
	mustRecord(t, good)
	bad := get(t, h, d.Endpoint+"/p.gif?rooms=2147483648&booking=1.5&price=free&member=maybe&arrival=2026-02-30&seen=soon")
	mustRecord(t, bad)
	post := send(t, h, "POST", d.Endpoint+"/p.gif", `{"note":"late"}`, "Content-Type", "text/plain")
	settle(t, h)
	columns := "hotel, rooms, booking, price, member, CAST(arrival AS varchar), seen, plan, partner, section, room, note, chain"
	at := time.Date(2026, 7, 5, 9, 10, 11, 123e6, time.UTC)
	for id, want := range map[string][]any{
		good.id: {"grand ho", int64(2), int64(9007199254740993), 99.5, true, "2026-02-28", at, "gold", "acme", "shop", "blue", nil, "grand"},
		bad.id:  {nil, nil, nil, nil, nil, nil, nil, "free", nil, nil, nil, nil, "grand"},
		post.id: {nil, nil, nil, nil, nil, nil, nil, "free", nil, nil, nil, "late", "grand"},
	} {
		rows := ask(t, h, "SELECT "+columns+" FROM hits WHERE event_id = '"+id+"'")
		if len(rows) != 1 || !reflect.DeepEqual(rows[0], want) {
			t.Errorf("rows\n%v\nwant\n%v", rows, want)
		}
	}
	kept := "SELECT element_at(params, 'rooms'), element_at(params, 'booking'), element_at(params, 'price'), element_at(params, 'member')," +
		" element_at(params, 'arrival'), element_at(params, 'seen') FROM hits WHERE event_id = '" + bad.id + "'"
	want := []any{"2147483648", "1.5", "free", "maybe", "2026-02-30", "soon"}
	if rows := ask(t, h, kept); len(rows) != 1 || !reflect.DeepEqual(rows[0], want) {
		t.Errorf("params %v, want what did not fit: %v", rows, want)
	}
}

// spoken is one parameter of each family of names, and the column it fills.
var spoken = []struct{ family, query, column, want string }{
	{spec.Snowplow, "aid=app&refr=https%3A%2F%2Fa.example%2F", "referrer_host", "a.example"},
	{spec.Matomo, "action_name=Rooms", "page_title", "Rooms"},
	{spec.GoatCounter, "t=Title&p=%2Frooms", "page_title", "Title"},
	{spec.Fathom, "sid=ABCDEF&p=%2Frooms", "site", "ABCDEF"},
	{spec.Plausible, "n=pageview&u=https%3A%2F%2Fb.example%2Fx&d=b.example", "page_host", "b.example"},
	{spec.Analytics, "utm_campaign=spring", "utm_campaign", "spring"},
	{spec.Clicks, "gclid=c-1", "click_id", "c-1"},
	{spec.Rudder, "anonymousId=v-1", "visitor_id", "v-1"},
	{spec.Clickstream, "unique_id=v-2", "visitor_id", "v-2"},
	{spec.Seed, "userid=u-1", "user_id", "u-1"},
}

// otherNames has each family understood, and left alone when it is off.
func otherNames(t *testing.T, h Harness) {
	var families []string
	for _, s := range spoken {
		families = append(families, s.family)
	}
	if missing := slices.DeleteFunc(spec.Families(), func(f string) bool { return slices.Contains(families, f) }); len(missing) > 0 {
		t.Errorf("no hit speaks %v", missing)
	}
	on := speak(t, h, deploy(t, h).Endpoint)
	off := speak(t, h, deploySpec(t, h, spec.Spec{AliasesOff: spec.Families()}).Endpoint)
	settle(t, h)
	for i, s := range spoken {
		if rows := ask(t, h, "SELECT "+s.column+" FROM hits WHERE event_id = '"+on[i]+"'"); len(rows) != 1 || rows[0][0] != s.want {
			t.Errorf("%s: %s is %v, want %s", s.family, s.column, rows, s.want)
		}
		if rows := ask(t, h, "SELECT "+s.column+" FROM hits WHERE event_id = '"+off[i]+"'"); len(rows) != 1 || rows[0][0] == s.want {
			t.Errorf("%s off: %s is %v", s.family, s.column, rows)
		}
	}
}

// speak sends one hit of each family and gives their ids.
func speak(t *testing.T, h Harness, endpoint string) []string {
	t.Helper()
	var ids []string
	for _, s := range spoken {
		a := get(t, h, endpoint+"/p.gif?"+s.query)
		mustRecord(t, a)
		ids = append(ids, a.id)
	}
	return ids
}

// otherSites are answered, and leave a row that holds no person.
func otherSites(t *testing.T, h Harness) {
	d := deploySpec(t, h, spec.Spec{Sites: []string{"shop"}})
	mustRecord(t, get(t, h, d.Endpoint+"/shop/a.gif?uid=u-1"))
	a := get(t, h, d.Endpoint+"/other/a.gif?uid=u-2")
	if a.code != 200 || !a.image || !strings.HasPrefix(a.status, "dropped; reason=site") {
		t.Errorf("answer %+v, want the image and the reason", a)
	}
	settle(t, h)
	rows := ask(t, h, "SELECT status, user_id, ip, user_agent FROM tp_hits WHERE status <> 'recorded'")
	if len(rows) != 1 || !reflect.DeepEqual(rows[0], []any{"dropped:site", nil, nil, nil}) {
		t.Errorf("rows %v, want one without a person", rows)
	}
	if rows := ask(t, h, "SELECT user_id FROM hits"); len(rows) != 1 || rows[0][0] != "u-1" {
		t.Errorf("hits has %v, want the listed site's only", rows)
	}
}

// classes sends a person, a proxy that stands for one, and a program.
func classes(t *testing.T, h Harness) {
	d := deploy(t, h)
	chrome := "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
	gmail := "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?uid=person", "User-Agent", chrome, "Accept-Language", "en"))
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?uid=proxy", "User-Agent", gmail))
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?uid=program", "User-Agent", "curl/8.14.1"))
	settle(t, h)
	for sql, want := range map[string][][]any{
		"SELECT user_id, client_class, browser, os FROM hits WHERE client_class = 'human'": {{"person", "human", "Chrome", "Windows"}},
		"SELECT user_id FROM people":                                {{"person"}},
		"SELECT user_id, via_proxy FROM opens ORDER BY user_id":     {{"person", false}, {"proxy", true}},
		"SELECT user_id, is_bot FROM hits WHERE client_class='bot'": {{"program", true}},
	} {
		if rows := ask(t, h, sql); !reflect.DeepEqual(rows, want) {
			t.Errorf("%s: %v, want %v", sql, rows, want)
		}
	}
}
