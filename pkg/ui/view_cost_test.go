package ui

import (
	"time"

	"pixelctl/pkg/cost"
	"pixelctl/pkg/query"
)

// forecast is one of AWS with all that it can tell.
func forecast() cost.Forecast {
	now := time.Date(2026, 7, 11, 9, 0, 0, 0, time.UTC)
	return cost.Forecast{
		Target: "aws", Hits: 1_234_567, Region: "us-east-1", List: "us.csv", Total: 1.5137, Dates: []string{"2026-11-23", "2026-11-25", "2026-11-30"}, FreeTier: true,
		Setup:    cost.Setup{Front: "api", Format: "parquet", Buffer: time.Minute, Processor: "arm64"},
		Measured: &query.Window{Since: now.Add(-240 * time.Hour), Until: now},
		Lines: []cost.Line{
			{Part: "HTTP API", Item: "api.request", Quantity: 1_234_567, Unit: "request", Basis: cost.Measured, Per: 1e6, Price: 1, Standing: cost.Listed, Dollars: 1.234567, Share: 0.8156},
			{Part: "conversion", Item: "firehose.convert", Quantity: 5.887, Unit: "GiB", Basis: cost.Assumed, Per: 1, Price: 0.018, Standing: cost.Unverified, Dollars: 0.106, Share: 0.07},
			{Part: "questions", Item: "athena.scan", Quantity: 0.00029, Unit: "TiB", Basis: cost.Given, Per: 1, Price: 5, Standing: cost.Listed, Dollars: 0.00145, Share: 0.001},
		},
		Figures: []cost.Figure{
			{Name: "hits", Value: 1_234_567, Unit: "a month", Basis: cost.Measured},
			{Name: "scanned", Value: 314572800, Unit: "bytes", Basis: cost.Assumed, Note: "each row is read once; 10 MB a question at least"},
		},
		Next: []cost.Change{
			{What: "front url", Saving: 1.2, Total: 0.3137, Note: "deploy does not offer it"},
			{What: "format json", Saving: 0.1, Total: 1.4137, Command: "pixelctl deploy --format json", Note: "in a new stack"},
		},
		Compare: []cost.Change{
			{What: "front api", Total: 1.5137, Now: true},
			{What: "front url", Total: 0.3137, Saving: 1.2, Note: "deploy does not offer it; no own domain, no throttle, no access log"},
			{What: "buffer 15m", Total: 1.6137, Saving: -0.1},
			{What: "format orc", Total: 1.5137},
		},
		SoFar: &cost.SoFar{Since: now.AddDate(0, 0, -10), Requests: 432_100, Total: 0.5123, Queries: 12, Scanned: 41 << 20, Questions: 0.00057},
		Notes: []string{"not counted: taxes"},
	}
}

// localForecast has nothing that could be cheaper.
func localForecast() cost.Forecast {
	return cost.Forecast{
		Target: "local", Hits: 950, Region: "eu-north-1", List: "/home/ana/prices.csv", Own: true, Dates: []string{"2026-11-23"},
		Setup: cost.Setup{Front: "url", Format: "json", Buffer: 15 * time.Minute, Processor: "arm64"},
		Lines: []cost.Line{{Part: "function, calls", Quantity: 950, Unit: "request", Basis: cost.Measured, Per: 1e6, Price: 0.2, Standing: cost.Listed, Dollars: 0.00019, Share: 1}},
		Total: 0.00019,
	}
}
