package dialect_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/local/duck"
)

// hits are records with the values that functions fall out over: hours of one
// digit, NULL in every column that may have it, texts of other scripts, URLs
// that are none.
func hits() []byte {
	begin := time.Date(2026, 7, 5, 9, 8, 7, 123e6, time.UTC)
	urls := []string{
		"https://www.example.com/a%20b/c?utm_source=news&x=1+2&y=%C3%A4#top", "", "http://user@Example.com:8080/p?q=", "not a url", "https://example.com/ü?k=ö",
		"/relative/path?x=y", "mailto:a@example.com", "https://example.com/a b?x=1", "https://example.com/%zz",
	}
	titles := []string{"Shop – Café", "", "日本語 title", "UPPER lower", " spaces ", "a,b;c", "1a 2b 14m", "👩‍👩‍👧", "0"}
	moments := []time.Duration{0, 51 * time.Minute, 52 * time.Minute, 15 * time.Hour, 24 * time.Hour, 27 * 24 * time.Hour, 178 * 24 * time.Hour, 179*24*time.Hour + 14*time.Hour + 51*time.Minute, 200 * 24 * time.Hour}
	var lines []byte
	for i := range urls {
		at := begin.Add(moments[i])
		r := event.Record{
			SchemaVersion: event.SchemaVersion, EventID: fmt.Sprintf("e%d", i), ReceivedAt: event.MillisOf(at), Event: []string{"view", "click", "buy"}[i%3],
			Site: []string{"shop", "blog"}[i%2], ClientClass: []string{event.ClassHuman, event.ClassBot, event.ClassHuman, event.ClassMailProxy}[i%4],
			VisitorID: fmt.Sprintf("v%d", i%4), UTMCampaign: []string{"", "spring", "sommer"}[i%3], PageURL: urls[i], PageTitle: titles[i],
			IP: "203.0.113.0", IPMode: event.IPTruncated, Status: event.StatusRecorded, Method: "GET", Host: "t.example.com", Path: "/p.gif", Collector: "rig",
		}
		if i%3 != 1 {
			r.Value = event.Some([]float64{0, 1, 12.5, -3.25, 1e20, 0.1, 7, 2.5, 3.5}[i])
			r.ScreenWidth = event.Some(int32(i * 100))
			r.Params = []event.Param{{Key: "plan", Value: []string{"pro", "free"}[i%2]}, {Key: "n", Value: fmt.Sprint(i)}, {Key: "json", Value: `{"a":[1,{"b":"x"}],"c":null}`}}
		}
		if i%2 == 0 {
			r.ClientTS = event.MillisOf(at.Add(-1500 * time.Millisecond))
			r.IsBot = event.Some(i%4 == 0)
		}
		lines = r.AppendLine(lines)
	}
	return lines
}

// segment writes the hits as the spool has them.
func segment(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "segment.ndjson")
	if err := os.WriteFile(path, hits(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// parquet writes the hits as the local target does, below dir.
func parquet(t testing.TB, dir string) duck.Source {
	t.Helper()
	done, err := duck.Convert(t.Context(), duck.ConvertOptions{Source: segment(t), Staging: dir, Name: "segment"})
	if err != nil || done.Errors > 0 {
		t.Fatalf("%+v, %v", done, err)
	}
	src := duck.Source{Data: filepath.Join(dir, lake.DataPrefix)}
	err = filepath.WalkDir(src.Data, func(path string, d fs.DirEntry, err error) error {
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

func openDuck(t testing.TB, src duck.Source) *duck.Engine {
	t.Helper()
	e, err := duck.Open(t.Context(), src, duck.Options{})
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
