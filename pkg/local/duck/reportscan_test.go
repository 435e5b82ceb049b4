//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/query"
	"pixelctl/pkg/report"
)

// Each statement of each report opens the hours of its window and the one
// before, whose objects may hold rows of it, and reads the columns that it
// names: of 170 hours five, of 53 columns the ones below at most.
func TestReportsReadWhatTheyNeed(t *testing.T) {
	src, _ := stage(t, segment(t, 600, 170))
	e := open(t, src)
	since := firstHour.Add(50 * time.Hour)
	window := query.Window{Since: since, Until: since.Add(3 * time.Hour)}
	// What a report reads beside event_id, client_class, status, received_at and the ids of visitors.
	columns := map[string][]string{
		"campaigns": {"utm_campaign"}, "pages": {"page_host", "page_path"}, "referrers": {"referrer_host", "page_host"},
		"sources": {"utm_source", "utm_medium", "click_id", "click_id_platform"}, "devices": {"device", "browser", "os"},
		"countries": {"country"}, "mail": {"user_id", "message_id", "bot_reason"}, "bots": {"bot_reason", "user_agent"},
		"quality": {"client_ts", "truncated", "user_agent", "page_url", "page_path", "params"},
	}
	usual := []string{"event_id", "client_class", "status", "received_at", "visitor_id", "network_id"}
	for _, name := range report.Names() {
		list, err := report.Statements(report.Options{Name: name, Window: window, Buffer: 15 * time.Minute, Now: window.Until})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range list {
			scans := strings.Count(s.SQL, "FROM tp_hits")
			mustAsk(t, e, s.SQL)
			plan := planOf(t, e, s.SQL)
			// The hour before, three of its own, and the one in which a late function files.
			if got := strings.Count(plan, `"Scanning Files": "5/`); got != scans {
				t.Errorf("%s reads 5 files in %d scans of %d:\n%s", name, got, scans, s.SQL)
			}
			for _, column := range projected(t, plan) {
				if !slices.Contains(slices.Concat(usual, columns[name]), column) {
					t.Errorf("%s reads %s", name, column)
				}
			}
		}
	}
}

// listening notes what is asked of an engine.
type listening struct {
	*Engine
	asked *[]string
}

func (l listening) Query(ctx context.Context, sql string, params ...query.Param) (query.Rows, error) {
	*l.asked = append(*l.asked, sql)
	return l.Engine.Query(ctx, sql, params...)
}

// No report but quality, which is about copies, reads an id of rows that have none.
func TestReportsCompareWhatMayHaveCopies(t *testing.T) {
	src, _ := stage(t, segment(t, 600, 20))
	window := query.Window{Since: firstHour, Until: firstHour.Add(24 * time.Hour)}
	for _, waits := range []bool{false, true} {
		if waits {
			src.Spool = []string{lines(t, events(1))}
		}
		e := open(t, src)
		for _, name := range report.Names() {
			var asked []string
			_, err := report.Make(t.Context(), listening{e, &asked}, report.Options{Name: name, Window: window, Buffer: 15 * time.Minute, Now: window.Until})
			if err != nil {
				t.Fatal(err)
			}
			for _, sql := range asked {
				plan := planOf(t, e, sql)
				if read := scanned(t, plan, "READ_PARQUET"); strings.Contains(read, "event_id") != (name == "quality") {
					t.Errorf("%s reads %s of files:\n%s", name, read, sql)
				}
				if read := scanned(t, plan, "READ_JSON"); strings.Contains(read, "event_id") != waits {
					t.Errorf("%s reads %s of the spool:\n%s", name, read, sql)
				}
			}
		}
	}
}

// planOf is the plan of a statement, in JSON.
func planOf(t *testing.T, e *Engine, sql string) string {
	t.Helper()
	var plan string
	err := e.db.each(context.Background(), "EXPLAIN (FORMAT json) "+sql, func(row []driver.Value) error {
		plan, _ = row[len(row)-1].(string)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// scanned gives the columns that the scans of this name in a plan read.
func scanned(t *testing.T, plan, name string) string {
	t.Helper()
	type node struct {
		Name     string
		Extra    map[string]any `json:"extra_info"`
		Children []node
	}
	var tops []node
	if err := json.Unmarshal([]byte(plan), &tops); err != nil {
		t.Fatal(err)
	}
	var read []string
	var walk func(nodes []node)
	walk = func(nodes []node) {
		for _, n := range nodes {
			if strings.TrimSpace(n.Name) == name {
				read = append(read, fmt.Sprint(n.Extra["Projections"]))
			}
			walk(n.Children)
		}
	}
	walk(tops)
	return strings.Join(read, " ")
}

// projected gives the columns that the scans of a plan read.
func projected(t *testing.T, plan string) []string {
	t.Helper()
	_, scans, _ := strings.Cut(plan, "READ_PARQUET")
	var read []string
	for _, name := range (event.Schema{}).Names() {
		if strings.Contains(scans, `"`+name+`"`) {
			read = append(read, name)
		}
	}
	if len(read) == 0 {
		t.Fatalf("no column is read:\n%s", plan)
	}
	return read
}

// TestArticleQueryInParquet holds that the article's query, which has five
// columns, reads at most a tenth of the bytes that the same rows have as JSON.
// Athena charges for all of a JSON file and for the read columns of Parquet. Of
// JSON in GZIP, which Firehose writes here, it is less, but no tenth.
func TestArticleQueryInParquet(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 10))
	var text []byte
	for i := range 20_000 {
		r := record(i, firstHour.Add(time.Duration(i)*100*time.Millisecond))
		r.EventID = fmt.Sprintf("%016x%016x", random.Uint64(), random.Uint64()) // ids do not compress
		r.IP = fmt.Sprintf("203.%d.%d.0", random.IntN(256), random.IntN(256))
		r.UserAgent = fmt.Sprintf("Mozilla/5.0 (X11; Linux x86_64; rv:%d.0) Gecko/20100101 Firefox/%[1]d.0", 100+random.IntN(40))
		text = r.AppendLine(text)
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	src, _ := stage(t, lines(t, string(text)))
	db, err := openDatabase(context.Background(), 1, convertMemory, "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.close() }()
	var read int64
	for _, f := range src.Files {
		// event_id, status and the key of copies are what the view reads beside the five.
		n, err := db.int64(context.Background(), "SELECT CAST(sum(total_compressed_size) AS BIGINT) FROM parquet_metadata("+quote(f.Path)+
			") WHERE path_in_schema IN ('received_at', 'ip', 'user_agent', 'user_id', 'site', 'event_id', 'status')")
		if err != nil {
			t.Fatal(err)
		}
		read += n
	}
	if plain := int64(len(text)); read == 0 || read*10 > plain || read >= int64(packed.Len()) {
		t.Errorf("Parquet: %d bytes; JSON: %d; JSON in GZIP: %d", read, plain, packed.Len())
	}
	t.Logf("Parquet: %d bytes; JSON: %d; JSON in GZIP: %d", read, len(text), packed.Len())
}
