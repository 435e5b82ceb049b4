package cmd

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
	"pixelctl/pkg/ui"
)

func newSubjectExport(a *app) *cobra.Command {
	var who subjectFlags
	var out string
	c := &cobra.Command{
		Use: "export", Args: noArgs,
		Short: "Write a person's rows with all columns as JSON lines",
		Long: `Export writes every row that holds one value in one column, with all columns, as
one JSON object a line; with --json as one document. A file appears whole or not
at all. What is stored of the person and is no row, such as lines that did not
convert, is told on standard error.`,
		Example: `pixelctl subject export --user u-1
pixelctl subject export --visitor v-1 --target local --out v-1.jsonl`,
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := who.subject(a, c)
			if err != nil {
				return err
			}
			return a.exportSubject(c.Context(), s, out)
		},
	}
	who.add(c)
	c.Flags().StringVar(&out, "out", "", "write the rows to this file")
	return c
}

func (a *app) exportSubject(ctx context.Context, s pipeline.Subject, out string) error {
	p, err := a.pipeline(ctx, wish{})
	if err != nil {
		return err
	}
	format := ui.FormatJSONL
	if a.flags.json {
		format = ui.FormatJSON
	}
	return ui.WriteOut(a.streams, "out", out, func(to *ui.Streams) error {
		rows, err := followed(a, func(sink pipeline.Sink) (query.Rows, error) { return p.ExportSubject(ctx, s, sink) })
		if err != nil {
			return err
		}
		return errors.Join(ui.WriteRows(ctx, to, rows, format), rows.Close())
	})
}
