package cloud_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
	"pixelctl/pkg/spec"
)

func (a *account) erase(o pipeline.EraseOptions) pipeline.Receipt {
	a.Helper()
	r, err := a.target().EraseSubject(a.Context(), o, nil)
	if err != nil {
		a.Fatalf("erase: %+v, %v", r, err)
	}
	return r
}

// wantNobody wants no trace of anna in all that is stored, but for logs.
func (a *account) wantNobody() {
	a.Helper()
	all, err := a.stored(a.Context())
	if err != nil {
		a.Fatal(err)
	}
	for name, body := range all {
		if strings.Contains(string(body), "anna") && !strings.HasPrefix(name, "log ") && !strings.Contains(string(body), bertsRecord) {
			a.Errorf("%s: %.300q", name, body)
		}
	}
}

func TestEraseSubject(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"json", "parquet"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			a.want.Format = &format
			a.guests()
			a.failed()
			bert := a.table(bertsRows)
			r := a.erase(pipeline.EraseOptions{Subject: anna})
			if r.Rows != 3 || r.Errors != 3 || r.Results != 1 || len(r.Files) != 3 || r.ValueHash != anna.Hash() || r.Matches.Rows != 3 {
				t.Errorf("receipt %+v", r)
			}
			a.wantFiles(r)
			if text, err := json.Marshal(r); err != nil || strings.Contains(string(text), "anna") {
				t.Errorf("the receipt names the person: %s, %v", text, err)
			}
			if left := a.table("SELECT * FROM tp_hits ORDER BY received_at"); len(bert) != 2 || !slices.Equal(left, bert) {
				t.Errorf("left %q, bert had %q", left, bert)
			}
			a.wantErrorLines()
			a.wantNoRemains()
			if m, err := a.target().FindSubject(t.Context(), anna, nil); err != nil || m.Rows+m.Errors != 0 {
				t.Errorf("found again: %+v, %v", m, err)
			}
			a.again(pipeline.EraseOptions{Subject: anna})
			a.wantNobody()
		})
	}
}

// wantFiles wants the files of a receipt to be as it says.
func (a *account) wantFiles(r pipeline.Receipt) {
	a.Helper()
	sums := map[string]bool{}
	for _, key := range a.fake.S3.List(a.data(), "data/") {
		body, err := a.fake.S3.Get(a.data(), key)
		if err != nil {
			a.Fatal(err)
		}
		sum := sha256.Sum256(body)
		sums[hex.EncodeToString(sum[:])] = true
	}
	for _, f := range r.Files {
		if gone := f.RowsAfter == 0; gone != (f.SHA256 == "") || !gone && !sums[f.SHA256] {
			a.Errorf("%+v: no such file is stored", f)
		}
		if !r.Anonymise && f.RowsBefore-f.RowsAfter != f.Changed || f.Changed == 0 {
			a.Errorf("%+v", f)
		}
	}
}

// wantErrorLines wants those of anna gone from errors, and bert's left.
func (a *account) wantErrorLines() {
	a.Helper()
	keys := a.fake.S3.List(a.data(), "errors/")
	body, err := a.fake.S3.Get(a.data(), errorDay+"both")
	if want := errorLine("09:11:00", bertsRecord) + "no error line\n"; err != nil || string(body) != want || len(keys) != 1 {
		a.Errorf("%q: %q, %v", keys, body, err)
	}
}

// again erases a second time, which changes nothing.
func (a *account) again(o pipeline.EraseOptions) {
	a.Helper()
	before, err := a.stored(a.Context())
	if err != nil {
		a.Fatal(err)
	}
	if r := a.erase(o); r.Rows+r.Errors != 0 || len(r.Files) != 0 {
		a.Errorf("erased again: %+v", r)
	}
	after, err := a.stored(a.Context())
	if err != nil {
		a.Fatal(err)
	}
	for name, body := range before {
		if strings.Contains(name, "/data/") && string(after[name]) != string(body) {
			a.Errorf("%s changed", name)
		}
	}
}

// A row without its person says the rest as it did; other rows say all.
func TestAnonymiseSubject(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"json", "parquet"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			a.want.Format = &format
			mail, hotel := ofQuery("mail", event.String), ofQuery("hotel", event.String)
			mail.Personal = true
			a.deploySpec(spec.Spec{Fields: []spec.Field{mail, hotel}})
			a.guests()
			a.failed()
			d := a.deploy()
			a.visit(d.Endpoint, "11:31:00", "uid="+annaUID+"&mail=anna%40a.example&hotel=ber", "")
			if err := a.settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			const rest = "SELECT event_id, received_at, event, utm_source, hotel, is_bot, value, client_ts, page_host FROM tp_hits ORDER BY received_at"
			bert, before := a.table(bertsRows), a.table(rest)
			o := pipeline.EraseOptions{Subject: anna, Anonymise: true}
			r := a.erase(o)
			if r.Rows != 4 || r.Errors != 3 || len(r.Files) == 0 || !r.Anonymise {
				t.Errorf("receipt %+v", r)
			}
			for _, f := range r.Files {
				if f.RowsAfter != f.RowsBefore {
					t.Errorf("%+v", f)
				}
			}
			a.wantFiles(r)
			if after := a.table(rest); len(after) != 6 || !slices.Equal(after, before) {
				t.Errorf("rows\n%s\nwere\n%s", strings.Join(after, "\n"), strings.Join(before, "\n"))
			}
			if after := a.table(bertsRows); len(after) != 2 || !slices.Equal(after, bert) {
				t.Errorf("bert has\n%s\nhad\n%s", strings.Join(after, "\n"), strings.Join(bert, "\n"))
			}
			const blank = "SELECT count(*) FROM tp_hits WHERE user_id IS NULL AND ip IS NULL AND ip_mode = 'none' AND params IS NULL AND mail IS NULL AND user_agent IS NULL" +
				" AND (page_url IS NULL OR page_url = 'https://a.example/b')"
			if n := a.column(blank); n[0] != "4" {
				t.Errorf("%s rows are without their person", n)
			}
			if n := a.column("SELECT count(*) FROM tp_hits WHERE hotel = 'ber'"); n[0] != "1" {
				t.Errorf("%s rows of the hotel", n)
			}
			a.wantErrorLines()
			a.wantNoRemains()
			a.again(o)
			a.wantNobody()
		})
	}
}

func TestEraseSubjectWindow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, since, until string
		left               int
	}{
		{"before the first row", "", "09:10:00", 5},
		{"the first row", "09:10:00", "09:10:01", 4},
		{"open beginning", "", "10:00:00", 3},
		{"open end, into the stream", "09:30:00", "", 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := newSmall(t)
			a.guests()
			s := anna
			s.Window = query.Window{Since: at(c.since), Until: at(c.until)}
			began := a.fake.Clock().Now()
			if r := a.erase(pipeline.EraseOptions{Subject: s}); int(r.Rows) != 5-c.left {
				t.Errorf("receipt %+v", r)
			}
			if waited := a.fake.Clock().Now().Sub(began); (c.until == "") != (waited.Minutes() >= 15) {
				t.Errorf("waited %s for the stream", waited)
			}
			if err := a.settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := a.column("SELECT user_id FROM tp_hits"); len(got) != c.left || !slices.Contains(got, "bert") {
				t.Errorf("left %q", got)
			}
			a.wantNoRemains()
		})
	}
}

// A table that projects its hours, and the data that a destroyed stack left,
// lose the same rows.
func TestEraseSubjectElsewhere(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(a *account){
		"projection": func(a *account) {
			a.want.Partitions = new("projection")
			a.guests()
		},
		"kept data": func(a *account) {
			a.guests()
			if err := destroyKeeping(a.Context(), a.target()); err != nil {
				a.Fatal(err)
			}
		},
	} {
		for _, anonymise := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				a := newSmall(t)
				prepare(a)
				r := a.erase(pipeline.EraseOptions{Subject: anna, Anonymise: anonymise})
				want := 2
				if anonymise {
					want = 5
				}
				if n := a.column("SELECT user_id FROM tp_hits"); r.Rows != 3 || len(n) != want || slices.Contains(n, anna.Value) {
					t.Errorf("receipt %+v, left %q", r, n)
				}
				a.again(pipeline.EraseOptions{Subject: anna, Anonymise: anonymise})
			})
		}
	}
}

// A dry run says what an erase would do, and does not do it.
func TestEraseSubjectDryRun(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.guests()
	a.failed()
	a.column("SELECT count(*) FROM tp_hits") // registers the hours
	before := a.fake.S3.List(a.data(), "")
	r := a.erase(pipeline.EraseOptions{Subject: anna, DryRun: true})
	if !r.DryRun || r.Rows != 2 || r.Errors != 3 || r.Results != 1 || len(r.Files) != 0 || len(r.Matches.Files) != 2 || r.Matches.Bytes == 0 {
		t.Errorf("receipt %+v", r)
	}
	for _, call := range []string{"already", "UNLOAD", "CopyObject", "s3:DeleteObjects 2 files", "without 3 lines", "results/"} {
		if !strings.Contains(strings.Join(r.Calls, "\n"), call) {
			t.Errorf("no %s among %q", call, r.Calls)
		}
	}
	if now := a.fake.S3.List(a.data(), ""); !slices.Equal(now, before) {
		t.Errorf("objects %v, were %v", now, before)
	}
}
