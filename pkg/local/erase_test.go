package local

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/local/disk/disktest"
	"pixelctl/pkg/local/spool"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
	"pixelctl/pkg/reject"
)

const (
	ada   = "planted-user-ada"
	adaIP = "203.0.113.77"
)

// hitOf is a record full of somebody.
func hitOf(id, user string, at time.Time) event.Record {
	return event.Record{
		SchemaVersion: event.SchemaVersion, EventID: id, ReceivedAt: event.MillisOf(at),
		Event: event.DefaultEvent, Site: event.DefaultSite, ClientClass: event.ClassUnknown, Status: event.StatusRecorded,
		UserID: user, VisitorID: "visitor-of-" + user, IP: adaIP, UserAgent: "agent-of-" + user,
		PageURL: "https://shop.example/rooms?q=" + user, PageQuery: "q=" + user, Params: []event.Param{{Key: "mail", Value: user + "@example.com"}},
	}
}

// plantLake makes a lake as a server that was killed leaves it, without its
// settings: hours 9 and 10 hold both people, 11 only the one who goes, and so
// do error lines, a torn end, a half-written file and the links of a question.
func plantLake(t *testing.T) Layout {
	t.Helper()
	l := Layout{Dir: filepath.Join(t.TempDir(), "stack")}
	for i, hours := range [][]int{{9, 10}, {9}, {11}} {
		var lines []byte
		for _, hour := range hours {
			for k, user := range []string{ada, "bob", "carol"} {
				if hour != 11 || user == ada {
					r := hitOf(fmt.Sprintf("e-%d-%d-%d", i, hour, k), user, time.Date(2026, 7, 5, hour, 10, k, 0, time.UTC))
					lines = r.AppendLine(lines)
				}
			}
		}
		lines = append(lines, `{"event_id":"bad","user_id":"`+ada+`","received_at":"yesterday"}`+"\n"+`{"event_id":"bad","user_id":"bob","received_at":"yesterday"}`+"\n"...)
		if i == 2 {
			lines = append(lines, `{"event_id":"torn","user_id":"`+ada[:9]...)
		}
		for _, dir := range []string{l.Spool(), l.Lake(), filepath.Join(l.Snapshots(), "query-1")} {
			if err := os.MkdirAll(dir, dirPerm); err != nil {
				t.Fatal(err)
			}
		}
		name := fmt.Sprintf("178324260000%d-0a1b2c3d", i) + spool.Suffix
		for _, dir := range []string{l.Spool(), filepath.Join(l.Snapshots(), "query-1")} {
			put(t, filepath.Join(dir, name), string(lines))
		}
	}
	if _, err := oneLife(t, l, disk.OS{}, Convert{}); err != nil {
		t.Fatal(err)
	}
	ids(t, New(Options{Stack: "test", Dir: l.Dir})) // registers the hours
	put(t, filepath.Join(l.Data(), "year=2026/month=7/day=5/hour=9", ".x.parquet"+freshSuffix), ada)
	put(t, filepath.Join(l.Lake(), ".staging", "s", "rows.ndjson"), ada)
	return l
}

// rowsOf gives all columns of the rows that are not the erased person's, by id.
func rowsOf(t *testing.T, l Layout) map[string]string {
	t.Helper()
	all := map[string]string{}
	rows, err := New(Options{Stack: "test", Dir: l.Dir}).Query(t.Context(), pipeline.QueryOptions{SQL: "SELECT event_id, * FROM tp_hits ORDER BY event_id"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for {
		row, err := rows.Next(t.Context())
		if err != nil {
			break
		}
		id := fmt.Sprint(row[0])
		if _, twice := all[id]; twice {
			t.Errorf("row %s is there twice", id)
		}
		all[id] = fmt.Sprint(row)
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	return all
}

func copyTree(t *testing.T, from Layout) Layout {
	t.Helper()
	to := Layout{Dir: filepath.Join(t.TempDir(), "stack")}
	if err := os.CopyFS(to.Dir, os.DirFS(from.Dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

// nowhere wants a text in no byte that is stored, nor in a row.
func nowhere(t *testing.T, l Layout, rows map[string]string, what, text string) {
	t.Helper()
	err := walkFiles(l.Dir, "", func(path string, _ fs.FileInfo) error {
		b, err := os.ReadFile(path)
		for line := range bytes.Lines(b) {
			if e, err := reject.ParseErrorLine(line); err == nil {
				b = append(b, e.RawData...)
			}
		}
		if bytes.Contains(b, []byte(text)) {
			t.Errorf("%s: %s holds %s", what, path, text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if strings.Contains(row, text) {
			t.Errorf("%s: row %s", what, row)
		}
	}
}

// A process that dies at any one of its file operations while it erases leaves
// every row of others once, and the next one brings it to an end.
func TestKilledErase(t *testing.T) {
	t.Parallel()
	whole := plantLake(t)
	before := rowsOf(t, whole)
	for name, o := range map[string]pipeline.EraseOptions{
		"erase":     {Subject: pipeline.Subject{Column: "user_id", Value: ada}},
		"anonymise": {Subject: pipeline.Subject{Column: "user_id", Value: ada}, Anonymise: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := maps.Clone(before)
			maps.DeleteFunc(want, func(_, row string) bool { return strings.Contains(row, ada) })
			for n := 1; ; n++ {
				if n > 500 {
					t.Fatal("the erasure never ends")
				}
				if o.Anonymise && n%5 != 0 && os.Getenv("PIXELCTL_LONG") == "" {
					continue // most steps are those of an erasure
				}
				l := copyTree(t, whole)
				target := New(Options{Stack: "test", Dir: l.Dir})
				faults := disktest.NewFaults(disk.OS{})
				faults.KillAt(n, true)
				first, err := target.erase(t.Context(), faults, o, nil)
				if faults.Killed() != (err != nil) || err != nil && !errors.Is(err, disktest.ErrKilled) {
					t.Fatalf("killed at %d: %v", n, err)
				}
				checkOthers(t, rowsOf(t, l), n, want)
				if faults.Killed() {
					second, err := target.EraseSubject(t.Context(), o, nil)
					if err != nil {
						t.Fatalf("after a kill at %d: %v", n, err)
					}
					if second.Rows+second.Errors > 0 { // else the kill came when all was done and told
						first = second
					}
				}
				checkReceipt(t, first, o.Anonymise)
				if exists(l.Erasure()) {
					t.Errorf("killed at %d: the journal is left over", n)
				}
				rows := rowsOf(t, l)
				checkOthers(t, rows, n, want)
				checkErased(t, l, rows, n, o, len(before))
				if !faults.Killed() {
					return
				}
			}
		})
	}
}

func checkOthers(t *testing.T, got map[string]string, n int, want map[string]string) {
	t.Helper()
	for id, row := range want {
		if got[id] != row {
			t.Errorf("killed at %d: row %s is\n%s\nwant\n%s", n, id, got[id], row)
		}
	}
}

// checkErased wants nothing of the person, whatever was killed before, and
// nothing half done.
func checkErased(t *testing.T, l Layout, got map[string]string, n int, o pipeline.EraseOptions, rows int) {
	t.Helper()
	when := fmt.Sprintf("killed at %d", n)
	nowhere(t, l, got, when, ada)
	target := New(Options{Stack: "test", Dir: l.Dir})
	m, err := target.FindSubject(t.Context(), o.Subject, nil)
	if err != nil || m.Rows+m.Spool+m.Errors != 0 {
		t.Errorf("%s: found %+v, %v", when, m, err)
	}
	wantRows, wantHours := rows-4, 2
	if o.Anonymise {
		wantRows, wantHours = rows, 3
	}
	c, _, err := readCatalog(l)
	if len(got) != wantRows || err != nil || len(c.Hours()) != wantHours {
		t.Errorf("%s: %d rows in hours %v, %v; want %d rows", when, len(got), c.Hours(), err, wantRows)
	}
	bobs, files := 0, 0
	err = walkFiles(l.Lake(), "", func(path string, _ fs.FileInfo) error {
		b, err := os.ReadFile(path)
		if strings.HasSuffix(path, ".json") {
			bobs += bytes.Count(b, []byte("\n"))
		}
		files++
		return err
	})
	if left, globErr := filepath.Glob(filepath.Join(l.Snapshots(), "*")); err != nil || globErr != nil || bobs != 3 || files != wantHours+4 || len(left) > 0 {
		t.Errorf("%s: %d error lines, %d files, snapshots %v, %v", when, bobs, files, left, err)
	}
}

// checkReceipt wants counts and digests, and no person.
func checkReceipt(t *testing.T, r pipeline.Receipt, anonymise bool) {
	t.Helper()
	if r.Rows != 4 || r.Errors != 4 || len(r.Files) != 4 || r.DryRun || r.Anonymise != anonymise {
		t.Errorf("receipt %+v", r)
	}
	for _, f := range r.Files {
		gone := strings.Contains(f.Name, "hour=11") && !anonymise
		if gone != (f.SHA256 == "") || gone != (f.RowsAfter == 0) || f.Changed != 1 || !anonymise && f.RowsBefore-f.RowsAfter != 1 {
			t.Errorf("receipt of a file: %+v", f)
		}
	}
	if strings.Contains(fmt.Sprintf("%+v", r), ada) {
		t.Errorf("the receipt names the person: %+v", r)
	}
}

// Only what the columns say is found, in the window that is asked for.
func TestFindSubject(t *testing.T) {
	t.Parallel()
	l := plantLake(t)
	target := New(Options{Stack: "test", Dir: l.Dir})
	ten := time.Date(2026, 7, 5, 10, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		s            pipeline.Subject
		rows, errors int64
		files        int
	}{
		"all":      {pipeline.Subject{Column: "user_id", Value: ada}, 4, 4, 4},
		"since":    {pipeline.Subject{Column: "user_id", Value: ada, Window: query.Window{Since: ten}}, 2, 3, 2},
		"until":    {pipeline.Subject{Column: "user_id", Value: ada, Window: query.Window{Until: ten}}, 2, 0, 2},
		"visitor":  {pipeline.Subject{Column: "visitor_id", Value: "visitor-of-" + ada}, 4, 0, 4},
		"address":  {pipeline.Subject{Column: "ip", Value: adaIP}, 10, 0, 4},
		"neighbor": {pipeline.Subject{Column: "ip", Value: "203.0.113.78"}, 0, 0, 0},
		"nobody":   {pipeline.Subject{Column: "network_id", Value: ada}, 0, 0, 0},
	} {
		m, err := target.FindSubject(t.Context(), c.s, nil)
		if err != nil || m.Rows != c.rows || m.Errors != c.errors || len(m.Files) != c.files || m.Scanned <= 0 || m.Spool != 0 || len(m.Notes) == 0 {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
}

// Files of hours that nobody registered, of directories with another form of
// name, and lines that wait, are found too; what is half done is left alone.
func TestEraseUnusualPlaces(t *testing.T) {
	t.Parallel()
	l := plantLake(t)
	files, err := listAll(l, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(files.files[0].Path)
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(l.Data(), "year=2026/month=07/day=05/hour=09/a.parquet"), string(b))
	put(t, filepath.Join(l.Data(), "stray.parquet"), string(b))
	o := pipeline.EraseOptions{Subject: pipeline.Subject{Column: "user_id", Value: ada}}
	r, err := New(Options{Stack: "test", Dir: l.Dir}).EraseSubject(t.Context(), o, nil)
	if err != nil || r.Rows != 6 || len(r.Files) != 6 {
		t.Errorf("receipt %+v, %v", r, err)
	}
	nowhere(t, l, rowsOf(t, l), "after", ada)
}

// A file that cannot be read is named; the others are erased all the same.
func TestEraseBesideDamage(t *testing.T) {
	t.Parallel()
	l := plantLake(t)
	broken := "data/year=2026/month=7/day=5/hour=9/broken.parquet"
	put(t, filepath.Join(l.Lake(), broken), "no Parquet")
	target := New(Options{Stack: "test", Dir: l.Dir})
	o := pipeline.EraseOptions{Subject: pipeline.Subject{Column: "user_id", Value: ada}}
	m, err := target.FindSubject(t.Context(), o.Subject, nil)
	if err != nil || m.Rows != 4 || !strings.Contains(strings.Join(m.Notes, "\n"), broken) {
		t.Errorf("found %+v, %v", m, err)
	}
	r, err := target.EraseSubject(t.Context(), o, nil)
	if partly := (*fault.Error)(nil); !errors.As(err, &partly) || partly.Kind != fault.Partial || len(partly.Left) != 1 || partly.Left[0] != broken || r.Rows != 4 {
		t.Errorf("receipt %+v, %v", r, err)
	}
	if m, err = target.FindSubject(t.Context(), o.Subject, nil); err != nil || m.Rows+m.Errors != 0 {
		t.Errorf("after it: %+v, %v", m, err)
	}
}

// Bad input is refused before anything happens.
func TestSubjectRefuses(t *testing.T) {
	t.Parallel()
	target := New(Options{Stack: "test", Dir: filepath.Join(t.TempDir(), "none")})
	for _, c := range []struct {
		s    pipeline.Subject
		kind fault.Kind
	}{
		{pipeline.Subject{Column: "email", Value: "x"}, fault.Usage},
		{pipeline.Subject{Column: "user_id"}, fault.Usage},
		{pipeline.Subject{Column: "ip", Value: "here"}, fault.Usage},
		{pipeline.Subject{Column: "user_id", Value: "x"}, fault.NotDeployed},
	} {
		_, find := target.FindSubject(t.Context(), c.s, nil)
		_, export := target.ExportSubject(t.Context(), c.s, nil)
		_, erase := target.EraseSubject(t.Context(), pipeline.EraseOptions{Subject: c.s}, nil)
		_, dry := target.EraseSubject(t.Context(), pipeline.EraseOptions{Subject: c.s, DryRun: true}, nil)
		for _, err := range []error{find, export, erase, dry} {
			if fault.KindOf(err) != c.kind {
				t.Errorf("%+v: %v", c.s, err)
			}
		}
	}
	if exists(target.o.Dir) {
		t.Error("a directory was made")
	}
}
