package cmd

import (
	"context"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/local"
	"pixelctl/pkg/local/control"
	"pixelctl/pkg/spec"
	"pixelctl/pkg/ui"
)

func newServe(a *app) *cobra.Command {
	var l localFlags
	var asDeployed bool
	c := &cobra.Command{
		Use: "serve", GroupID: groupLocal, Args: noArgs,
		Short: "Run the local server in the foreground",
		Long: `Serve runs the server of the local target in the foreground, for containers and
systemd. It prints one line when it answers. SIGTERM or Ctrl-C lets requests
finish and flushes the spool; a second one ends at once, and loses nothing that
was answered. Settings are kept like those of deploy.`,
		Example: `pixelctl serve --target local
pixelctl serve --target local --addr 0.0.0.0:8787 --trust-proxy 1`,
		RunE: func(c *cobra.Command, _ []string) error {
			if asDeployed {
				return a.serve(c.Context(), local.Patch{}, nil)
			}
			wanted, err := a.wantedSpec()
			if err != nil {
				return err
			}
			return a.serve(c.Context(), l.patch(c.Flags()), wanted)
		},
	}
	addBuffer(c.Flags(), &l.buffer)
	l.addLocal(c.Flags())
	c.Flags().BoolVar(&asDeployed, "as-deployed", false, "take the settings from stack.json alone")
	_ = c.Flags().MarkHidden("as-deployed")
	return c
}

func (a *app) serve(ctx context.Context, want local.Patch, wanted *spec.Spec) error {
	if err := a.checkTarget(); err != nil {
		return err
	}
	if a.flags.target != targetLocal {
		return fault.New(fault.Usage, "serve: target %s has no server to run here", a.flags.target).WithHint("add --target local")
	}
	t, err := a.local(want)
	if err != nil {
		return err
	}
	level := slog.LevelInfo
	if a.flags.verbose {
		level = slog.LevelDebug
	}
	return t.Serve(ctx, local.ServeOptions{
		Clock: time.Now, Version: a.build.Version, Spec: wanted,
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level})),
		Ready: func(at control.Address) {
			_ = a.show(ui.Ready(at.Endpoint, at.PID)) // the server runs on when nobody reads
		},
	})
}
