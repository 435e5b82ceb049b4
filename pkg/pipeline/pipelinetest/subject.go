package pipelinetest

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/privacy/privacytest"
	"pixelctl/pkg/query"
	"pixelctl/pkg/spec"
)

// subjectCases are what a target does when a person asks or objects.
func subjectCases() []behaviour {
	return []behaviour{
		{"a person is found, exported and erased, and nobody else", eraseSubject},
		{"a person is made anonymous, and the rows stay", anonymiseSubject},
		{"a person is found by each column, also by a strange value", subjectColumns},
		{"an address is found whole and cut to its network", subjectAddress},
		{"a window bounds what is erased", subjectWindow},
		{"rows of before a new column are erased too", subjectGenerations},
		{"a person's lines that did not become rows are erased", subjectErrors},
		{"what names nobody is refused", subjectRefused},
		{"every text that tells of a person is erased", func(t *testing.T, h Harness) { plantedPerson(t, h, false) }},
		{"no text that tells of a person is in an anonymous row", func(t *testing.T, h Harness) { plantedPerson(t, h, true) }},
		{"interrupted erasure ends when run again", subjectInterrupted},
	}
}

// The planted values of the one who goes.
const (
	goes     = "planted-person-goes"
	goesMail = "planted-mail-goes"
	stays    = "someone-stays"
)

// visit sends a hit of a user that is full of them.
func visit(t *testing.T, h Harness, endpoint, user, more string) string {
	t.Helper()
	u := url.QueryEscape(user)
	a := get(t, h, endpoint+"/shop/a.gif?uid="+u+"&duid=v-"+u+"&guest="+u+"&url=https%3A%2F%2Fshop.example%2Frooms%3Fq%3D"+u+more, "User-Agent", "agent-of-"+u)
	mustRecord(t, a)
	return a.id
}

// others are all columns of every row that is not of the one who goes.
func others(t *testing.T, h Harness) [][]any {
	t.Helper()
	return ask(t, h, "SELECT * FROM tp_hits WHERE user_id IS NULL OR user_id <> '"+goes+"' ORDER BY event_id")
}

func mustErase(t *testing.T, h Harness, o pipeline.EraseOptions) pipeline.Receipt {
	t.Helper()
	r, err := h.Pipeline.EraseSubject(t.Context(), o, nil)
	if err != nil {
		t.Fatalf("erase: %v", err)
	}
	if !o.DryRun {
		checkReceipt(t, o, r)
	}
	return r
}

// checkReceipt wants counts that add up, a digest of each file, and no person.
func checkReceipt(t *testing.T, o pipeline.EraseOptions, r pipeline.Receipt) {
	t.Helper()
	var rows int64
	for _, f := range r.Files {
		rows += f.Changed
		kept := f.RowsBefore
		if !o.Anonymise {
			kept -= f.Changed
		}
		if f.Name == "" || f.Changed == 0 || f.RowsAfter != kept || (f.SHA256 == "") != (f.RowsAfter == 0) {
			t.Errorf("receipt of a file: %+v", f)
		}
	}
	if rows != r.Rows || r.Column != o.Column || r.ValueHash != o.Hash() || r.Anonymise != o.Anonymise || r.DryRun {
		t.Errorf("receipt %+v, whose files have %d rows", r, rows)
	}
	r.Matches = pipeline.SubjectMatches{}
	if strings.Contains(fmt.Sprintf("%+v", r), o.Value) {
		t.Errorf("the receipt names the person: %+v", r)
	}
}

func findSubject(t *testing.T, h Harness, s pipeline.Subject) pipeline.SubjectMatches {
	t.Helper()
	m, err := h.Pipeline.FindSubject(t.Context(), s, nil)
	if err != nil {
		t.Fatalf("find: %v", err)
	}
	var rows, size int64
	for _, f := range m.Files {
		rows, size = rows+f.Rows, size+f.Bytes
	}
	if rows != m.Rows || size != m.Bytes || m.Column != s.Column || !slices.Contains(m.Values, s.Value) {
		t.Errorf("found %+v, whose files have %d rows and %d bytes", m, rows, size)
	}
	return m
}

// exported gives the ids of the rows that an export has.
func exported(t *testing.T, h Harness, s pipeline.Subject) []string {
	t.Helper()
	rows, err := h.Pipeline.ExportSubject(t.Context(), s, nil)
	if err != nil {
		t.Fatalf("export: %v", err)
	}
	at := slices.IndexFunc(rows.Columns(), func(c query.Column) bool { return c.Name == "event_id" })
	if n := len(rows.Columns()); at < 0 || n < len((event.Schema{}).Names()) {
		t.Fatalf("an export has %d columns, event_id at %d", n, at)
	}
	all, err := collect(t.Context(), rows)
	if err != nil {
		t.Fatalf("read export: %v", err)
	}
	if err := rows.Close(); err != nil {
		t.Fatalf("close export: %v", err)
	}
	var ids []string
	params := slices.IndexFunc(rows.Columns(), func(c query.Column) bool { return c.Name == "params" })
	for _, row := range all {
		if pairs, ok := row[params].(query.Pairs); row[params] != nil && (!ok || len(pairs) == 0) {
			t.Errorf("params of an export cannot be read back: %v", row[params])
		}
		ids = append(ids, fmt.Sprint(row[at]))
	}
	slices.Sort(ids)
	return ids
}

// notStored looks for texts in everything that a stack holds, and in its rows.
func notStored(t *testing.T, h Harness, texts ...string) {
	t.Helper()
	all := stored(t, h)
	all["SELECT * FROM tp_hits"] = fmt.Append(nil, ask(t, h, "SELECT * FROM tp_hits"))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		for _, text := range texts {
			if bytes.Contains(all[name], []byte(text)) {
				t.Errorf("%s is stored in %s", text, name)
			}
		}
	}
}

func eraseSubject(t *testing.T, h Harness) {
	d := deploy(t, h)
	ids := []string{visit(t, h, d.Endpoint, goes, "")}
	visit(t, h, d.Endpoint, stays, "&rooms=2")
	settle(t, h)
	visit(t, h, d.Endpoint, stays, "")
	ids = append(ids, visit(t, h, d.Endpoint, goes, "&mail="+goesMail), visit(t, h, d.Endpoint, goes, ""))
	settle(t, h)
	slices.Sort(ids)
	who := pipeline.Subject{Column: "user_id", Value: goes}
	eraseThree(t, h, who, ids)
	notStored(t, h, goes, goesMail)
	visit(t, h, d.Endpoint, goes, "")
	settle(t, h)
	if m := findSubject(t, h, who); m.Rows != 1 {
		t.Errorf("a visit after it: %+v", m)
	}
}

// eraseThree has a person with three rows in two files or more go.
func eraseThree(t *testing.T, h Harness, who pipeline.Subject, ids []string) {
	t.Helper()
	before := others(t, h)
	if m := findSubject(t, h, who); m.Rows != 3 || len(m.Files) < 2 {
		t.Errorf("found %+v, want 3 rows in 2 files", m)
	}
	if got := exported(t, h, who); !slices.Equal(got, ids) {
		t.Errorf("exported %v, want %v", got, ids)
	}
	dry := mustErase(t, h, pipeline.EraseOptions{Subject: who, DryRun: true})
	if !dry.DryRun || dry.Matches.Rows != 3 || len(dry.Files) != 0 || count(t, h) != int64(len(before)+3) {
		t.Errorf("dry run: %+v", dry)
	}
	if r := mustErase(t, h, pipeline.EraseOptions{Subject: who}); r.Rows != 3 || len(r.Files) < 2 {
		t.Errorf("receipt %+v, want 3 rows of 2 files", r)
	}
	if after := others(t, h); !reflect.DeepEqual(after, before) {
		t.Errorf("rows of others\n%v\nwere\n%v", after, before)
	}
	h.Pipeline = h.Again()
	nobodyLeft(t, h, who, len(before))
}

// nobodyLeft wants none of the person's rows, and so many of others.
func nobodyLeft(t *testing.T, h Harness, who pipeline.Subject, others int) {
	t.Helper()
	if r := mustErase(t, h, pipeline.EraseOptions{Subject: who}); r.Rows != 0 || len(r.Files) != 0 {
		t.Errorf("erased again: %+v", r)
	}
	if m := findSubject(t, h, who); m.Rows != 0 || len(m.Files) != 0 || len(exported(t, h, who)) != 0 || count(t, h) != int64(others) {
		t.Errorf("after it: %+v", m)
	}
}

// plantedPerson erases somebody of whom every input of a hit tells, or makes
// the row anonymous, and looks for each of these texts in every stored byte.
func plantedPerson(t *testing.T, h Harness, anonymise bool) {
	var open, stripped privacytest.Case
	for _, c := range privacytest.Cases() {
		switch c.Name {
		case "open":
			open = c
		case "strip":
			stripped = c
		}
	}
	plant(t, h, open, deploySpec(t, h, open.Spec).Endpoint)
	settle(t, h)
	rows := fmt.Append(nil, ask(t, h, "SELECT * FROM tp_hits"))
	user := privacytest.Values()[0]
	if !slices.Equal(user.Columns, []string{"user_id"}) || !bytes.Contains(rows, []byte(user.Text)) {
		t.Fatalf("%+v is not the user, or was not stored", user)
	}
	r := mustErase(t, h, pipeline.EraseOptions{Subject: pipeline.Subject{Column: "user_id", Value: user.Text}, Anonymise: anonymise})
	if r.Rows != 1 {
		t.Errorf("receipt %+v", r)
	}
	if !anonymise {
		notStored(t, h, open.Allowed()...)
		return
	}
	notStored(t, h, stripped.Forbidden()...)
	rows = fmt.Append(nil, ask(t, h, "SELECT * FROM tp_hits"))
	for _, text := range stripped.Allowed() {
		if sent(h, text) && !bytes.Contains(rows, []byte(text)) {
			t.Errorf("%s tells of nobody and is gone", text)
		}
	}
}

func anonymiseSubject(t *testing.T, h Harness) {
	guest := asked("guest", event.String)
	guest.Personal = true
	d := deploySpec(t, h, spec.Spec{Fields: []spec.Field{guest, asked("rooms", event.Int)}})
	id := visit(t, h, d.Endpoint, goes, "&rooms=3&utm_campaign=spring")
	visit(t, h, d.Endpoint, stays, "&rooms=2")
	settle(t, h)
	before := others(t, h)
	o := pipeline.EraseOptions{Subject: pipeline.Subject{Column: "user_id", Value: goes}, Anonymise: true}
	if r := mustErase(t, h, o); r.Rows != 1 {
		t.Errorf("receipt %+v, want 1 row", r)
	}
	rows := ask(t, h, "SELECT user_id, visitor_id, ip, ip_mode, guest, user_agent, page_url, page_query, rooms, utm_campaign, site FROM tp_hits WHERE event_id = '"+id+"'")
	want := []any{nil, nil, nil, "none", nil, nil, "https://shop.example/rooms", nil, int64(3), "spring", "shop"}
	if len(rows) != 1 || !reflect.DeepEqual(rows[0], want) {
		t.Errorf("anonymous rows\n%v\nwant\n%v", rows, want)
	}
	after := slices.DeleteFunc(others(t, h), func(row []any) bool { return slices.Contains(row, any(id)) })
	if !reflect.DeepEqual(after, before) {
		t.Errorf("rows of others\n%v\nwere\n%v", after, before)
	}
	if r := mustErase(t, h, o); r.Rows != 0 || len(r.Files) != 0 {
		t.Errorf("made anonymous again: %+v", r)
	}
	notStored(t, h, goes)
}

func subjectColumns(t *testing.T, h Harness) {
	d := deploy(t, h)
	strange := `o'Neill "x" \ ünï 100%`
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?uid="+url.QueryEscape(strange)))
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?uid=o&duid="+url.QueryEscape(strange)))
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?uid=x"))
	settle(t, h)
	for _, column := range []string{"user_id", "visitor_id"} {
		who := pipeline.Subject{Column: column, Value: strange}
		if m := findSubject(t, h, who); m.Rows != 1 || len(exported(t, h, who)) != 1 {
			t.Errorf("%s: found %+v", column, m)
		}
		if r := mustErase(t, h, pipeline.EraseOptions{Subject: who}); r.Rows != 1 {
			t.Errorf("%s: receipt %+v", column, r)
		}
	}
	if m := findSubject(t, h, pipeline.Subject{Column: "network_id", Value: strange}); m.Rows != 0 {
		t.Errorf("a column that holds nothing: %+v", m)
	}
	if rows := ask(t, h, "SELECT user_id FROM tp_hits"); len(rows) != 1 || rows[0][0] != "x" {
		t.Errorf("rows %v, want the other one", rows)
	}
}

// subjectAddress has a network with two people in it, before and after it was
// stored whole.
func subjectAddress(t *testing.T, h Harness) {
	if h.From == nil {
		t.Log("this test cannot choose where its requests come from")
		return
	}
	from := func(endpoint, peer string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, endpoint+"/p.gif", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		h.From(req, netip.MustParseAddr(peer))
		resp, err := h.Client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil || resp.Header.Get("X-Pixel-Status") != "recorded" {
			t.Fatalf("answer %v, %v", resp.Header, err)
		}
	}
	cut := deploy(t, h)
	from(cut.Endpoint, "203.0.113.77")
	from(cut.Endpoint, "198.51.100.7")
	settle(t, h)
	whole := deploySpec(t, h, spec.Spec{Privacy: spec.Privacy{IP: spec.IPFull}})
	from(whole.Endpoint, "203.0.113.77")
	from(whole.Endpoint, "203.0.113.78")
	settle(t, h)
	who := pipeline.Subject{Column: "ip", Value: "203.0.113.77"}
	m := findSubject(t, h, who)
	if m.Rows != 2 || !slices.Contains(m.Values, "203.0.113.0") || !strings.Contains(strings.Join(m.Notes, "\n"), "256 addresses") {
		t.Errorf("found %+v, want the whole and the cut one, and a note", m)
	}
	if r := mustErase(t, h, pipeline.EraseOptions{Subject: who}); r.Rows != 2 {
		t.Errorf("receipt %+v", r)
	}
	if rows := ask(t, h, "SELECT ip FROM tp_hits ORDER BY 1"); !reflect.DeepEqual(rows, [][]any{{"198.51.100.0"}, {"203.0.113.78"}}) {
		t.Errorf("left are %v", rows)
	}
}

func subjectWindow(t *testing.T, h Harness) {
	d := deploy(t, h)
	first := visit(t, h, d.Endpoint, goes, "&eid=1")
	h.Pass(2 * time.Millisecond) // received_at counts milliseconds
	second := visit(t, h, d.Endpoint, goes, "&eid=2")
	settle(t, h)
	at, ok := ask(t, h, "SELECT received_at FROM tp_hits WHERE event_id = '"+second+"'")[0][0].(time.Time)
	if !ok {
		t.Fatal("received_at is no time")
	}
	who := pipeline.Subject{Column: "user_id", Value: goes, Window: query.Window{Until: at}}
	if m := findSubject(t, h, who); m.Rows != 1 || !slices.Equal(exported(t, h, who), []string{first}) {
		t.Errorf("found %+v", m)
	}
	if r := mustErase(t, h, pipeline.EraseOptions{Subject: who}); r.Rows != 1 {
		t.Errorf("receipt %+v", r)
	}
	if rows := ask(t, h, "SELECT event_id FROM tp_hits"); len(rows) != 1 || rows[0][0] != second {
		t.Errorf("left are %v, want %s", rows, second)
	}
	who.Window = query.Window{Since: at}
	if r := mustErase(t, h, pipeline.EraseOptions{Subject: who}); r.Rows != 1 || count(t, h) != 0 {
		t.Errorf("receipt %+v", r)
	}
}

// subjectGenerations blanks a column that older files lack.
func subjectGenerations(t *testing.T, h Harness) {
	visit(t, h, deploy(t, h).Endpoint, goes, "&rooms=1")
	settle(t, h)
	guest := asked("guest", event.String)
	guest.Personal = true
	d := deploySpec(t, h, spec.Spec{Fields: []spec.Field{asked("rooms", event.Int), guest}})
	visit(t, h, d.Endpoint, goes, "&rooms=2")
	visit(t, h, d.Endpoint, stays, "&rooms=3")
	settle(t, h)
	who := pipeline.Subject{Column: "user_id", Value: goes}
	if r := mustErase(t, h, pipeline.EraseOptions{Subject: who, Anonymise: true}); r.Rows != 2 || len(r.Files) < 2 {
		t.Errorf("receipt %+v", r)
	}
	rows := ask(t, h, "SELECT rooms, user_id, guest FROM tp_hits ORDER BY received_at")
	if want := [][]any{{nil, nil, nil}, {int64(2), nil, nil}, {int64(3), stays, stays}}; !reflect.DeepEqual(rows, want) {
		t.Errorf("rows %v, want %v", rows, want)
	}
}
