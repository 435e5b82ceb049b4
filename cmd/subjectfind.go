package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/ui"
)

func newSubjectFind(a *app) *cobra.Command {
	var who subjectFlags
	c := &cobra.Command{
		Use: "find", Args: noArgs,
		Short: "Say where a person's rows lie",
		Long: `Find looks for one value in one column and shows the files that hold it, with
rows and bytes, what is no file yet, and lines that did not become rows. It
changes nothing. Of the files it reads only that column, on AWS with a question
that Athena bills. What it cannot know it says. An address is looked for whole
and cut to its network, on this machine also as the hash of today.

Piped it is one line a file, then spool and errors.`,
		Example: `pixelctl subject find --user u-1
pixelctl subject find --ip 203.0.113.77 --since 30d --target local`,
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := who.subject(a, c)
			if err != nil {
				return err
			}
			return perform(a, c, func(ctx context.Context, p pipeline.Pipeline, sink pipeline.Sink) (pipeline.SubjectMatches, error) {
				found, err := p.FindSubject(ctx, s, sink)
				a.unknown(sink, "find", found.Notes)
				return found, err
			}, ui.Matches)
		},
	}
	who.add(c)
	return c
}
