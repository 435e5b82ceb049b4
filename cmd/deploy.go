package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/ui"
)

func newDeploy(a *app) *cobra.Command {
	var o pipeline.DeployOptions
	var s stackSettings
	c := &cobra.Command{
		Use: "deploy", GroupID: groupPipeline, Args: noArgs,
		Short: "Create the stack, or bring it to other settings",
		Long: `Deploy creates the stack and waits until it stands. Deployed again with the same
settings it changes nothing; other settings are applied, and those that are not
given stay as they are deployed. So does what pixelctl.yaml says about records;
fields diff shows what that changes.

On AWS it is one CloudFormation stack. What changes is shown before it does, and
you are asked when something would be lost by it. Ctrl-C stops watching, not the
stack; deploy again picks it up.

On the local target it starts a server in the background and waits until it
answers. Addresses other than loopback need TLS, or a proxy of yours that ends
it.`,
		Example: `pixelctl deploy
pixelctl deploy --region eu-west-1 --retention 395d --tag team=web
pixelctl deploy --format json --buffer 15m --dry-run
pixelctl deploy --target local
pixelctl deploy --target local --buffer 15m
pixelctl deploy --target local --addr 127.0.0.1:9000 --dry-run`,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.deploy(c, &s, o)
		},
	}
	s.add(c)
	c.Flags().BoolVar(&o.DryRun, "dry-run", false, "show what would change, and on AWS by which calls")
	return c
}

func (a *app) deploy(c *cobra.Command, s *stackSettings, o pipeline.DeployOptions) error {
	w, err := s.wish(c)
	if err != nil {
		return err
	}
	if o.Spec, err = a.wantedSpec(); err != nil {
		return err
	}
	return performWith(a, c, w, func(ctx context.Context, p pipeline.Pipeline, sink pipeline.Sink) (pipeline.Deployment, error) {
		return p.Deploy(ctx, o, sink)
	}, func(d pipeline.Deployment) ui.View {
		if d.DryRun {
			return ui.Deployment(d)
		}
		return ui.Deployment(d).WithNext("pixelctl snippet" + a.stackFlags() + " --campaign spring")
	})
}

func newPlan(a *app) *cobra.Command {
	var s stackSettings
	c := &cobra.Command{
		Use: "plan", GroupID: groupPipeline, Args: noArgs,
		Short: "Show what deploy would change",
		Long: `Plan shows what deploy with the same flags would change, and changes nothing.
It ends with code 0 when nothing would change and with code 3 when something
would. On AWS it asks CloudFormation, by a change set that it removes again.`,
		Example: `pixelctl plan
pixelctl plan --retention 395d
pixelctl plan --target local --buffer 15m --json`,
		RunE: func(c *cobra.Command, _ []string) error { return a.plan(c, &s) },
	}
	s.add(c)
	return c
}

// plan shows a dry run; that it found differences is its exit code.
func (a *app) plan(c *cobra.Command, s *stackSettings) error {
	w, err := s.wish(c)
	if err != nil {
		return err
	}
	o := pipeline.DeployOptions{DryRun: true}
	if o.Spec, err = a.wantedSpec(); err != nil {
		return err
	}
	var planned pipeline.Deployment
	err = performWith(a, c, w, func(ctx context.Context, p pipeline.Pipeline, sink pipeline.Sink) (pipeline.Deployment, error) {
		d, err := p.Deploy(ctx, o, sink)
		planned = d
		return d, err
	}, func(d pipeline.Deployment) ui.View {
		d.Calls = nil // deploy --dry-run tells them
		return ui.Deployment(d)
	})
	if err == nil && ui.Differs(planned) {
		return fault.New(fault.Differences, "%w", errShown)
	}
	return err
}
