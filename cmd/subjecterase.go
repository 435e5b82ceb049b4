package cmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/ui"
)

func newSubjectErase(a *app) *cobra.Command {
	var who subjectFlags
	var o pipeline.EraseOptions
	var out string
	c := &cobra.Command{
		Use: "erase", Args: noArgs,
		Short: "Take a person's rows out of every file, with a receipt",
		Long: `Erase shows what it found, asks for the stack's name and writes the files that
match anew without the person's rows. Rows and a digest are compared before the
new file takes the place of the old. Lines that did not become rows go too. With
--anonymise the rows stay and every column that tells about a person is blank.

On AWS it first waits until what the stream holds of the window lies in S3.
Every version of the old objects goes, and results of queries, which are copies
of rows.

The receipt counts what was done, with the SHA-256 of each new file; it names
nobody. After Ctrl-C or a failure run it again: it goes on where it was. What is
left is listed, with exit code 7.`,
		Example: `pixelctl subject erase --user u-1 --dry-run
pixelctl subject erase --user u-1 --target local --yes --out receipt.json
pixelctl subject erase --visitor v-1 --target local --anonymise --yes`,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			if o.Subject, err = who.subject(a, c); err != nil {
				return err
			}
			return a.eraseSubject(c, o, out)
		},
	}
	who.add(c)
	f := c.Flags()
	f.BoolVar(&o.Anonymise, "anonymise", false, "keep the rows and blank the person in them")
	f.BoolVar(&o.DryRun, "dry-run", false, "show what would be erased")
	f.StringVar(&out, "out", "", "write the receipt to this file, as JSON")
	return c
}

// eraseSubject shows what is found first and asks, unless --yes.
func (a *app) eraseSubject(c *cobra.Command, o pipeline.EraseOptions, out string) error {
	p, err := a.pipeline(c.Context(), wish{})
	if err != nil {
		return err
	}
	if !o.DryRun && !a.flags.yes {
		if err := a.confirmErase(c.Context(), p, o); err != nil {
			return err
		}
	}
	if out == "" || out == "-" {
		receipt, err := a.eraseNow(c, p, o)
		if receipt == nil {
			return err
		}
		return errors.Join(a.show(ui.Erased(*receipt)), err)
	}
	// The file is made first: a receipt that cannot be kept comes too late
	// afterwards.
	var receipt *pipeline.Receipt
	var failed error
	err = ui.WriteFile(a.streams, "out", out, func(s *ui.Streams) error {
		if receipt, failed = a.eraseNow(c, p, o); receipt == nil {
			return failed
		}
		return ui.Show(s, ui.Erased(*receipt), true)
	})
	switch {
	case failed != nil && receipt == nil:
		return failed
	case err != nil && receipt != nil: // it is told at least
		err = errors.Join(a.show(ui.Erased(*receipt)), err)
	}
	return errors.Join(err, failed)
}

func (a *app) confirmErase(ctx context.Context, p pipeline.Subjects, o pipeline.EraseOptions) error {
	o.DryRun = true
	would, err := followed(a, func(sink pipeline.Sink) (pipeline.Receipt, error) { return p.EraseSubject(ctx, o, sink) })
	if err != nil {
		return err
	}
	if err := ui.ShowMatches(a.streams, would.Matches); err != nil {
		return err
	}
	what := "Erase removes"
	if o.Anonymise {
		what = "Erase makes anonymous"
	}
	rows := would.Matches.Rows + max(would.Matches.Spool, 0)
	question := fmt.Sprintf("%s %s of stack %s.", what, ui.Plural(rows, "row"), a.flags.stack)
	return ui.ConfirmName(ctx, a.streams, question, a.flags.stack)
}

// eraseNow gives no receipt when nothing was done. One that was broken off
// counts beside its error.
func (a *app) eraseNow(c *cobra.Command, p pipeline.Subjects, o pipeline.EraseOptions) (*pipeline.Receipt, error) {
	receipt, err := followed(a, func(sink pipeline.Sink) (pipeline.Receipt, error) { return p.EraseSubject(c.Context(), o, sink) })
	if err != nil {
		err = a.resumable(c, err)
		if len(receipt.Files) == 0 && receipt.Errors == 0 {
			return nil, err
		}
	}
	return &receipt, err
}
