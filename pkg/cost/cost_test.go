package cost

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// The article says that a million requests a day cost about 50 dollars a month.
// Each line of that bill was worked out by hand from the same list; the model has
// to come within a tenth of each, with the article's own function and settings.
func TestArticle(t *testing.T) {
	t.Parallel()
	prices, err := InRegion("us-east-1")
	if err != nil {
		t.Fatal(err)
	}
	s := Setup{Front: FrontAPI, Format: JSON, Buffer: 15 * time.Minute, Processor: "x86"}
	in := assumed(Figure{Value: 30e6}, s)
	in.callMS.Value = 35          // Python and a put: 20 to 50 ms
	in.rowBytes.Value = 300       // five fields, not compressed
	in.collectorLog.Value = 390   // START, END and REPORT of each call
	in.accessLog.Value = 0        // the article has none
	in.crawls.Value = 1           // by hand
	in.crawlHours.Value = 1. / 6  // one DPU for the least that is billed
	in.charged.Value = 30e6 * 300 // the month is read once
	want := map[string]float64{
		"HTTP API": 30, "function, calls": 6, "function, time": (1.25 + 3.13) / 2, "Firehose": 4.15, "function's log": 5.45,
		"S3": 0.22, "data out": 0, "crawler": 0.073, "questions": 0.04,
	}
	got := map[string]float64{}
	lines := in.lines(s, prices, nil)
	for _, l := range lines {
		part := l.Part
		if strings.HasPrefix(part, "S3, ") {
			part = "S3"
		}
		if part != "questions, files" { // a fifth of a cent, which the hand left out
			got[part] += l.Dollars
		}
	}
	for part, dollars := range want {
		if math.Abs(got[part]-dollars) > dollars/10 {
			t.Errorf("%s is $%.3f, want $%.3f", part, got[part], dollars)
		}
		delete(got, part)
	}
	if len(got) > 0 {
		t.Errorf("lines that the article's bill has not: %v", got)
	}
	if all := total(lines); all < 47 || all > 50 {
		t.Errorf("the article's month is $%.2f, want around $48 of its \"around $50\"", all)
	}
}

// The alternatives of the same month, worked out by hand: function URL without
// logs, with conversion, and CloudFront with and without its free requests.
func TestAlternatives(t *testing.T) {
	t.Parallel()
	prices, err := InRegion("us-east-1")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		s    Setup
		want float64
	}{
		{Setup{Front: FrontAPI, Format: JSON}, 40.8},
		{Setup{Front: FrontURL, Format: JSON}, 10.8},
		{Setup{Front: FrontURL, Format: Parquet}, 13.3},
		{Setup{Front: FrontCloudFront, Format: JSON}, 40.8 + 1.19}, // with data out, which the hand took for free
	} {
		c.s.Buffer, c.s.Processor = 15*time.Minute, "arm64"
		in := assumed(Figure{Value: 30e6}, c.s)
		in.rowBytes.Value, in.charged.Value, in.accessLog.Value = 300, 30e6*300, 0
		if got := total(in.lines(c.s, prices, nil)); math.Abs(got-c.want) > 0.3 {
			t.Errorf("%s with %s: $%.2f, want $%.2f", c.s.Front, c.s.Format, got, c.want)
		}
	}
}

func TestFreeTier(t *testing.T) {
	t.Parallel()
	with, err := Make(t.Context(), nil, Options{Hits: 1e6, FreeTier: true})
	if err != nil {
		t.Fatal(err)
	}
	without, err := Make(t.Context(), nil, Options{Hits: 1e6})
	if err != nil {
		t.Fatal(err)
	}
	if diff := without.Total - with.Total; math.Abs(diff-0.2-1e6*0.008/8*13.3334/1e6) > 1e-6 {
		t.Errorf("the free tier takes $%.4f from a million hits, want the function's $0.2133", diff)
	}
}

func TestTiers(t *testing.T) {
	t.Parallel()
	p := Price{Per: 1e6, Tiers: []Tier{{Price: 1}, {From: 300e6, Price: 0.9}}}
	for amount, want := range map[float64]float64{0: 0, 1e6: 1, 300e6: 300, 400e6: 390} {
		if got := p.Of(amount); math.Abs(got-want) > 1e-9 {
			t.Errorf("%g cost $%g, want $%g", amount, got, want)
		}
	}
	prices, err := InRegion("us-east-1")
	if err != nil {
		t.Fatal(err)
	}
	for read, want := range map[int64]float64{0: 5 * 10.0 / (1 << 20), 10 << 20: 5 * 10.0 / (1 << 20), 10<<20 + 1: 5 * 11.0 / (1 << 20), 1 << 40: 5} {
		if got := prices.Scan(read); math.Abs(got-want) > 1e-12 {
			t.Errorf("reading %d costs $%g, want $%g", read, got, want)
		}
	}
}

// meter gives what it was told, and takes down what was asked for.
type meter struct {
	used  pipeline.Usage
	asked []query.Window
}

func (m *meter) Usage(_ context.Context, w query.Window) (pipeline.Usage, error) {
	m.asked = append(m.asked, w)
	u := m.used
	if !w.Since.IsZero() {
		u.Window.Since = w.Since
	}
	return u, nil
}

func used() pipeline.Usage {
	now := time.Date(2026, 7, 11, 0, 0, 0, 0, time.UTC)
	return pipeline.Usage{
		Window: query.Window{Since: now.Add(-73 * time.Hour), Until: now}, Target: "aws", Region: "us-east-1",
		Front: FrontAPI, Format: Parquet, Buffer: time.Minute,
		Requests: 1_000_000, Records: 1_100_000, RecordBytes: 1_100_000 * 900, Calls: 1_000_000, CallSeconds: 5000,
		FilesWritten: 4000, BytesWritten: 1_100_000 * 80, Files: 5000, Bytes: 2_000_000 * 80,
		CollectorLog: 1000, AccessLog: 120_000_000, Queries: 4, Scanned: 100 << 20, Charged: 110 << 20, Crawls: 2, DPU: 2. / 3,
	}
}

// What is measured is told as measured, scaled to a month of 730 hours.
func TestMeasured(t *testing.T) {
	t.Parallel()
	m := &meter{used: used()}
	f, err := Make(t.Context(), m, Options{Compare: true, Now: m.used.Window.Until})
	if err != nil {
		t.Fatal(err)
	}
	if f.Hits != 10e6 || f.Setup.BufferSeconds != 60 {
		t.Errorf("%g hits with %+v", f.Hits, f.Setup)
	}
	want := map[string]Line{
		"HTTP API": {Quantity: 10e6, Dollars: 10, Basis: Measured}, "function, time": {Quantity: 10e6 * 0.005 / 8, Basis: Measured, Dollars: 10e6 * 0.005 / 8 * 13.3334e-6},
		"Firehose":  {Quantity: 11e6 * 5120 / gibi, Dollars: 11e6 * 5120 / gibi * 0.029, Basis: Measured},
		"crawler":   {Quantity: 20. / 3, Dollars: 20. / 3 * 0.44, Basis: Measured},
		"data out":  {Quantity: 10e6 * 500 / gibi, Basis: Assumed},
		"questions": {Quantity: 1100. / (1 << 20), Dollars: 1100. / (1 << 20) * 5, Basis: Measured},
		"S3, storage": {
			Quantity: (900_000*80 + 11e6*80) / gibi, Dollars: (900_000*80 + 11e6*80) / gibi * 0.023, Basis: Measured,
		},
	}
	share := 0.0
	for _, l := range f.Lines {
		share += l.Share
		w, ok := want[l.Part]
		if ok && (l.Basis != w.Basis || math.Abs(l.Quantity-w.Quantity) > 1e-9*w.Quantity || math.Abs(l.Dollars-w.Dollars) > 1e-9) {
			t.Errorf("%s: %+v, want %+v", l.Part, l, w)
		}
		delete(want, l.Part)
	}
	if len(want) > 0 || math.Abs(share-1) > 1e-9 {
		t.Errorf("missing %v, shares sum to %g", want, share)
	}
	if len(f.Next) == 0 || f.Next[0].What != "front url" || f.Next[0].Command != "" || f.Next[0].Saving < 10 {
		t.Errorf("next: %+v", f.Next)
	}
	now := 0
	for _, c := range f.Compare {
		if c.Now {
			now++
			if math.Abs(c.Total-f.Total) > 1e-9 {
				t.Errorf("%s is how it is and costs $%g, the whole $%g", c.What, c.Total, f.Total)
			}
		}
	}
	if now != 3 || len(f.Compare) != 8 {
		t.Errorf("compared: %+v", f.Compare)
	}
	if len(m.asked) != 2 || m.asked[1].Since != time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC) {
		t.Fatalf("asked for %v", m.asked)
	}
	if f.SoFar == nil || f.SoFar.Requests != 1e6 || math.Abs(f.SoFar.Questions-110./(1<<20)*5) > 1e-12 || f.SoFar.Total < 1 || f.SoFar.Total > 2 {
		t.Errorf("so far: %+v", f.SoFar)
	}
}

// Another setup is priced by what was measured, changed as the assumptions do.
func TestWhatIf(t *testing.T) {
	t.Parallel()
	m := &meter{used: used()}
	f, err := Make(t.Context(), m, Options{Setup: Setup{Format: JSON, Buffer: 15 * time.Minute}, Now: m.used.Window.Until})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range f.Lines {
		switch l.Part {
		case "conversion":
			t.Error("JSON is converted")
		case "S3, new files":
			if l.Quantity != 40_000./15 || l.Basis != Assumed {
				t.Errorf("files: %+v", l)
			}
		case "questions":
			if math.Abs(l.Quantity-1100./(1<<20)*1300e6/(30*LeastScan)) > 1e-9 || l.Basis != Assumed {
				t.Errorf("questions: %+v", l)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{
		"front":  {Hits: 1, Setup: Setup{Front: "rest"}},
		"format": {Hits: 1, Setup: Setup{Format: "csv"}},
		"hits":   {Hits: -1},
		"buffer": {Hits: 1, Setup: Setup{Buffer: time.Second}},
		"region": {Hits: 1, Region: "mars-north-1"},
	} {
		if _, err := Make(t.Context(), nil, o); fault.KindOf(err) != fault.Usage {
			t.Errorf("%s: %v", name, err)
		}
	}
	u := used()
	u.Requests = 0
	if _, err := Make(t.Context(), &meter{used: u}, Options{}); fault.KindOf(err) != fault.Failed || fault.HintOf(err) == "" {
		t.Errorf("no traffic: %v", err)
	}
}
