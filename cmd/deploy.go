package cmd

import (
	"context"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"pixelctl/pkg/local"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/ui"
)

func newDeploy(a *app) *cobra.Command {
	var o pipeline.DeployOptions
	var l localFlags
	c := &cobra.Command{
		Use: "deploy", GroupID: groupPipeline, Args: noArgs,
		Short: "Create the stack, or bring it to other settings",
		Long: `Deploy creates the stack and waits until its endpoint answers. Deployed again
with the same settings it changes nothing; other settings are applied, and those
that are not given stay as they are deployed.

On the local target it starts a server in the background. Addresses other than
loopback need TLS, or a proxy of yours that ends it.`,
		Example: `pixelctl deploy --target local
pixelctl deploy --target local --buffer 15m
pixelctl deploy --target local --addr 127.0.0.1:9000 --dry-run`,
		RunE: func(c *cobra.Command, _ []string) error {
			return performWith(a, c, l.patch(c.Flags()), func(ctx context.Context, p pipeline.Pipeline, sink pipeline.Sink) (pipeline.Deployment, error) {
				return p.Deploy(ctx, o, sink)
			}, func(d pipeline.Deployment) ui.View {
				if d.DryRun {
					return ui.Deployment(d)
				}
				return ui.Deployment(d).WithNext("pixelctl snippet" + a.stackFlags() + " --campaign spring")
			})
		},
	}
	l.add(c.Flags())
	c.Flags().BoolVar(&o.DryRun, "dry-run", false, "show what would change")
	return c
}

// localFlags are the settings of the local target.
type localFlags struct {
	addr, cert, key            string
	buffer                     time.Duration
	bufferMiB, trust, maxConns int
	rate                       float64
}

func (l *localFlags) add(f *pflag.FlagSet) {
	f.DurationVar(&l.buffer, "buffer", pipeline.DefaultBuffer, "longest wait before records become a file, 60s to 15m")
	f.IntVar(&l.bufferMiB, "buffer-size", local.DefaultBufferMiB, "size in MiB at which they become one earlier, 1 to 128")
	f.StringVar(&l.addr, "addr", local.DefaultAddr, "local: address to listen on; port 0 picks a free one")
	f.StringVar(&l.cert, "tls-cert", "", "local: TLS certificate, a PEM file")
	f.StringVar(&l.key, "tls-key", "", "local: TLS key, a PEM file")
	f.IntVar(&l.trust, "trust-proxy", 0, "local: own hops of X-Forwarded-For, counted from the right")
	f.Float64Var(&l.rate, "rate-limit", 0, "local: hits a second and address, more are answered but dropped (0: off)")
	f.IntVar(&l.maxConns, "max-connections", local.DefaultMaxConns, "local: open connections at a time")
}

// patch holds the settings that were given, wherever; the rest stay as they
// are deployed.
func (l *localFlags) patch(f *pflag.FlagSet) local.Patch {
	return local.Patch{
		Addr: given(f, "addr", &l.addr), Buffer: given(f, "buffer", &l.buffer),
		BufferMiB: given(f, "buffer-size", &l.bufferMiB),
		TLSCert:   given(f, "tls-cert", &l.cert), TLSKey: given(f, "tls-key", &l.key),
		TrustProxy: given(f, "trust-proxy", &l.trust), RateLimit: given(f, "rate-limit", &l.rate),
		MaxConns: given(f, "max-connections", &l.maxConns),
	}
}

func given[T any](f *pflag.FlagSet, name string, v *T) *T {
	if f.Changed(name) {
		return v
	}
	return nil
}
