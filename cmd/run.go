package cmd

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/snippet"
	"pixelctl/pkg/ui"
)

// show draws a result on standard output.
func (a *app) show(v ui.View) error { return ui.Show(a.streams, v, a.flags.json) }

// silent says whether only results, errors and warnings are told: under
// --quiet, and when a program reads errors as JSON from standard error.
func (a *app) silent() bool {
	return a.flags.quiet || a.flags.json && !a.flags.verbose && !a.streams.Err.TTY
}

// follow runs an operation and draws its progress on standard error.
func (a *app) follow(operation func(pipeline.Sink) error) error {
	streams := *a.streams
	streams.Quiet = a.silent()
	progress := ui.NewProgress(&streams)
	a.progress.Store(progress)
	err := operation(progress.Sink())
	a.progress.Store(nil)
	return errors.Join(err, progress.Close())
}

// followed is follow for what has a result.
func followed[R any](a *app, run func(pipeline.Sink) (R, error)) (result R, err error) {
	err = a.follow(func(sink pipeline.Sink) (err error) {
		result, err = run(sink)
		return err
	})
	return result, err
}

// operation is one method of a pipeline with its options bound.
type operation[R any] func(ctx context.Context, p pipeline.Pipeline, sink pipeline.Sink) (R, error)

// perform picks the target, runs an operation on it and shows its result.
func perform[R any](a *app, c *cobra.Command, run operation[R], view func(R) ui.View) error {
	return performWith(a, c, wish{}, run, view)
}

func performWith[R any](a *app, c *cobra.Command, w wish, run operation[R], view func(R) ui.View) error {
	p, err := a.pipeline(c.Context(), w)
	if err != nil {
		return err
	}
	result, err := followed(a, func(sink pipeline.Sink) (R, error) { return run(c.Context(), p, sink) })
	if err != nil {
		return a.resumable(c, err)
	}
	return a.show(view(result))
}

// confirmed counts what a change would do and asks, unless --yes, before it does
// it. Where the question is empty there is nothing to do, and the count is the
// result.
func confirmed[R any](a *app, c *cobra.Command, dry bool,
	run func(ctx context.Context, p pipeline.Pipeline, dry bool, sink pipeline.Sink) (R, error), question func(would R) string,
) (result R, err error) {
	p, err := a.pipeline(c.Context(), wish{})
	if err != nil {
		return result, err
	}
	once := func(dry bool) (R, error) {
		r, err := followed(a, func(sink pipeline.Sink) (R, error) { return run(c.Context(), p, dry, sink) })
		if err != nil {
			err = a.resumable(c, err)
		}
		return r, err
	}
	if dry || a.flags.yes {
		return once(dry)
	}
	would, err := once(true)
	if err != nil {
		return would, err
	}
	text := question(would)
	if text == "" {
		return would, nil
	}
	if err := ui.ConfirmName(c.Context(), a.streams, text, a.flags.stack); err != nil {
		return would, err
	}
	return once(false)
}

// resumable says how a change that was broken off goes on: every command is
// safe to run again.
func (a *app) resumable(c *cobra.Command, err error) error {
	changes := c.Flags().Lookup("dry-run") != nil
	if c.Context().Err() == nil || !changes || fault.HintOf(err) != "" || fault.KindOf(err) == fault.Partial {
		return err
	}
	words := []string{"pixelctl"}
	for _, arg := range a.args {
		words = append(words, snippet.ShellWord(arg))
	}
	return fault.New(fault.KindOf(err), "%w", err).WithHint("%s goes on", strings.Join(words, " "))
}
