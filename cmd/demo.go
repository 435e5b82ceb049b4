package cmd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"pixelctl/embed"
	"pixelctl/pkg/demo"
	"pixelctl/pkg/local"
	"pixelctl/pkg/local/control"
	"pixelctl/pkg/snippet"
	"pixelctl/pkg/ui"
)

func newDemo(a *app) *cobra.Command {
	o := demo.Options{}
	c := &cobra.Command{
		Use: "demo", GroupID: groupLocal, Args: noArgs,
		Short: "Show the whole loop here, without any account",
		Long: `Demo plays the whole loop in a temporary directory: deploy, snippet, a week of
varied traffic sent as real HTTP requests to a server with a simulated clock,
flush, crawl, three questions in SQL, and destroy with its proof.`,
		Example: "pixelctl demo\npixelctl demo --hits 20000 --keep",
		RunE:    func(c *cobra.Command, _ []string) error { return a.demo(c.Context(), o) },
	}
	c.Flags().IntVar(&o.Hits, "hits", 3000, "requests to send")
	c.Flags().Uint64Var(&o.Seed, "seed", 1, "the same seed sends the same hits")
	c.Flags().BoolVar(&o.Keep, "keep", false, "leave the stack, stopped, for questions of your own")
	return c
}

func (a *app) demo(ctx context.Context, o demo.Options) error {
	dir, err := os.MkdirTemp("", "pixelctl-demo-")
	if err != nil {
		return fmt.Errorf("create directory for the demo: %w", err)
	}
	o.Dir, o.Now = filepath.Join(dir, "demo"), time.Now().UTC().Truncate(time.Hour)
	o.Article, o.Bars, o.Hours = embed.DemoQuery("1_article"), embed.DemoQuery("2_campaigns"), embed.DemoQuery("3_hours")
	o.Snippet = func(endpoint string) (string, error) {
		return snippet.Render(snippet.Options{Endpoint: endpoint, Campaign: "spring", Site: "shop", Label: "footer"})
	}
	addr := "127.0.0.1:0"
	stage := demoStage{
		Target:  local.New(local.Options{Stack: "demo", Dir: o.Dir, Want: local.Patch{Addr: &addr}, Converter: local.Convert{}}),
		version: a.build.Version,
	}
	screen := ui.NewDemo(a.streams)
	o.Sink = screen.Sink()
	err = demo.Run(ctx, stage, screen, o)
	if o.Keep && err == nil {
		return nil
	}
	return errors.Join(err, os.RemoveAll(dir))
}

// demoStage serves in this process, because its clock is simulated.
type demoStage struct {
	*local.Target
	version string
}

// Start satisfies demo.Stage.
func (s demoStage) Start(ctx context.Context, clock func() time.Time) (string, func() error, error) {
	ready, ended := make(chan control.Address, 1), make(chan error, 1)
	go func() {
		ended <- s.Serve(ctx, local.ServeOptions{
			Clock: clock, Version: s.version, Log: slog.New(slog.DiscardHandler),
			Ready: func(a control.Address) { ready <- a },
		})
	}()
	select {
	case a := <-ready:
		return a.Endpoint, func() error { return <-ended }, nil
	case err := <-ended:
		return "", nil, err
	}
}
