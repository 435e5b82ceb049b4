package cloud_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// anna is the person of these tests, bert somebody else.
var anna = pipeline.Subject{Column: "user_id", Value: "o'anna \"é\""}

const annaUID = "o%27anna%20%22%C3%A9%22"

// guests deploys and has five rows: a file of both, one of anna alone, one of
// bert alone, and anna's last row still in the stream.
func (a *account) guests() {
	a.Helper()
	if a.want.Buffer == nil {
		a.want.Buffer = new(15 * time.Minute)
	}
	d := a.deploy()
	anna, bert := "uid="+annaUID, "uid=bert"
	for _, step := range [][2]string{
		{"09:10:00", anna + "&x=1&utm_source=mail&url=https%3A%2F%2Fa.example%2Fb%3Fme%3Danna"},
		{"09:20:00", bert + "&x=%22%5C%27&value=1.5&ts=1783242000123&url=https%3A%2F%2Fa.example%2Fb%3Fme%3Dbert"},
		{},
		{"09:59:30", anna},
		{},
		{"10:40:00", bert},
		{},
		{"11:30:00", anna},
	} {
		if step[0] != "" {
			a.visit(d.Endpoint, step[0], step[1], "")
		} else if err := a.settle(a.Context()); err != nil {
			a.Fatal(err)
		}
	}
}

// table gives whole rows as text.
func (a *account) table(sql string) []string {
	a.Helper()
	rows, err := a.target().Query(a.Context(), pipeline.QueryOptions{SQL: sql}, nil)
	if err != nil {
		a.Fatal(err)
	}
	return a.drained(rows)
}

func (a *account) drained(rows query.Rows) (all []string) {
	a.Helper()
	for {
		row, err := rows.Next(a.Context())
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			a.Fatal(err)
		}
		all = append(all, fmt.Sprintf("%q", row))
	}
	if err := rows.Close(); err != nil {
		a.Fatal(err)
	}
	return all
}

const bertsRows = "SELECT * FROM tp_hits WHERE user_id = 'bert' ORDER BY received_at"

// errorLine is what Firehose writes of a record that it could not convert.
func errorLine(hms, record string) string {
	return fmt.Sprintf(`{"arrivalTimestamp":%d,"rawData":"%s"}`+"\n", at(hms).UnixMilli(), base64.StdEncoding.EncodeToString([]byte(record)))
}

const (
	annasRecord = `{"user_id":"o'anna \"é\"","value":"much"}` + "\n"
	bertsRecord = `{"user_id":"bert","value":"much","page_title":"o'anna"}` + "\n"
	errorDay    = "errors/format-conversion-failed/year=2026/month=7/day=5/"
)

// failed puts error lines: a file of both, and one of anna alone.
func (a *account) failed() {
	a.Helper()
	for name, body := range map[string]string{
		errorDay + "both": errorLine("09:10:00", annasRecord) + errorLine("09:11:00", bertsRecord) + "no error line\n",
		errorDay + "anna": errorLine("09:12:00", annasRecord) + errorLine("09:13:00", `{"user_id":"o'anna \"é\"","cut off`),
	} {
		if err := a.fake.S3.Put(a.data(), name, []byte(body)); err != nil {
			a.Fatal(err)
		}
	}
}

func TestFindSubject(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.guests()
	a.failed()
	a.column("SELECT count(*) FROM tp_hits") // whose result is stored
	var told []string
	m, err := a.target().FindSubject(t.Context(), anna, func(e pipeline.Event) { told = append(told, e.Text) })
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Files) != 2 || m.Rows != 2 || m.Errors != 3 || m.Results != 1 || m.Spool != -1 || m.Column != "user_id" || !slices.Equal(m.Values, []string{anna.Value}) {
		t.Errorf("%+v", m)
	}
	var bytes int64
	for _, f := range m.Files {
		bytes += f.Bytes
		if f.Rows != 1 || f.Bytes == 0 || !strings.HasPrefix(f.Name, "s3://"+a.data()+"/data/year=2026/month=7/day=5/hour=9/") {
			t.Errorf("%+v", f)
		}
	}
	if m.Bytes != bytes || m.Scanned <= 0 {
		t.Errorf("%d bytes in files, %d read", m.Bytes, m.Scanned)
	}
	if !slices.ContainsFunc(told, func(s string) bool { return strings.Contains(s, "bytes read, $") }) {
		t.Errorf("nobody told what it cost: %q", told)
	}
	for _, word := range []string{"params", "key of their day", "stream", "log group", "45 days"} {
		if !strings.Contains(strings.Join(m.Notes, "\n"), word) {
			t.Errorf("the notes do not tell of %s: %q", word, m.Notes)
		}
	}
	if again, err := a.target().FindSubject(t.Context(), pipeline.Subject{Column: "user_id", Value: "nobody"}, nil); err != nil || len(again.Files)+int(again.Rows+again.Errors) > 0 {
		t.Errorf("nobody: %+v, %v", again, err)
	}
}

func TestFindSubjectInWindow(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.guests()
	a.failed()
	for _, c := range []struct {
		since, until string
		rows, errors int64
	}{
		{"09:15:00", "", 1, 0},
		{"", "09:59:30", 1, 3},
		{"09:10:00", "09:59:30.001", 2, 3},
		{"09:11:00", "09:13:00", 0, 1},
	} {
		s := anna
		s.Window = query.Window{Since: at(c.since), Until: at(c.until)}
		if m, err := a.target().FindSubject(t.Context(), s, nil); err != nil || m.Rows != c.rows || m.Errors != c.errors {
			t.Errorf("[%s, %s): %+v, %v", c.since, c.until, m, err)
		}
	}
}

// An address is found whole, and where only its network was stored.
func TestFindSubjectByAddress(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	d := a.deploy()
	a.visit(d.Endpoint, "09:10:00", "uid=a", "203.0.113.77")
	a.visit(d.Endpoint, "09:10:01", "uid=b", "203.0.113.78")
	a.visit(d.Endpoint, "09:10:02", "uid=c", "203.0.114.77")
	a.visit(d.Endpoint, "09:10:03", "uid=d", "2001:db8:1:2::3")
	if err := a.settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string]struct {
		rows int64
		note string
	}{
		"203.0.113.77": {2, "256"}, "203.0.114.1": {1, "256"}, "2001:db8:1:9::1": {1, "/48"}, "198.51.100.1": {0, "256"}, "203.0.113.0": {2, ""},
	} {
		m, err := a.target().FindSubject(t.Context(), pipeline.Subject{Column: "ip", Value: value}, nil)
		if err != nil || m.Rows != want.rows || !strings.Contains(strings.Join(m.Notes, "\n"), want.note) {
			t.Errorf("%s: %+v, %v", value, m, err)
		}
	}
}

// What is looked for reaches SQL as a value, whatever it is.
func TestFindSubjectHostile(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.guests()
	for _, value := range []string{"' OR 1=1 --", `\' OR 1=1 --`, "x') OR ('a'='a", "?", "%", "ber_", "bert;", `"`, "\u2028"} {
		if m, err := a.target().FindSubject(t.Context(), pipeline.Subject{Column: "user_id", Value: value}, nil); err != nil || m.Rows != 0 {
			t.Errorf("%q: %+v, %v", value, m, err)
		}
	}
}

func TestExportSubject(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.guests()
	var told []string
	rows, err := a.target().ExportSubject(t.Context(), anna, func(e pipeline.Event) { told = append(told, e.Text) })
	if err != nil {
		t.Fatal(err)
	}
	columns := len(rows.Columns())
	got := a.drained(rows)
	slices.Sort(got)
	want := a.table("SELECT * FROM tp_hits WHERE user_id LIKE 'o''anna%'")
	for i := range want { // a question answers with a map's text, an export with its pairs
		want[i] = strings.Replace(want[i], `"{x=1}"`, `[{"x" "1"}]`, 1)
	}
	slices.Sort(want)
	if len(got) != 2 || !slices.Equal(got, want) || columns < 50 {
		t.Errorf("%d columns of %q, want %q", columns, got, want)
	}
	if !strings.Contains(strings.Join(told, "\n"), "results/") {
		t.Errorf("nobody told that the answer stays: %q", told)
	}
	s := anna
	s.Window = query.Window{Since: at("09:15:00")}
	if rows, err = a.target().ExportSubject(t.Context(), s, nil); err != nil {
		t.Fatal(err)
	}
	if got := a.drained(rows); len(got) != 1 {
		t.Errorf("%q in the window", got)
	}
}

// What names nobody is refused before any call.
func TestSubjectRefused(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.deploy()
	p, before := a.target(), len(a.fake.Calls())
	for _, s := range []pipeline.Subject{{}, {Column: "user_id"}, {Column: "params", Value: "x"}, {Column: "ip", Value: "here"}} {
		_, find := p.FindSubject(t.Context(), s, nil)
		_, export := p.ExportSubject(t.Context(), s, nil)
		_, erase := p.EraseSubject(t.Context(), pipeline.EraseOptions{Subject: s}, nil)
		for _, err := range []error{find, export, erase} {
			if fault.KindOf(err) != fault.Usage {
				t.Errorf("%+v: %v", s, err)
			}
		}
	}
	if n := len(a.fake.Calls()); n != before {
		t.Errorf("%d calls", n-before)
	}
}
