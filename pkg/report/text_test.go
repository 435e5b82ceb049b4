package report

import (
	"math"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/query"
)

func TestKindText(t *testing.T) {
	tests := []struct {
		kind Kind
		n    *float64
		want string
	}{
		{Count, of(1234567), "1,234,567"},
		{Count, of(0), "0"},
		{Count, nil, "?"},
		{Count, of(math.NaN()), "?"},
		{Number, of(1234.567), "1,234.57"},
		{Share, of(0.1234), "12 %"},
		{Share, of(0.0423), "4.2 %"},
		{Share, of(0.04), "4 %"},
		{Share, of(0.0996), "10 %"},
		{Share, of(0.0001), "<0.1 %"},
		{Share, of(0), "0 %"},
		{Share, of(1), "100 %"},
		{Share, of(0.99999), ">99.9 %"},
		{Share, of(0.9985), "99.9 %"},
		{Share, of(0.9904), "99 %"},
		{Share, of(0.985), "98 %"},
	}
	for _, tt := range tests {
		if got := tt.kind.Text(tt.n); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.kind, got, tt.want)
		}
	}
}

func TestKindFull(t *testing.T) {
	tests := []struct {
		kind Kind
		v    Value
		want string
	}{
		{Share, Value{N: of(0.12), Low: of(0.04), High: of(0.31)}, "12 % (4–31 %)"},
		{Share, Value{N: of(0.12)}, "12 %"},
		{Count, Value{N: of(12), Low: of(1), High: of(2000)}, "12 (1–2,000)"},
		{Share, Value{}, "?"},
	}
	for _, tt := range tests {
		if got := tt.kind.Full(tt.v); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

func TestKindChange(t *testing.T) {
	tests := []struct {
		kind      Kind
		n, before *float64
		want      string
	}{
		{Count, of(112), of(100), "+12 %"},
		{Count, of(97), of(100), "-3 %"},
		{Count, of(88), of(100), "-12 %"},
		{Count, of(2000), of(100), "+1,900 %"},
		{Count, of(100), of(100), "0 %"},
		{Count, of(10000), of(10001), "0 %"},
		{Count, of(5), of(0), "new"},
		{Count, of(0), of(0), "0 %"},
		{Count, of(0), of(5), "-100 %"},
		{Count, nil, of(5), ""},
		{Count, of(5), nil, ""},
		{Share, of(0.12), of(0.09), "+3 points"},
		{Share, of(0.09), of(0.125), "-3.5 points"},
	}
	for _, tt := range tests {
		if got := tt.kind.Change(Value{N: tt.n, Before: tt.before}); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.kind, got, tt.want)
		}
	}
}

func TestEmpty(t *testing.T) {
	part := func(values ...Value) Report { return Report{Parts: []Part{{Rows: []Row{{Values: values}}}}} }
	for _, r := range []Report{{}, part(), part(Value{}), part(Value{N: of(0)})} {
		if !r.Empty() {
			t.Errorf("%+v is not empty", r)
		}
	}
	for _, v := range []Value{{N: of(1)}, {N: of(0), Before: of(1)}} {
		if part(Value{}, v).Empty() {
			t.Errorf("a report with %+v is empty", v)
		}
	}
	if text := (Report{Stats: query.Stats{FilesRead: 3}}).Nothing(); strings.Contains(text, "once they are in the lake") {
		t.Errorf("%q, though files were read", text)
	}
}

// Statements of one window read the same files; those of another add theirs.
func TestFilesCountOnce(t *testing.T) {
	var now, before query.Stats
	for range 2 {
		add(&now, query.Stats{FilesRead: 24, FilesTotal: 168, BytesScanned: 5})
		add(&before, query.Stats{FilesRead: 30, FilesTotal: 168, BytesScanned: 5})
	}
	addWindow(&now, before)
	if want := (query.Stats{FilesRead: 54, FilesTotal: 168, BytesScanned: 20}); now.FilesRead != want.FilesRead || now.FilesTotal != want.FilesTotal || now.BytesScanned != want.BytesScanned {
		t.Errorf("%+v, want %+v", now, want)
	}
	addWindow(&now, query.Stats{FilesRead: 160, FilesTotal: 168, BytesScanned: -1})
	if now.FilesRead != 168 || now.BytesScanned != -1 {
		t.Errorf("%+v", now)
	}
	athena := query.Stats{FilesRead: -1, FilesTotal: -1}
	if addWindow(&now, athena); now.FilesRead != -1 || now.FilesTotal != -1 {
		t.Errorf("%+v", now)
	}
}

func TestSpan(t *testing.T) {
	berlin := Report{Zone: "Europe/Berlin"}.Location()
	day := time.Date(2026, 7, 1, 0, 0, 0, 0, berlin)
	tests := []struct {
		w    query.Window
		want string
	}{
		{query.Window{Since: day.UTC(), Until: day.AddDate(0, 0, 7)}, "2026-07-01 until 2026-07-08"},
		{query.Window{Since: day, Until: day.Add(time.Hour)}, "2026-07-01 00:00 until 2026-07-01 01:00"},
		{query.Window{Since: day}, "from 2026-07-01"},
		{query.Window{Until: day}, "before 2026-07-01"},
		{query.Window{}, "all time"},
	}
	for _, tt := range tests {
		if got := Span(tt.w, berlin); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
	for step, want := range map[string]string{"hour": "2026-07-01 00:00", "day": "2026-07-01", "week": "2026-07-01", "month": "2026-07"} {
		if got := (Part{Step: step}).When(day.UTC(), berlin); got != want {
			t.Errorf("%s: %q", step, got)
		}
	}
	if zone := (Report{Zone: "no/where"}).Location(); zone != time.UTC {
		t.Error(zone)
	}
}

func of(v float64) *float64 { return new(v) }
