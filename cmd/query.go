package cmd

import (
	"github.com/spf13/cobra"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
	"pixelctl/pkg/ui"
)

// question is what the flags of query ask for.
type question struct {
	file, format, out, scan, cost, save string

	params   []string
	when     windowFlags
	explain  bool
	dryRun   bool
	noRepair bool
}

func newQuery(a *app) *cobra.Command {
	var q question
	c := &cobra.Command{
		Use: "query [SQL | NAME | -]", GroupID: groupData, Args: optional,
		Short: "Answer a question in SQL",
		Long: `Query runs one read-only SQL statement, in the dialect of Athena, over the table
tp_hits and the views hits (no duplicates), people, opens and seed_view. New
partitions are registered first. A file given with -f may hold several
statements, with semicolons between; each is answered in turn.

$window in the SQL stands for --since and --until: the hours that may hold such
rows, and received_at. Put it beside the FROM, as WHERE $window; within double
quotes the shell wants \$window. ` + timesHelp + `

:name in a WHERE stands for the value of --param name=value, which is text;
name:int=5 is a number, and double, boolean, date and timestamp go the same way.
Values are handed over beside the SQL, never as part of it.

--explain tells what the question may read and what that costs at most, and
asks nothing; --max-cost refuses a question that may cost more. --save NAME
keeps the SQL under queries in pixelctl.yaml, and query NAME asks it.

On AWS Athena answers; what it scanned and what that costs is told after the
answer, and --max-scan refuses to pay for more. On the local target every hit
that was answered is seen, also those that wait in the spool.

On a terminal the answer is a table of a screenful; piped it is all rows, one
tab-separated line each.`,
		Example: `pixelctl query "SELECT * FROM tp_hits LIMIT 5"
pixelctl query "SELECT count(*) FROM hits WHERE \$window" --since yesterday
pixelctl query "SELECT count(*) FROM hits WHERE site = :site" --param site=x
pixelctl query --save top "SELECT count(*) FROM hits WHERE \$window"
pixelctl query top --since "last week" --explain
pixelctl query top --since 30d --max-cost 0.05
pixelctl query -f top.sql --max-scan 10GB --output csv --out top.csv
pixelctl query --target local "SELECT count(*) FROM people"
echo "SELECT count(*) FROM hits" | pixelctl query --target local - --json`,
		ValidArgsFunction: a.queryNames,
		RunE:              func(c *cobra.Command, args []string) error { return a.query(c, args, q) },
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVarP(&q.file, "file", "f", "", "read the SQL from this file; - is standard input")
	q.when.add(c, "first instant that $window takes in, or a name such as yesterday for all of it", "first instant that $window leaves out")
	f.StringArrayVar(&q.params, "param", nil, "value of :name, as name=value or name:int=5; may be given again")
	f.BoolVar(&q.explain, "explain", false, "tell what it may read and cost, and do not ask")
	f.StringVar(&q.cost, "max-cost", "", "refuse, before it is asked, what may cost more dollars, such as 0.05")
	f.StringVar(&q.scan, "max-scan", "", "aws: refuse a question that reads more, such as 10GB")
	f.StringVarP(&q.format, "output", "o", string(ui.FormatTable), "table, csv, json, jsonl or markdown")
	f.StringVar(&q.out, "out", "", "write the answer to this file")
	f.BoolVar(&q.noRepair, "no-repair", false, "do not look for new partitions first")
	f.StringVar(&q.save, "save", "", "keep the SQL under this name and do not ask")
	f.BoolVar(&q.dryRun, "dry-run", false, "with --save: show what would be written")
	for _, other := range []string{"explain", "param", "since", "until", "out"} {
		c.MarkFlagsMutuallyExclusive("save", other)
	}
	_ = c.RegisterFlagCompletionFunc("output", fixed("table", "csv", "json", "jsonl", "markdown"))
	return c
}

// query reads all that was given before it asks anything.
func (a *app) query(c *cobra.Command, args []string, q question) error {
	if q.dryRun && q.save == "" {
		return usage(c, "query: --dry-run goes with --save").WithHint("--explain tells what a question would read")
	}
	f, err := a.format(c, q.format)
	if err != nil {
		return err
	}
	statements, err := a.statements(c, args, q)
	if err != nil {
		return err
	}
	if q.save != "" {
		return a.saveQuery(c, q, statements)
	}
	var w wish
	if w.maxScan, err = parseSize(c, "max-scan", q.scan); err != nil {
		return err
	}
	list, err := a.questions(q, statements)
	if err != nil {
		return err
	}
	p, err := a.pipeline(c.Context(), w)
	if err != nil {
		return err
	}
	if err := a.estimate(c, p, q, list); err != nil || q.explain {
		return err
	}
	return a.answers(c.Context(), p, list, f, q.out)
}

// questions gives each statement its window and those values that it names. All
// of them are checked before the first is asked.
func (a *app) questions(q question, statements []string) ([]pipeline.QueryOptions, error) {
	window, err := q.when.window(a)
	if err != nil {
		return nil, err
	}
	params, err := query.ParseParams(q.params)
	if err != nil {
		return nil, err
	}
	if err := query.Unused(statements, params); err != nil {
		return nil, err
	}
	list := make([]pipeline.QueryOptions, len(statements))
	for i, sql := range statements {
		list[i] = pipeline.QueryOptions{SQL: sql, Window: window, Params: query.Pick(sql, params), NoRepair: q.noRepair}
		if _, err := list[i].Statement(); err != nil {
			return nil, asUsage(err)
		}
	}
	return list, nil
}

func (a *app) format(c *cobra.Command, name string) (ui.Format, error) {
	if a.flags.json {
		return ui.FormatJSON, nil
	}
	for _, f := range ui.Formats() {
		if string(f) == name {
			return f, nil
		}
	}
	return "", usage(c, "--output: unknown format %q", name).WithHint("use table, csv, json, jsonl or markdown")
}
