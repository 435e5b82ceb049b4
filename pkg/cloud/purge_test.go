package cloud_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/awsfake"
	"pixelctl/pkg/awsfake/compute"
	"pixelctl/pkg/cloud"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// at gives a time on the day of these tests.
func at(hms string) time.Time {
	t, err := time.Parse("2006-01-02 15:04:05", "2026-07-05 "+hms)
	if err != nil {
		return time.Time{}
	}
	return t
}

// user has the pixel asked for at a time of the fake's day; the row's user is
// the time. More are further parameters.
func (a *account) user(endpoint, hms string, more ...string) {
	a.Helper()
	a.visit(endpoint, hms, "uid="+strings.Join(append([]string{hms}, more...), "&"), "")
}

// visit asks for the pixel at a time of the fake's day, from an address if one
// is given.
func (a *account) visit(endpoint, hms, parameters, peer string) {
	a.Helper()
	if d := at(hms).Sub(a.fake.Clock().Now()); d > 0 {
		a.fake.Clock().Advance(d)
	}
	req, err := http.NewRequestWithContext(a.Context(), http.MethodGet, endpoint+"/p.gif?"+parameters, nil)
	if err != nil {
		a.Fatal(err)
	}
	if peer != "" {
		req.Header.Set(compute.PeerHeader, peer)
	}
	resp, err := a.fake.Client().Do(req)
	if err != nil {
		a.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		a.Fatal(err)
	}
}

// column is the first column of an answer, as text.
func (a *account) column(sql string) []string {
	a.Helper()
	rows, err := a.target().Query(a.Context(), pipeline.QueryOptions{SQL: sql}, nil)
	if err != nil {
		a.Fatal(err)
	}
	list := []string{}
	for {
		row, err := rows.Next(a.Context())
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			a.Fatal(err)
		}
		list = append(list, fmt.Sprint(row[0]))
	}
	if err := rows.Close(); err != nil {
		a.Fatal(err)
	}
	return list
}

func (a *account) wantUsers(hms string) {
	a.Helper()
	if got := a.column("SELECT user_id FROM tp_hits ORDER BY 1"); !slices.Equal(got, strings.Fields(hms)) {
		a.Errorf("rows of %v, want %s", got, hms)
	}
}

// data is the bucket of the lake.
func (a *account) data() string {
	a.Helper()
	for _, b := range a.fake.S3.Buckets() {
		if strings.Contains(b, "data") {
			return b
		}
	}
	a.Fatal("no data bucket")
	return ""
}

// visited deploys and has rows in three hours: the first hour has two files, and
// the second of them holds a row of the next hour.
func (a *account) visited() {
	a.Helper()
	a.want.Buffer = new(15 * time.Minute)
	d := a.deploy()
	for _, step := range []string{"09:10:00", "09:20:00", "settle", "09:59:30", "10:00:10", "settle", "10:40:00", "settle", "11:30:00"} {
		if step != "settle" {
			a.user(d.Endpoint, step)
		} else if err := a.settle(a.Context()); err != nil {
			a.Fatal(err)
		}
	}
}

const allUsers = "09:10:00 09:20:00 09:59:30 10:00:10 10:40:00 11:30:00"

func TestPurgeWindow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, since, until string
		gone               string
		removed, rewritten int
	}{
		{"inside one file", "09:15:00", "09:30:00", "09:20:00", 0, 1},
		{"a row that lies under the hour before its own", "10:00:00", "10:04:00", "10:00:10", 0, 1},
		{"a whole file of an edge hour", "09:05:00", "09:30:00", "09:10:00 09:20:00", 1, 0},
		{"over two edges", "09:15:00", "10:01:00", "09:20:00 09:59:30 10:00:10", 1, 1},
		{"open beginning", "", "10:00:00", "09:10:00 09:20:00 09:59:30", 1, 1},
		{"open end, into the stream", "10:40:00", "", "10:40:00 11:30:00", 2, 0},
		{"first instant is in", "09:20:00", "09:50:00", "09:20:00", 0, 1},
		{"last instant is out", "09:00:00", "09:20:00", "09:10:00", 0, 1},
		{"between the rows", "09:20:01", "09:59:00", "", 0, 0},
		{"whole hours", "", "23:00:00", allUsers, 4, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := newSmall(t)
			a.visited()
			o := pipeline.PurgeOptions{Window: query.Window{Since: at(c.since), Until: at(c.until)}}
			r, err := a.target().Purge(a.Context(), o, nil)
			if err != nil || r.Rows != int64(len(strings.Fields(c.gone))) || r.Removed != c.removed || r.Rewritten != c.rewritten {
				t.Errorf("purge: %+v, %v; want %d files removed, %d rewritten", r, err, c.removed, c.rewritten)
			}
			if err := a.settle(a.Context()); err != nil {
				t.Fatal(err)
			}
			a.wantUsers(without(allUsers, c.gone))
			a.wantNoRemains()
		})
	}
}

func without(all, gone string) string {
	return strings.Join(slices.DeleteFunc(strings.Fields(all), func(s string) bool { return strings.Contains(gone, s) }), " ")
}

// wantNoRemains wants nothing of the purge itself, no version of what is gone,
// and no copy of rows in results.
func (a *account) wantNoRemains() {
	a.Helper()
	if left := a.fake.S3.List(a.data(), "staging/"); len(left) > 0 {
		a.Errorf("left: %v", left)
	}
	inv, err := a.target().Inventory(a.Context())
	if err != nil {
		a.Fatal(err)
	}
	current := int64(len(a.fake.S3.List(a.data(), "")))
	for _, i := range inv.Items {
		if i.Name == a.data() && i.Kind == "AWS::S3::Bucket" && i.Files != current {
			a.Errorf("%d versions of %d objects", i.Files, current)
		}
	}
}

func TestPurgeDryRun(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.visited()
	if err := a.settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.wantUsers(allUsers) // and registers the hours
	keys := a.fake.S3.List(a.data(), "")
	for name, c := range map[string]struct {
		o                  pipeline.PurgeOptions
		rows               int64
		removed, rewritten int
		call               string
	}{
		"edge":  {pipeline.PurgeOptions{Window: query.Window{Since: at("09:15:00"), Until: at("10:01:00")}}, 3, 1, 1, "UNLOAD"},
		"whole": {pipeline.PurgeOptions{Window: query.Window{Until: at("23:00:00")}}, 6, 4, 0, "hours"},
		"all":   {pipeline.PurgeOptions{All: true}, 6, 4, 0, "/data/"},
	} {
		c.o.DryRun = true
		r, err := a.target().Purge(t.Context(), c.o, nil)
		if err != nil || !r.DryRun || r.Rows != c.rows || r.Removed != c.removed || r.Rewritten != c.rewritten || r.Bytes < 0 {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
		if calls := strings.Join(r.Calls, "\n"); !strings.Contains(calls, c.call) || !strings.Contains(calls, "already") {
			t.Errorf("%s: calls %s", name, calls)
		}
	}
	if now := a.fake.S3.List(a.data(), ""); !slices.Equal(now, keys) {
		t.Errorf("objects %v, were %v", now, keys)
	}
}

// What is written anew says the same, in the format of the table.
func TestPurgeKeepsValues(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"json", "parquet"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			a.want.Format = &format
			d := a.deploy()
			a.user(d.Endpoint, "09:10:00")
			a.user(d.Endpoint, "09:10:30", "value=1.5", "ts=1783242000123", "x=%22%5C%27", "utm_source=s")
			if err := a.settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			const all = "SELECT event_id || ' ' || CAST(received_at AS varchar) || ' ' || CAST(client_ts AS varchar) || ' ' || CAST(value AS varchar) || ' ' || " +
				"coalesce(CAST(is_bot AS varchar), '-') || ' ' || coalesce(params['x'], '-') || ' ' || coalesce(referrer_url, '-') FROM tp_hits WHERE value IS NOT NULL"
			before := a.column(all)
			if _, err := a.target().Purge(t.Context(), pipeline.PurgeOptions{Window: query.Window{Until: at("09:10:10")}}, nil); err != nil {
				t.Fatal(err)
			}
			if after := a.column(all); len(before) != 1 || !slices.Equal(before, after) {
				t.Errorf("rows %v, were %v", after, before)
			}
			if n := a.column("SELECT count(*) FROM tp_hits"); n[0] != "1" {
				t.Errorf("%s rows", n)
			}
		})
	}
}

// A table that projects its hours, and the data that a destroyed stack left,
// lose the same rows.
func TestPurgeElsewhere(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(a *account){
		"projection": func(a *account) {
			a.want.Partitions = new("projection")
			a.mixed()
		},
		"kept data": func(a *account) {
			a.mixed()
			if err := destroyKeeping(a.Context(), a.target()); err != nil {
				a.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newSmall(t)
			prepare(a)
			if err := purgeMixed(t.Context(), a.target()); err != nil {
				t.Fatal(err)
			}
			a.wantUsers("09:10:00")
			if r, err := a.target().Purge(t.Context(), pipeline.PurgeOptions{All: true}, nil); err != nil || r.Rows != 1 {
				t.Errorf("all: %+v, %v", r, err)
			}
			a.wantUsers("")
		})
	}
}

// Error lines go by when their record arrived.
func TestPurgeErrorLines(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.deploy()
	line := func(hms string) string {
		return fmt.Sprintf(`{"arrivalTimestamp":%d,"rawData":"eA=="}`+"\n", at(hms).UnixMilli())
	}
	const day = "errors/format-conversion-failed/year=2026/month=7/day=5/"
	for name, body := range map[string]string{
		day + "mixed": line("09:10:00") + line("09:30:00") + "no error line\n", day + "gone": line("09:10:00"), day + "stays": line("09:40:00"),
		"errors/format-conversion-failed/year=2026/month=7/day=3/old": line("09:10:00"), // read by nobody: its day is too early
	} {
		if err := a.fake.S3.Put(a.data(), name, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	r, err := a.target().Purge(t.Context(), pipeline.PurgeOptions{Window: query.Window{Since: at("09:00:00"), Until: at("09:30:00")}}, nil)
	if err != nil || r.Removed != 1 || r.Rewritten != 1 {
		t.Errorf("purge: %+v, %v", r, err)
	}
	mixed, err := a.fake.S3.Get(a.data(), day+"mixed")
	if want := line("09:30:00") + "no error line\n"; err != nil || string(mixed) != want {
		t.Errorf("%q, %v", mixed, err)
	}
	if keys := a.fake.S3.List(a.data(), "errors/"); len(keys) != 3 {
		t.Errorf("left: %v", keys)
	}
	a.wantNoRemains()
}

// mixed deploys, with one file in the lake that holds a row to go and one to
// stay.
func (a *account) mixed() {
	a.Helper()
	a.want.Buffer = new(15 * time.Minute)
	d := a.deploy()
	a.user(d.Endpoint, "09:10:00")
	a.user(d.Endpoint, "09:20:00")
	if err := a.settle(a.Context()); err != nil {
		a.Fatal(err)
	}
}

// purgeMixed removes the second row of mixed.
func purgeMixed(ctx context.Context, p *cloud.Target) error {
	_, err := p.Purge(ctx, pipeline.PurgeOptions{Window: query.Window{Since: at("09:15:00"), Until: at("09:30:00")}}, nil)
	return err
}

// The process that purges is gone at each call that has an effect on the lake.
func TestPurgeKilled(t *testing.T) {
	t.Parallel()
	for operation, calls := range purgeEffects(t) {
		for n := 1; n <= calls; n++ {
			for _, after := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s %d, after its effect %t", operation, n, after), func(t *testing.T) {
					t.Parallel()
					a := newSmall(t)
					a.mixed()
					ctx, kill := context.WithCancel(t.Context())
					defer kill()
					a.fake.Fail(awsfake.Fault{Operation: operation, Nth: n, After: after, Kill: kill})
					if err := purgeMixed(ctx, a.target()); err == nil || ctx.Err() == nil {
						t.Fatalf("the killed process ended: %v", err)
					}
					if err := purgeMixed(t.Context(), a.target()); err != nil {
						t.Fatalf("again: %v", err)
					}
					a.wantUsers("09:10:00")
					a.wantNoRemains()
				})
			}
		}
	}
}

// purgeEffects counts the calls of a purge that may have an effect on the lake.
func purgeEffects(t *testing.T) map[string]int {
	t.Helper()
	a := newSmall(t)
	a.mixed()
	p, before := a.target(), len(a.fake.Calls())
	if err := purgeMixed(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	effects := []string{"PutObject", "CopyObject", "DeleteObject", "DeleteObjects", "StartQueryExecution", "BatchCreatePartition", "BatchDeletePartition"}
	for _, c := range a.fake.Calls()[before:] {
		if !c.Inner && slices.Contains(effects, c.Operation) {
			counts[c.Operation]++
		}
	}
	return counts
}

// A purge that another one overtakes stops before it removes a file.
func TestPurgeOvertaken(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.visited()
	first := pipeline.PurgeOptions{Window: query.Window{Since: at("09:15:00"), Until: at("09:30:00")}}
	second := pipeline.PurgeOptions{Window: query.Window{Since: at("09:05:00"), Until: at("09:15:00")}}
	begun := false
	_, err := a.target().Purge(t.Context(), first, func(e pipeline.Event) {
		if e.Step != "purge" || e.Phase != pipeline.Move || begun {
			return
		}
		begun = true // the second begins and ends before the first writes its new file
		if _, err := a.target().Purge(a.Context(), second, nil); err != nil {
			t.Errorf("second: %v", err)
		}
	})
	if fault.KindOf(err) != fault.Busy || fault.HintOf(err) == "" {
		t.Fatalf("first: %v, want busy", err)
	}
	if _, err := a.target().Purge(t.Context(), first, nil); err != nil {
		t.Fatal(err)
	}
	if err := a.settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.wantUsers("09:59:30 10:00:10 10:40:00 11:30:00")
	a.wantNoRemains()
}

func TestPurgeRefuses(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.deploy()
	for name, o := range map[string]pipeline.PurgeOptions{
		"nothing named": {}, "all and a window": {All: true, Window: query.Window{Since: at("09:00:00")}}, "empty": {Window: query.Window{Since: at("10:00:00"), Until: at("10:00:00")}},
	} {
		if _, err := a.target().Purge(t.Context(), o, nil); fault.KindOf(err) != fault.Usage {
			t.Errorf("%s: %v", name, err)
		}
	}
}
