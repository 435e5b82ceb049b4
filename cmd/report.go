package cmd

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
	"pixelctl/pkg/report"
	"pixelctl/pkg/report/html"
	"pixelctl/pkg/ui"
)

// reportFlags are what the command line says beyond the report's own options.
type reportFlags struct {
	window windowFlags
	step   string
	csv    bool
	out    string
	html   string
	watch  time.Duration
}

func newReport(a *app) *cobra.Command {
	var o report.Options
	var flags reportFlags
	c := &cobra.Command{
		Use: "report [NAME]", GroupID: groupData, Args: cobra.ArbitraryArgs,
		Short: "Answer a named question with a picture",
		Long:  reportHelp(),
		Example: `pixelctl report --target local
pixelctl report campaigns --since 30d --compare --target local
pixelctl report pages --since yesterday --tz Europe/Berlin --target local
pixelctl report hours --target local --csv --out hours.csv
pixelctl report overview campaigns pages --target local --html week.html`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return reportNames(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error { return a.anyReport(c, args, o, flags) },
	}
	f := c.Flags()
	f.SortFlags = false
	flags.window.add(c, "first instant to report on (default: 6 days before today)", "first instant to leave out (default: now)")
	f.StringVar(&flags.step, "step", "", "hour, day, week or month (default: what suits the window)")
	f.BoolVar(&o.Compare, "compare", false, "set the numbers beside those of the period before")
	f.IntVar(&o.Limit, "limit", report.DefaultLimit, "most rows of a part")
	f.BoolVar(&flags.csv, "csv", false, "print CSV, one number a line")
	f.StringVar(&flags.out, "out", "", "write the report to this file")
	f.StringVar(&flags.html, "html", "", "write one HTML file that needs no network; takes several NAMEs, or all")
	f.DurationVar(&flags.watch, "watch", 0, "draw the report anew after this time, until Ctrl-C")
	for _, other := range []string{"csv", "out", "watch"} {
		c.MarkFlagsMutuallyExclusive("html", other)
	}
	for _, other := range []string{"csv", "out"} {
		c.MarkFlagsMutuallyExclusive("watch", other)
	}
	_ = c.RegisterFlagCompletionFunc("step", fixed("hour", "day", "week", "month"))
	return c
}

// anyReport takes the form that the flags ask for.
func (a *app) anyReport(c *cobra.Command, args []string, o report.Options, flags reportFlags) error {
	if o.Limit == 0 {
		return usage(c, "--limit: 0 rows are no report")
	}
	watch := c.Flags().Changed("watch")
	if a.flags.json && (watch || flags.csv || flags.html != "") {
		return usage(c, "--json is one report for a program: leave out --csv, --html and --watch")
	}
	o.Stack, o.Zone, o.Step = a.flags.stack, flags.window.tz, report.Step(flags.step)
	options, err := a.reports(o, flags.window, args)
	switch {
	case err != nil:
		return err
	case flags.html != "":
		return a.reportHTML(c.Context(), options, flags.html)
	case len(options) > 1:
		return usage(c, "%d reports at once are for --html only", len(options)).
			WithHint("%s %s --html report.html", c.CommandPath(), strings.Join(args, " "))
	case watch:
		return a.watchReport(c.Context(), flags, func() (report.Options, error) {
			now, err := a.reports(o, flags.window, args)
			if err != nil {
				return report.Options{}, err
			}
			return now[0], nil
		})
	}
	return a.report(c.Context(), options[0], flags)
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

// Parted names the relations of a target that knows which rows may have copies.
func (e *asker) Parted() (single, repeatable string) {
	if t, ok := e.p.(pipeline.Parter); ok {
		return t.Parted()
	}
	return "", ""
}

// Query satisfies query.Engine; statements of reports have no parameters.
func (e *asker) Query(ctx context.Context, sql string, _ ...query.Param) (query.Rows, error) {
	rows, err := e.p.Query(ctx, pipeline.QueryOptions{SQL: sql, NoRepair: e.asked, Few: true}, e.sink)
	e.asked = err == nil
	return rows, err
}

// reports are the options of each report that was named, checked.
func (a *app) reports(o report.Options, w windowFlags, names []string) (_ []report.Options, err error) {
	o.Now, o.Buffer = a.now(), pipeline.MaxBuffer
	if o.Window, err = w.window(a); err != nil {
		return nil, err
	}
	switch {
	case len(names) == 0:
		names = []string{"overview"}
	case len(names) == 1 && names[0] == "all":
		names = report.Names()
	}
	var out []report.Options
	for _, name := range names {
		o.Name = name
		if err := o.Validate(); err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

// makeReports asks for reports, one after the other.
func (a *app) makeReports(ctx context.Context, options ...report.Options) (made []report.Report, err error) {
	p, err := a.pipeline(ctx, wish{})
	if err != nil {
		return nil, err
	}
	err = a.follow(func(sink pipeline.Sink) error {
		e := &asker{p: p, sink: sink}
		for _, o := range options {
			r, err := report.Make(ctx, e, o)
			if err != nil {
				return err
			}
			made = append(made, r)
		}
		return nil
	})
	return made, err
}

func (a *app) report(ctx context.Context, o report.Options, flags reportFlags) error {
	return ui.WriteOut(a.streams, "out", flags.out, func(s *ui.Streams) error {
		made, err := a.makeReports(ctx, o)
		if err != nil {
			return err
		}
		return drawReport(ctx, s, made[0], flags.csv, a.flags.json)
	})
}

func (a *app) reportHTML(ctx context.Context, options []report.Options, path string) error {
	return ui.WriteOut(a.streams, "html", path, func(s *ui.Streams) error {
		made, err := a.makeReports(ctx, options...)
		if err != nil {
			return err
		}
		return html.Write(s.Out, made)
	})
}

// watchReport asks and draws again and again, by the time it is then. Progress
// is not shown: it would be drawn across the report.
func (a *app) watchReport(ctx context.Context, flags reportFlags, options func() (report.Options, error)) error {
	if err := ui.CheckWatch(a.streams, flags.watch); err != nil {
		return err
	}
	p, err := a.pipeline(ctx, wish{})
	if err != nil {
		return err
	}
	return ui.Watch(ctx, a.streams, flags.watch, func(ctx context.Context) (ui.View, error) {
		o, err := options()
		if err != nil {
			return ui.View{}, err
		}
		r, err := report.Make(ctx, &asker{p: p}, o)
		if r.Stats.Dollars > 0 { // Athena charges each time
			r.Notes = append(r.Notes, ui.WatchCost(r.Stats.Dollars, flags.watch))
		}
		return ui.Report(r), err
	})
}

func drawReport(ctx context.Context, s *ui.Streams, r report.Report, csv, json bool) error {
	switch {
	case csv:
		return ui.WriteRows(ctx, s, report.Sheet(r), ui.FormatCSV)
	case json || s.Out.TTY:
		return ui.Show(s, ui.Report(r), json)
	}
	return ui.WriteRows(ctx, s, report.Tidy(r), ui.FormatTSV)
}
