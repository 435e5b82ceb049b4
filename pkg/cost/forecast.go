package cost

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// Meter measures what a stack was used for.
type Meter interface {
	Usage(ctx context.Context, w query.Window) (pipeline.Usage, error)
}

// Options say what to forecast from.
type Options struct {
	Hits     float64      // a month; 0 measures
	Window   query.Window // to measure; open ends are the last 30 days, or since there is a stack
	Setup    Setup        // empty fields are as deployed
	Prices   *Prices      // nil are those of Region
	Region   string       // "" is the stack's
	FreeTier bool
	Compare  bool
	Now      time.Time
}

// Forecast is what a month costs.
type Forecast struct {
	Target   string        `json:"target,omitempty"` // that was measured
	Hits     float64       `json:"hits"`             // a month
	Region   string        `json:"region"`           // whose prices these are
	List     string        `json:"price_list"`       // file of the prices
	Own      bool          `json:"own_prices"`       // it is not built in
	Setup    Setup         `json:"setup"`
	Measured *query.Window `json:"measured,omitempty"`
	Total    float64       `json:"total"` // dollars a month
	Lines    []Line        `json:"lines"`
	Figures  []Figure      `json:"figures"`
	Next     []Change      `json:"next"`
	Compare  []Change      `json:"compare,omitempty"`
	SoFar    *SoFar        `json:"month_so_far,omitempty"`
	Dates    []string      `json:"price_dates"`
	FreeTier bool          `json:"free_tier"`
	Notes    []string      `json:"notes"`
}

// SoFar is the month of the calendar up to now, in UTC.
type SoFar struct {
	Since     time.Time `json:"since"`
	Requests  int64     `json:"requests"`
	Total     float64   `json:"total"`
	Queries   int64     `json:"queries"` // by the workgroup's metrics
	Scanned   int64     `json:"scanned"`
	Questions float64   `json:"questions"` // dollars of Athena
}

// Make forecasts. The meter is not asked when the hits are given.
func Make(ctx context.Context, m Meter, o Options) (Forecast, error) {
	if err := o.Check(); err != nil {
		return Forecast{}, err
	}
	var used *pipeline.Usage
	if o.Hits == 0 {
		u, err := m.Usage(ctx, o.Window)
		if err != nil {
			return Forecast{}, err
		}
		if u.Requests == 0 {
			return Forecast{}, fault.New(fault.Failed, "forecast cost: no hit was measured since %s", u.Window.Since.Format(time.DateTime)).
				WithHint("pixelctl cost --hits-per-month 1000000")
		}
		used = &u
	}
	f, prices, err := o.forecast(used)
	if err != nil || used == nil || used.Target != "aws" {
		return f, err
	}
	f.SoFar, err = soFar(ctx, m, o, f.Setup, prices)
	return f, err
}

// Check refuses what no forecast can be made of, with fault.Usage.
func (o Options) Check() error {
	allowed := func(name, value string, all ...string) error {
		if value == "" || slices.Contains(all, value) {
			return nil
		}
		return fault.New(fault.Usage, "forecast cost: %s %q is none of %s", name, value, strings.Join(all, ", ")).
			WithHint("--%s %s", name, cmp.Or(fault.Nearest(value, all), all[0]))
	}
	if o.Hits < 0 || o.Hits > MaxHits {
		return fault.New(fault.Usage, "forecast cost: %g hits a month are not between 1 and %g", o.Hits, float64(MaxHits))
	}
	if o.Setup.Buffer != 0 {
		if err := pipeline.ValidateBuffer(o.Setup.Buffer); err != nil {
			return err
		}
	}
	return cmp.Or(allowed("front", o.Setup.Front, FrontAPI, FrontURL, FrontCloudFront), allowed("format", o.Setup.Format, Parquet, JSON, ORC))
}

// MaxHits is beyond what the delivery streams of an account take in a month.
const MaxHits = 1e12

// forecast prices a month of what was used, or of the hits that were given.
func (o Options) forecast(u *pipeline.Usage) (Forecast, Prices, error) {
	was := Setup{Front: FrontAPI, Format: Parquet, Buffer: pipeline.DefaultBuffer, Processor: "arm64"}
	region := o.Region
	f := Forecast{Hits: o.Hits, FreeTier: o.FreeTier, Notes: notes(u)}
	hits := Figure{"hits", o.Hits, "a month", Given, ""}
	if u != nil {
		was.Front, was.Format, was.Buffer, was.Secret = u.Front, u.Format, u.Buffer, u.Secret
		region = cmp.Or(region, u.Region)
		f.Target, f.Measured = u.Target, &u.Window
	}
	prices, err := o.prices(cmp.Or(region, "us-east-1"))
	if err != nil {
		return f, prices, err
	}
	free, err := o.free()
	if err != nil {
		return f, prices, err
	}
	in := assumed(hits, was)
	if u != nil {
		in.measured(*u)
		f.Hits = in.hits.Value
	}
	f.Setup = o.Setup.over(was)
	in = in.as(was, f.Setup)
	f.Region, f.List, f.Own, f.Dates = prices.Region(), prices.List, prices.own, prices.dates()
	f.Lines, f.Figures = in.lines(f.Setup, prices, free), in.list()
	f.Total = total(f.Lines)
	f.Next = in.next(f.Setup, prices, free)
	if o.Compare {
		f.Compare = in.compare(f.Setup, prices, free)
	}
	return f, prices, nil
}

// prices are those that were given, or the region's.
func (o Options) prices(region string) (Prices, error) {
	if o.Prices != nil {
		return *o.Prices, nil
	}
	return InRegion(region)
}

// free is what is taken off; nil is nothing.
func (o Options) free() (map[string]float64, error) {
	if !o.FreeTier {
		return nil, nil //nolint:nilnil // no amount of anything
	}
	return freeAmounts()
}

// over fills what s leaves open.
func (s Setup) over(was Setup) Setup {
	s.Front, s.Format, s.Buffer = cmp.Or(s.Front, was.Front), cmp.Or(s.Format, was.Format), cmp.Or(s.Buffer, was.Buffer)
	s.Processor, s.Secret = cmp.Or(s.Processor, was.Processor), s.Secret || was.Secret
	s.BufferSeconds = int(s.Buffer / time.Second)
	return s
}

func (in inputs) list() []Figure {
	return []Figure{
		in.hits, in.records, in.recordBytes, in.callMS, in.memory, in.answer, in.rowBytes, in.stored, in.files,
		in.collectorLog, in.accessLog, in.queries, in.charged, in.gets, in.crawls, in.crawlHours,
	}
}

func notes(u *pipeline.Usage) []string {
	all := []string{"not counted: taxes, support, data transfer inside of AWS, log storage ($0.03 a GiB-month), and what is free in any amount here"}
	if u != nil && u.Window.Until.Sub(u.Window.Since) < 24*time.Hour {
		all = append(all, "less than a day was measured: it is taken for the whole month")
	}
	return all
}

// soFar prices the month of the calendar as it was measured.
func soFar(ctx context.Context, m Meter, o Options, s Setup, prices Prices) (*SoFar, error) {
	now := o.Now.UTC()
	since := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	u, err := m.Usage(ctx, query.Window{Since: since})
	if err != nil {
		return nil, err
	}
	free, err := o.free()
	if err != nil {
		return nil, err
	}
	in := assumed(Figure{}, s)
	in.measured(u)
	in.month(u)
	out := &SoFar{Since: u.Window.Since, Requests: u.Requests, Queries: u.Queries, Scanned: u.Scanned}
	for _, l := range in.lines(s, prices, free) {
		out.Total += l.Dollars
		if l.Item == "athena.scan" {
			out.Questions += l.Dollars
		}
	}
	return out, nil
}

// month takes what is for a month back to what was measured.
func (in *inputs) month(u pipeline.Usage) {
	part := u.Window.Until.Sub(u.Window.Since).Hours() / monthHours
	for _, f := range []*Figure{&in.hits, &in.files, &in.queries, &in.charged, &in.crawls} {
		f.Value *= part
	}
	if u.Queries == 0 {
		in.queries.Value, in.charged.Value, in.gets.Value = 0, 0, 0
	}
	in.stored.Value *= part // each GiB is billed by the hour
}
