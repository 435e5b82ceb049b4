package cmd

import (
	"cmp"
	"context"
	"errors"
	"os"

	"github.com/spf13/cobra"

	"pixelctl/pkg/cost"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/ui"
)

func newCostPrices(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "prices [REGION]", Args: optional,
		Short: "Print a price list, to be changed into your own",
		Long: `Prices prints the built-in list of a region (default: --region, then us-east-1):
each item with its unit, price, how well it is known, the day it was looked up
and the source. Save it, change it, and give it to any command with --prices, or
as prices in pixelctl.yaml: cost, query, report and all that tells a price then
go by it. With --prices it checks that list and prints it.

A list of your own must have every item. Write what your contract says with the
standing agreed. Its line regions names whom it is for; given with --prices it
counts in every region.`,
		Example: `pixelctl cost prices us-east-1 > prices.csv
pixelctl cost prices --prices prices.csv --json`,
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return cost.Regions(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			list, err := a.priceList(c, args)
			if err != nil {
				return err
			}
			return a.show(ui.PriceList(list))
		},
	}
	return c
}

func (a *app) priceList(c *cobra.Command, args []string) (cost.Prices, error) {
	if len(args) > 0 {
		return cost.InRegion(args[0])
	}
	given, err := a.prices(c.Context())
	if err != nil {
		return cost.Prices{}, err
	}
	if given != nil {
		return *given, nil
	}
	return cost.InRegion(cmp.Or(a.flags.region, "us-east-1"))
}

// prices reads the list of --prices: a region's, or a file; nil is none given.
func (a *app) prices(ctx context.Context) (*cost.Prices, error) {
	name := a.flags.prices
	if name == "" {
		return nil, nil //nolint:nilnil // the region's list counts
	}
	if cost.IsRegion(name) {
		return pointer(cost.InRegion(name))
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fault.New(fault.Usage, "read prices: %w", err).
			WithHint("name a region with a list, such as us-east-1, or write a file: pixelctl cost prices us-east-1 > prices.csv")
	}
	text, err := readInput(ctx, "prices "+name, f, cost.MaxList)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fault.New(fault.Usage, "%w", err)
	}
	return pointer(cost.Read(name, text))
}

func pointer(list cost.Prices, err error) (*cost.Prices, error) {
	if err != nil {
		return nil, err
	}
	return &list, nil
}

// priceLists completes regions and the names of files.
func priceLists(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return cost.Regions(), cobra.ShellCompDirectiveDefault
}
