package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
	"pixelctl/pkg/ui"
)

// asUsage makes of wrong SQL the user's mistake that it is.
func asUsage(err error) error {
	if wrong := new(query.SyntaxError); errors.As(err, &wrong) {
		return fault.New(fault.Usage, "%w", err)
	}
	return err
}

// estimate shows what the questions may read, for --explain, and refuses what
// may cost more than --max-cost.
func (a *app) estimate(c *cobra.Command, p pipeline.Pipeline, q question, list []pipeline.QueryOptions) error {
	limit, err := parseDollars(c, "max-cost", q.cost)
	if err != nil || !q.explain && q.cost == "" {
		return err
	}
	var dollars float64
	for _, o := range list {
		e, err := p.Estimate(c.Context(), o)
		if err != nil {
			return asUsage(err)
		}
		if e.Unpriced != "" && q.cost != "" {
			return fault.New(fault.Usage, "query: --max-cost: what it may cost in region %s is not known, for there is no list of its prices; nothing was asked", e.Unpriced).
				WithHint("write one: pixelctl cost prices us-east-1 > prices.csv, and give it: --prices prices.csv; --max-scan needs no price")
		}
		dollars += e.Dollars
		if q.explain {
			if err := a.show(ui.Estimate(e)); err != nil {
				return err
			}
		}
	}
	if q.cost != "" && dollars > limit {
		price := strconv.FormatFloat(dollars, 'f', 6, 64)
		return fault.New(fault.Failed, "query: it may cost $%s, and --max-cost is $%s; nothing was asked", price, strings.TrimPrefix(q.cost, "$")).
			WithHint("ask for fewer hours with WHERE $window and --since, or allow it: --max-cost %s", price)
	}
	return nil
}

// parseDollars takes 0.05 or $0.05. Empty is 0.
func parseDollars(c *cobra.Command, flag, s string) (float64, error) {
	if s == "" {
		return 0, nil
	}
	v, err := strconv.ParseFloat(strings.TrimPrefix(s, "$"), 64)
	if err != nil || !(v >= 0 && v < 1e9) {
		return 0, usage(c, "--%s: %q is no amount of dollars", flag, s).WithHint("write a number, such as --%s 0.05", flag)
	}
	return v, nil
}

// answers asks one question after the other and writes what comes, to a file
// all of it or nothing.
func (a *app) answers(ctx context.Context, p pipeline.Pipeline, list []pipeline.QueryOptions, f ui.Format, out string) error {
	write := func(s *ui.Streams) error {
		for i, o := range list {
			if err := a.answer(ctx, p, o, s, f, i > 0); err != nil {
				if len(list) > 1 {
					return fmt.Errorf("statement %d of %d: %w", i+1, len(list), err)
				}
				return err
			}
		}
		return nil
	}
	return ui.WriteOut(a.streams, "out", out, write)
}

// answer writes one answer, apart from one before it.
func (a *app) answer(ctx context.Context, p pipeline.Pipeline, o pipeline.QueryOptions, s *ui.Streams, f ui.Format, apart bool) error {
	o.Most = s.RowsRead(f)
	rows, err := followed(a, func(sink pipeline.Sink) (query.Rows, error) { return p.Query(ctx, o, sink) })
	if err != nil {
		return asUsage(err)
	}
	if apart && f != ui.FormatJSON && f != ui.FormatJSONL {
		_, err = io.WriteString(s.Out, "\n")
	}
	if err == nil {
		err = ui.WriteRows(ctx, s, rows, f)
	}
	return errors.Join(err, rows.Close())
}
