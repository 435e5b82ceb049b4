package cmd

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"pixelctl/pkg/cost"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/ui"
)

func newCost(a *app) *cobra.Command {
	var o cost.Options
	var hits string
	var when windowFlags
	c := &cobra.Command{
		Use: "cost", GroupID: groupTuning, Args: unknownCommand,
		Short: "Forecast what a month costs, part by part",
		Long: `Cost forecasts a month at AWS's list prices: from what was measured in the last
30 days, or from --hits-per-month, which needs no stack and no account. Each
quantity is measured, given or assumed; a price with a star was not verified.
Then it tells which single change makes it cheaper.

On AWS it measures requests, calls, records, log bytes and scans by CloudWatch,
files in S3 and crawls by Glue, and adds the month so far. On one machine it
counts rows and files, and says what they would cost on AWS.

--front, --format and --buffer ask "what if". Fronts that deploy lacks are
forecast all the same.

The list is that of the stack's region; a region without one is refused, for
prices differ. --prices takes another region's list, or a file with your own.`,
		Example: `pixelctl cost
pixelctl cost --since 7d --compare
pixelctl cost --hits-per-month 30M --front url --format json --buffer 15m
pixelctl cost --target local --json
pixelctl cost --hits-per-month 30M --prices eu-west-1`,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			if o.Hits, err = parseCount(c, "hits-per-month", hits); err != nil {
				return err
			}
			o.Now = a.now()
			if o.Window, err = when.window(a); err != nil {
				return err
			}
			return a.cost(c, o)
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&hits, "hits-per-month", "", "forecast this many instead of what is measured, such as 30M")
	when.add(c, "first instant that is measured (default: 30 days ago)", "first instant that is not (default: now)")
	f.BoolVar(&o.Compare, "compare", false, "also price the other fronts, formats and buffers")
	f.StringVar(&o.Setup.Front, "front", "", "what if it were api, url or cloudfront")
	f.StringVar(&o.Setup.Format, "format", "", "what if it were parquet, json or orc")
	f.DurationVar(&o.Setup.Buffer, "buffer", 0, "what if it were this long, 60s to 15m")
	f.BoolVar(&o.FreeTier, "free-tier", false, "take off what accounts have free each month")
	c.MarkFlagsMutuallyExclusive("hits-per-month", "since")
	c.MarkFlagsMutuallyExclusive("hits-per-month", "until")
	_ = c.RegisterFlagCompletionFunc("front", fixed(cost.FrontAPI, cost.FrontURL, cost.FrontCloudFront))
	_ = c.RegisterFlagCompletionFunc("format", fixed(cost.Parquet, cost.JSON, cost.ORC))
	c.AddCommand(newCostPrices(a))
	return c
}

// cost needs no target when the hits are given.
func (a *app) cost(c *cobra.Command, o cost.Options) error {
	var err error
	if o.Prices, err = a.prices(c.Context()); err != nil {
		return err
	}
	if o.Hits > 0 {
		if a.flags.target == targetAWS {
			o.Region = a.flags.region
		}
		f, err := cost.Make(c.Context(), nil, o)
		if err != nil {
			return err
		}
		return a.show(ui.Cost(f))
	}
	if err := o.Check(); err != nil {
		return err
	}
	return perform(a, c, func(ctx context.Context, p pipeline.Pipeline, _ pipeline.Sink) (cost.Forecast, error) {
		return cost.Make(ctx, p, o)
	}, ui.Cost)
}

// parseCount takes a number, or one with k, M or G behind it. Empty is 0.
func parseCount(c *cobra.Command, flag, s string) (float64, error) {
	if s == "" {
		return 0, nil
	}
	factor := map[string]float64{"k": 1e3, "K": 1e3, "m": 1e6, "M": 1e6, "g": 1e9, "G": 1e9}[s[len(s)-1:]]
	number := s
	if factor > 0 {
		number = s[:len(s)-1]
	} else {
		factor = 1
	}
	n, err := strconv.ParseFloat(strings.NewReplacer(",", "", "_", "").Replace(number), 64)
	if err != nil || !(n*factor >= 1 && n*factor <= cost.MaxHits) {
		return 0, usage(c, "--%s: %q is no number of hits", flag, s).WithHint("write 1000000, 1,000,000 or 30M")
	}
	return n * factor, nil
}
