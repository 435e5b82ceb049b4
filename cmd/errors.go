package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/ui"
)

func newErrors(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "errors", GroupID: groupData, Args: unknownCommand,
		Short: "Show records that did not become rows, and send them again",
		Long: `A record that does not fit the table becomes an error line instead of a row; on
AWS the function also logs what the delivery stream refused. errors counts both,
shows them, and sends them again once the cause is mended.`,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newErrorsList(a), newErrorsShow(a), newErrorsReplay(a))
	return c
}

// errorFlags choose records that did not become rows.
type errorFlags struct {
	windowFlags

	reason string
}

func (e *errorFlags) add(c *cobra.Command) {
	e.windowFlags.add(c, "first instant of arrival, or a name such as yesterday", "first instant of arrival to leave out")
	c.Flags().StringVar(&e.reason, "reason", "", "only this reason, as list shows it, such as MalformedData")
	_ = c.RegisterFlagCompletionFunc("reason", fixed("EntityNotFound", "MalformedData", "ParseError", pipeline.ReasonRefused))
}

func newErrorsList(a *app) *cobra.Command {
	var f errorFlags
	c := &cobra.Command{
		Use: "list", Args: noArgs,
		Short: "Count the records that did not become rows, by reason",
		Long: `List counts the records that did not become rows by reason and column, with the
first and the last time and an example. "fit" is how many of them the table
would take as it is now: errors replay makes rows of these.`,
		Example: "pixelctl errors list\npixelctl errors list --target local --since yesterday --json",
		RunE:    func(c *cobra.Command, _ []string) error { return a.errors(c, f, 0, a.errorList) },
	}
	f.add(c)
	return c
}

// errorList names the replay when there is something to send.
func (a *app) errorList(r pipeline.ErrorReport) ui.View {
	v := ui.ErrorList(r)
	if slices.ContainsFunc(r.Groups, func(g pipeline.ErrorGroup) bool { return g.Fit > 0 }) {
		return v.WithNext("pixelctl errors replay" + a.stackFlags() + " --dry-run")
	}
	return v
}

func newErrorsShow(a *app) *cobra.Command {
	var f errorFlags
	var limit int
	c := &cobra.Command{
		Use: "show", Args: noArgs,
		Short: "Show the records that did not become rows",
		Long: `Show prints the records themselves, decoded, each with its reason, its time and
the file that holds it. They are as somebody sent them: on a terminal everything
that could steer it is escaped. --json gives every byte; a record that is no
UTF-8 comes as raw_base64 there.`,
		Example: "pixelctl errors show --limit 3\npixelctl errors show --target local --reason MalformedData --json",
		RunE: func(c *cobra.Command, _ []string) error {
			if limit < 1 || limit > mostShown {
				return usage(c, "--limit: %d is not between 1 and %d", limit, mostShown)
			}
			return a.errors(c, f, limit, ui.ErrorRecords)
		},
	}
	f.add(c)
	c.Flags().IntVar(&limit, "limit", 20, "most records to show")
	return c
}

// mostShown bounds what is held in memory: a record has up to 1,000 KiB.
const mostShown = 10_000

func (a *app) errors(c *cobra.Command, f errorFlags, limit int, view func(pipeline.ErrorReport) ui.View) error {
	w, err := f.window(a)
	if err != nil {
		return err
	}
	return perform(a, c, func(ctx context.Context, p pipeline.Pipeline, sink pipeline.Sink) (pipeline.ErrorReport, error) {
		return p.Errors(ctx, pipeline.ErrorsOptions{Window: w, Reason: f.reason, Limit: limit}, sink)
	}, view)
}

func newErrorsReplay(a *app) *cobra.Command {
	var f errorFlags
	var dry bool
	c := &cobra.Command{
		Use: "replay", Args: noArgs,
		Short: "Send the records again that fit the table now",
		Long: `Replay makes rows of the records that fit the table now, each once, also when it
is killed and run again: they keep event_id and received_at, and none is sent of
which a row is there. What would fail again is left and listed: exit code 7.

On AWS it puts them to the delivery stream; they are rows after the buffer. When
the log of the function or an earlier replay leaves open what the stream took,
it first waits until that lies in S3, as long as the buffer and two minutes, and
asks Athena, which has its price: --dry-run shows it.`,
		Example: "pixelctl errors replay --dry-run\npixelctl errors replay --target local --since \"last week\" --yes",
		RunE: func(c *cobra.Command, _ []string) error {
			w, err := f.window(a)
			if err != nil {
				return err
			}
			return a.replay(c, pipeline.ReplayOptions{Window: w, Reason: f.reason, DryRun: dry})
		},
	}
	f.add(c)
	c.Flags().BoolVar(&dry, "dry-run", false, "count what would be sent and what would not")
	return c
}

// replay shows what was sent also when something is left.
func (a *app) replay(c *cobra.Command, o pipeline.ReplayOptions) error {
	asked := o.DryRun
	r, err := confirmed(a, c, asked, func(ctx context.Context, p pipeline.Pipeline, dry bool, sink pipeline.Sink) (pipeline.ReplayResult, error) {
		o.DryRun = dry
		return p.ReplayErrors(ctx, o, sink)
	}, func(would pipeline.ReplayResult) string {
		if would.Replayed+would.Stored == 0 && len(would.Notes) == 0 {
			return ""
		}
		return fmt.Sprintf("Replay sends %s of %s again, of stack %s.", ui.Count(would.Replayed), ui.Plural(would.Records, "record"), a.flags.stack)
	})
	if err == nil && r.DryRun && !asked { // there was nothing to send
		r.DryRun = false
		err = r.Outcome(a.command)
	}
	if err != nil && fault.KindOf(err) != fault.Partial {
		return err
	}
	return errors.Join(a.show(ui.Replay(r)), err)
}
