package cmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
	"pixelctl/pkg/report"
	"pixelctl/pkg/ui"
)

// reportFlags are what the command line says beyond the report's own options.
type reportFlags struct {
	window windowFlags
	step   string
	csv    bool
	out    string
}

func newReport(a *app) *cobra.Command {
	var o report.Options
	var flags reportFlags
	c := &cobra.Command{
		Use: "report [NAME]", GroupID: groupData, Args: optional,
		Short: "Answer a named question with a picture",
		Long:  reportHelp(),
		Example: `pixelctl report --target local
pixelctl report campaigns --since 30d --compare --target local
pixelctl report pages --since yesterday --tz Europe/Berlin --target local
pixelctl report hours --target local --csv --out hours.csv`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return reportNames(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) (err error) {
			o.Name = append(args, "overview")[0]
			if o.Window, err = flags.window.window(a); err != nil {
				return err
			}
			if o.Limit == 0 {
				return usage(c, "--limit: 0 rows are no report")
			}
			o.Stack, o.Zone, o.Step, o.Now = a.flags.stack, flags.window.tz, report.Step(flags.step), a.now()
			return a.report(c.Context(), o, flags)
		},
	}
	f := c.Flags()
	f.SortFlags = false
	flags.window.add(c, "first instant to report on (default: 6 days before today)", "first instant to leave out (default: now)")
	f.StringVar(&flags.step, "step", "", "hour, day, week or month (default: what suits the window)")
	f.BoolVar(&o.Compare, "compare", false, "set the numbers beside those of the period before")
	f.IntVar(&o.Limit, "limit", report.DefaultLimit, "most rows of a part")
	f.BoolVar(&flags.csv, "csv", false, "print CSV, one number a line")
	f.StringVar(&flags.out, "out", "", "write the report to this file")
	_ = c.RegisterFlagCompletionFunc("step", fixed("hour", "day", "week", "month"))
	return c
}

func reportHelp() string {
	var b strings.Builder
	b.WriteString(`Report answers a named question about a window of time. People, mail proxies,
machines and synthetic hits are counted apart; copies of a hit count once.

Reports:
`)
	for _, name := range report.Names() {
		fmt.Fprintf(&b, "  %-11s %s\n", name, report.Question(name))
	}
	b.WriteString(`
A share has its 95 % interval. On a terminal a report is drawn; piped it is one
number a line: report, part, time, labels, measure, value, its interval, before.`)
	return b.String()
}

// reportNames are the names with their questions, as shells show them.
func reportNames() []string {
	names := report.Names()
	for i, name := range names {
		names[i] = name + "\t" + report.Question(name)
	}
	return names
}

// asker puts a report's statements to a target: new partitions are looked for
// once.
type asker struct {
	p     pipeline.Pipeline
	sink  pipeline.Sink
	asked bool
}

// Query satisfies query.Engine.
func (e *asker) Query(ctx context.Context, sql string) (query.Rows, error) {
	rows, err := e.p.Query(ctx, pipeline.QueryOptions{SQL: sql, NoRepair: e.asked}, e.sink)
	e.asked = err == nil
	return rows, err
}

func (a *app) report(ctx context.Context, o report.Options, flags reportFlags) error {
	if err := o.Validate(); err != nil {
		return err
	}
	p, err := a.pipeline(ctx, wish{})
	if err != nil {
		return err
	}
	o.Buffer = pipeline.MaxBuffer
	var r report.Report
	err = a.follow(func(sink pipeline.Sink) (err error) {
		r, err = report.Make(ctx, &asker{p: p, sink: sink}, o)
		return err
	})
	if err != nil {
		return err
	}
	draw := func(s *ui.Streams) error { return drawReport(ctx, s, r, flags.csv, a.flags.json) }
	if flags.out == "" || flags.out == "-" {
		return draw(a.streams)
	}
	return ui.WriteFile(a.streams, "out", flags.out, draw)
}

func drawReport(ctx context.Context, s *ui.Streams, r report.Report, csv, json bool) error {
	switch {
	case csv:
		return ui.WriteRows(ctx, s, report.Tidy(r), ui.FormatCSV)
	case json || s.Out.TTY:
		return ui.Show(s, ui.Report(r), json)
	}
	return ui.WriteRows(ctx, s, report.Tidy(r), ui.FormatTSV)
}
