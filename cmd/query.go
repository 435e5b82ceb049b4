package cmd

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/spf13/cobra"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
	"pixelctl/pkg/ui"
)

func newQuery(a *app) *cobra.Command {
	var o pipeline.QueryOptions
	var file, format, out, scan string
	c := &cobra.Command{
		Use: "query [SQL | -]", GroupID: groupData, Args: optional,
		Short: "Answer a question in SQL",
		Long: `Query runs one read-only SQL statement, in the dialect of Athena, over the table
tp_hits and the views hits (no duplicates), people, opens and seed_view. New
partitions are registered first.

On AWS Athena answers; what it scanned and what that costs is told after the
answer, and --max-scan refuses to pay for more. On the local target every hit
that was answered is seen, also those that wait in the spool.

On a terminal the answer is a table; piped it is one tab-separated line a row.`,
		Example: `pixelctl query "SELECT * FROM tp_hits LIMIT 5"
pixelctl query -f top.sql --max-scan 10GB --output csv --out top.csv
pixelctl query --target local "SELECT count(*) FROM people"
echo "SELECT count(*) FROM hits" | pixelctl query --target local - --json`,
		RunE: func(c *cobra.Command, args []string) (err error) {
			f, err := a.format(c, format)
			if err != nil {
				return err
			}
			if o.SQL, err = readSQL(c, args, file, a.streams.In); err != nil {
				return err
			}
			var w wish
			if w.maxScan, err = parseSize(c, "max-scan", scan); err != nil {
				return err
			}
			return a.query(c.Context(), w, o, f, out)
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVarP(&file, "file", "f", "", "read the SQL from this file; - is standard input")
	f.StringVarP(&format, "output", "o", string(ui.FormatTable), "table, csv, json, jsonl or markdown")
	f.StringVar(&out, "out", "", "write the answer to this file")
	f.BoolVar(&o.NoRepair, "no-repair", false, "do not look for new partitions first")
	f.StringVar(&scan, "max-scan", "", "aws: refuse a question that reads more, such as 10GB")
	_ = c.RegisterFlagCompletionFunc("output", fixed("table", "csv", "json", "jsonl", "markdown"))
	return c
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

// maxSQL is the longest statement that Athena takes, in bytes.
const maxSQL = 262144

// readSQL takes the statement from the argument, a file or standard input.
func readSQL(c *cobra.Command, args []string, file string, in io.Reader) (string, error) {
	switch {
	case file == "" && len(args) == 0:
		return "", usage(c, "query: no SQL is given").WithHint(`pixelctl query "SELECT count(*) FROM hits"`)
	case file != "" && len(args) > 0:
		return "", usage(c, "query: SQL is given as argument and with --file; give one")
	case file == "" && args[0] != "-":
		return args[0], checkSQL(args[0])
	case file == "-" || file == "":
		sql, err := readInput(c.Context(), "SQL from standard input", in, maxSQL)
		return sql, errors.Join(err, checkSQL(sql))
	}
	f, err := os.Open(file)
	if err != nil {
		return "", fault.New(fault.Usage, "read SQL: %w", err)
	}
	sql, err := readInput(c.Context(), "SQL from "+file, f, maxSQL)
	return sql, errors.Join(err, checkSQL(sql), f.Close())
}

func checkSQL(sql string) error {
	if len(sql) > maxSQL {
		return fault.New(fault.Usage, "query: the SQL is longer than %d bytes", maxSQL)
	}
	return nil
}

func (a *app) query(ctx context.Context, w wish, o pipeline.QueryOptions, f ui.Format, out string) error {
	p, err := a.pipeline(ctx, w)
	if err != nil {
		return err
	}
	var rows query.Rows
	err = a.follow(func(sink pipeline.Sink) (err error) {
		rows, err = p.Query(ctx, o, sink)
		return err
	})
	if wrong := new(query.SyntaxError); errors.As(err, &wrong) {
		return fault.New(fault.Usage, "%w", err)
	}
	if err != nil {
		return err
	}
	if out == "" || out == "-" {
		return errors.Join(ui.WriteRows(ctx, a.streams, rows, f), rows.Close())
	}
	return errors.Join(ui.WriteFile(a.streams, "out", out, func(s *ui.Streams) error { return ui.WriteRows(ctx, s, rows, f) }), rows.Close())
}
