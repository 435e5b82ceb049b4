package report_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/query"
	"pixelctl/pkg/report"
)

// Reports are what a plain computation over the same records says, whatever
// the records, the window, the zone and the step: copies also across hours,
// rows in the hour before theirs, clocks that change.
func TestReportsEqualAPlainComputation(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(6, 3))
	for i := range 6 {
		middle := moments()[i%len(moments())]
		records := anyRecords(random, middle, random.IntN(160))
		engine := openLake(t, t.TempDir(), records)
		for range 3 {
			for _, name := range report.Names() {
				c := anyCase(t, random, name, middle)
				c.compare(t, engine, records)
			}
		}
	}
}

// moments are days at which some zone changes its clocks, and one that is none.
func moments() []time.Time {
	day := func(m time.Month, d int) time.Time { return time.Date(2026, m, d, 6, 0, 0, 0, time.UTC) }
	return []time.Time{day(3, 29), day(10, 25), day(11, 1), day(4, 5), day(9, 6), day(3, 8), day(7, 1)}
}

func zones() []string {
	return []string{
		"", "UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "Asia/Kathmandu",
		"America/Santiago", "America/Havana", "Asia/Beirut", "Australia/Sydney",
	}
}

// testCase is one report that is asked for.
type testCase struct{ report.Options }

func anyCase(t *testing.T, r *rand.Rand, name string, middle time.Time) testCase {
	t.Helper()
	zone := zones()[r.IntN(len(zones()))]
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	o := report.Options{Name: name, Zone: zone, Limit: 1 + r.IntN(12), Buffer: time.Hour, Compare: r.IntN(2) == 0}
	o.Step = append(report.Steps(), "")[r.IntN(5)]
	instant := func(around time.Duration) time.Time {
		at := middle.Add(time.Duration(r.Int64N(int64(2*around))) - around).Truncate(time.Millisecond)
		switch y, m, d := at.In(loc).Date(); r.IntN(3) {
		case 0:
			return at.Truncate(time.Hour)
		case 1:
			return time.Date(y, m, d, 0, 0, 0, 0, loc).UTC()
		}
		return at
	}
	around := []time.Duration{36 * time.Hour, 10 * 24 * time.Hour, 80 * 24 * time.Hour}[r.IntN(3)]
	o.Window = query.Window{Since: instant(around), Until: instant(around)}
	if !o.Window.Since.Before(o.Window.Until) {
		o.Window = query.Window{Since: o.Window.Until, Until: o.Window.Since.Add(time.Millisecond)}
	}
	o.Now = o.Window.Until.Add(time.Hour)
	return testCase{o}
}

func (c testCase) compare(t *testing.T, engine query.Engine, records []stored) {
	t.Helper()
	got, err := report.Make(t.Context(), engine, c.Options)
	if err != nil {
		t.Fatalf("%+v: %v", c.Options, err)
	}
	if !got.Window.Since.Equal(c.Window.Since) || !got.Window.Until.Equal(c.Window.Until) {
		t.Errorf("%+v: the window is %v", c.Options, got.Window)
	}
	want := c.oracle(t, records, got.Window, c.Options.Limit, got).report(c.Name)
	if len(got.Parts) != len(want) {
		t.Fatalf("%+v: %d parts, want %d", c.Options, len(got.Parts), len(want))
	}
	for i, p := range got.Parts {
		c.part(t, p, want[i])
	}
	if c.Compare {
		past := c.oracle(t, records, got.Compare, 1<<30, got).report(c.Name)
		for i, p := range got.Parts {
			c.before(t, p, past[i])
		}
	}
}

func (c testCase) oracle(t *testing.T, records []stored, w query.Window, limit int, r report.Report) oracle {
	t.Helper()
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		t.Fatal(err)
	}
	o := oracle{all: records, window: w, zone: zone, end: w.Until, limit: limit}
	for _, p := range r.Parts {
		o.step += p.Step // one part at most has one
	}
	return o
}

func (c testCase) part(t *testing.T, got report.Part, want want) {
	t.Helper()
	if got.Name != want.name || len(got.Rows) != len(want.rows) || got.More != int64(want.more) {
		t.Errorf("%+v: part %s has %d rows and %d more, want %s with %d and %d: %v",
			c.Options, got.Name, len(got.Rows), got.More, want.name, len(want.rows), want.more, got.Rows)
		return
	}
	for i, row := range got.Rows {
		w := want.rows[i]
		if w.label != nil && !slices.Equal(row.Label[:len(w.label)], w.label) {
			t.Errorf("%+v: row %d of %s is %q, want %q", c.Options, i, got.Name, row.Label, w.label)
		}
		if i > 0 && !row.At.Equal(w.at) || i == 0 && row.At.After(w.at) {
			t.Errorf("%+v: row %d of %s begins at %s, want %s", c.Options, i, got.Name, row.At, w.at)
		}
		if len(row.Values) != len(w.values) || len(got.Measures) != len(w.values) {
			t.Fatalf("%+v: row %d of %s has %d values, want %d", c.Options, i, got.Name, len(row.Values), len(w.values))
		}
		for j, v := range row.Values {
			if d := w.values[j].differs(v); d != "" {
				t.Errorf("%+v: %s of row %d %q %s of %s: %s", c.Options, got.Measures[j].Name, i, row.Label, row.At, got.Name, d)
			}
		}
	}
}

// before compares the numbers of the period before.
func (c testCase) before(t *testing.T, got report.Part, past want) {
	t.Helper()
	for i, row := range got.Rows {
		at := i
		if len(got.Labels) > 0 && past.rows != nil && past.rows[0].label != nil {
			at = slices.IndexFunc(past.rows, func(w wantRow) bool { return slices.Equal(w.label, row.Label[:len(w.label)]) })
		}
		for j, v := range row.Values {
			switch {
			case at >= 0 && at < len(past.rows):
				w := past.rows[at].values[j]
				was := report.Value{N: v.Before}
				if w.share { // the interval of the period before is not told
					w, was = wantValue{n: w.n / w.of}, report.Value{N: v.Before}
					if w.n != w.n { // of nothing
						if v.Before != nil {
							t.Errorf("%+v: a share of nothing was known", c.Options)
						}
						continue
					}
				}
				if d := w.differs(was); d != "" {
					t.Errorf("%+v: before, %s of row %d %q of %s: %s", c.Options, got.Measures[j].Name, i, row.Label, got.Name, d)
				}
			case len(got.Labels) > 0 && got.Measures[j].Kind == report.Count:
				if v.Before == nil || *v.Before != 0 {
					t.Errorf("%+v: row %q of %s was not there and had %s", c.Options, row.Label, got.Name, text(v.Before))
				}
			case v.Before != nil:
				t.Errorf("%+v: row %d of %s had %s", c.Options, i, got.Name, text(v.Before))
			}
		}
	}
}

// anyRecords are records around a moment, some of them several times.
func anyRecords(r *rand.Rand, middle time.Time, n int) []stored {
	var out []stored
	for i := range n {
		s := stored{Record: anyRecord(r, middle, i)}
		for range 1 + max(r.IntN(6)-4, 0)*(1+r.IntN(2)) {
			s.late = r.IntN(5) == 0
			out = append(out, s)
		}
	}
	return out
}

func anyRecord(r *rand.Rand, middle time.Time, i int) event.Record {
	one := func(list ...string) string { return list[r.IntN(len(list))] }
	around := []time.Duration{time.Minute, 30 * time.Hour, 100 * 24 * time.Hour}[r.IntN(3)]
	at := middle.Add(time.Duration(r.Int64N(int64(2*around))) - around)
	if r.IntN(4) == 0 {
		at = at.Truncate(time.Hour)
	}
	out := event.Record{
		SchemaVersion: event.SchemaVersion, EventID: fmt.Sprintf("id-%d", i), ReceivedAt: event.MillisOf(at), Event: "view", Site: "shop",
		Status: one("recorded", "recorded", "recorded", "recorded", "dropped:site", "dropped:gpc", "dropped:new"),
	}
	out.ClientClass = one("human", "human", "human", "mail_proxy", "bot", "prefetch", "synthetic", "unknown", "other")
	if out.Status != event.StatusRecorded {
		return out
	}
	out.VisitorID, out.NetworkID, out.UserID = one("", "v1", "v2", "v3"), one("", "", "n1"), one("", "u1", "u2")
	out.MessageID, out.BotReason = one("", "", "m1", "m2"), one("", "mail-proxy-gmail", "ua-known")
	out.PageHost, out.PagePath = one("", "a.example", "b.example"), one("", "/", "/x'y", "/\"\\;--")
	if out.PageHost != "" {
		out.PageURL = "https://" + out.PageHost + out.PagePath
	}
	out.ReferrerHost = one("", "a.example", "search.example")
	out.UTMCampaign, out.UTMSource, out.UTMMedium = one("", "spring", "été", "$window", "<b>", "\t"), one("", "news"), one("", "mail", "cpc")
	out.ClickID = one("", "c1", "c2")
	out.ClickIDPlatform = one("", "google", "facebook")
	out.Country, out.UserAgent = one("", "DE", "PT"), one("", "curl/8", "Mozilla/5.0")
	out.Device, out.Browser, out.OS = one("", "desktop", "mobile"), one("", "Firefox", "Chrome", "Safari"), one("", "Linux")
	out.Truncated = r.IntN(5) == 0
	if r.IntN(2) == 0 {
		out.ClientTS = out.ReceivedAt + event.Millis(r.Int64N(1_200_000)-600_000)
	}
	for p := range []int{0, 1, 29, 30}[r.IntN(4)] {
		out.Params = append(out.Params, event.Param{Key: fmt.Sprint("p", p), Value: "x"})
	}
	return out
}

// openLake writes records as Parquet files below dir, the late ones into the
// hour before theirs, and opens them.
func openLake(t testing.TB, dir string, records []stored) *duck.Engine {
	t.Helper()
	for _, late := range []bool{false, true} {
		convert(t, dir, only(records, func(s stored) bool { return s.late == late }), late)
	}
	e, err := duck.Open(t.Context(), sourceOf(t, dir), duck.Options{Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func convert(t testing.TB, dir string, records []stored, late bool) {
	t.Helper()
	var lines []byte
	for _, s := range records {
		lines = s.AppendLine(lines)
	}
	segment, staging := filepath.Join(t.TempDir(), "segment.ndjson"), t.TempDir()
	if err := os.WriteFile(segment, lines, 0o600); err != nil {
		t.Fatal(err)
	}
	if done, err := duck.Convert(t.Context(), duck.ConvertOptions{Source: segment, Staging: staging, Name: "s"}); err != nil || done.Errors > 0 {
		t.Fatalf("%+v, %v", done, err)
	}
	for _, f := range sourceOf(t, staging).Files {
		hour := f.Hour
		name := "s.parquet"
		if late {
			hour, name = lake.HourOf(event.MillisOf(hour.Start().Add(-time.Minute))), "late.parquet"
		}
		to := filepath.Join(dir, lake.DataPrefix, filepath.FromSlash(hour.Path()))
		if err := os.MkdirAll(to, 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(f.Path, filepath.Join(to, name)); err != nil {
			t.Fatal(err)
		}
	}
}

func sourceOf(t testing.TB, dir string) duck.Source {
	t.Helper()
	src := duck.Source{Data: filepath.Join(dir, lake.DataPrefix)}
	err := filepath.WalkDir(src.Data, func(path string, d fs.DirEntry, err error) error {
		if os.IsNotExist(err) {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(src.Data, filepath.Dir(path))
		if err != nil {
			return err
		}
		hour, _, err := lake.ParseHour(filepath.ToSlash(rel))
		src.Files = append(src.Files, duck.File{Path: path, Hour: hour})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return src
}
