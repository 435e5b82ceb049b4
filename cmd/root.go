// Package cmd is the command line: each command parses its flags into an
// options struct and calls one function.
package cmd

import (
	"context"
	"errors"
	"os"
	"slices"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/config"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/ui"
	"pixelctl/pkg/version"
)

// app is what all commands of one run share.
type app struct {
	streams  *ui.Streams
	build    version.Info
	args     []string // as typed
	flags    globals
	settings []config.Setting
	cancel   context.CancelFunc          // of --timeout
	progress atomic.Pointer[ui.Progress] // of the operation under way; nil between them

	aws     *session.Session // nil before the first use
	clock   session.Clock    // nil is the real one
	backoff func(attempt int) time.Duration
}

// globals are the flags of every command.
type globals struct {
	target, stack, dir, config string
	profile, region, endpoint  string
	prices                     string
	json, quiet, verbose       bool
	yes, noInput, noColor      bool
	timeout                    time.Duration
}

// Run runs one command line and gives the exit code.
func Run(ctx context.Context, args []string, stamp string) int {
	return newApp(stamp).run(ctx, args)
}

func newApp(stamp string) *app {
	return &app{streams: ui.System(ui.Settings{}), build: version.Read(stamp, duck.Version()), cancel: func() {}}
}

func (a *app) run(ctx context.Context, args []string) int {
	root := newRoot(a)
	a.args = args
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	a.cancel()
	// Flags behind a wrong one are not parsed; the error has its form all the same.
	a.flags.json = a.flags.json || slices.Contains(args, "--json")
	return a.finish(ctx, err)
}

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "pixelctl",
		Short: "Deploy and operate a tracking pixel of your own",
		Long: `pixelctl runs a tracking pixel of your own: a page or a mail loads a 1x1 image,
the request becomes a record, records become Parquet files, and SQL answers
questions about them. It runs in your own AWS account, which is the default, or
on this machine with --target local. demo shows it all without an account.`,
		Example: `pixelctl demo
pixelctl deploy
pixelctl snippet --campaign spring
pixelctl query "SELECT count(*) FROM hits"`,
		Version:           a.build.Version,
		Args:              unknownCommand,
		SilenceUsage:      true,
		SilenceErrors:     true,
		PersistentPreRunE: func(c *cobra.Command, _ []string) error { return a.prepare(c) },
		RunE:              func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	a.globalFlags(root)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return flagError(c, err) })
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { a.help(c) })
	root.SetVersionTemplate("pixelctl {{.Version}}\n")
	root.SetOut(a.streams.Out)
	root.SetErr(a.streams.Err)
	root.CompletionOptions.DisableDefaultCmd = true
	addGroups(root)
	root.AddCommand(
		newDeploy(a), newPlan(a), newStatus(a), newPurge(a), newDestroy(a),
		newSnippet(a), newHit(a),
		newQuery(a), newTail(a), newReport(a), newCrawl(a), newRepair(a), newCompact(a), newErrors(a),
		newBuffer(a), newFields(a), newCost(a),
		newDemo(a), newServe(a), newConvert(a),
		newSubject(a), newPrivacy(a), newPolicy(a), newTemplate(a), newCompletion(), newVersion(a),
	)
	root.SetHelpCommand(newHelp())
	return root
}

// The groups of the help page.
const (
	groupPipeline = "pipeline"
	groupPixel    = "pixel"
	groupData     = "data"
	groupTuning   = "tuning"
	groupLocal    = "local"
	groupSupport  = "support"
)

func addGroups(root *cobra.Command) {
	for _, g := range [][2]string{
		{groupPipeline, "Pipeline"},
		{groupPixel, "Pixel"},
		{groupData, "Data"},
		{groupTuning, "Tuning"},
		{groupLocal, "On this machine"},
		{groupSupport, "Support"},
	} {
		root.AddGroup(&cobra.Group{ID: g[0], Title: g[1]})
	}
}

func (a *app) globalFlags(root *cobra.Command) {
	f, g := root.PersistentFlags(), &a.flags
	f.SortFlags = false
	f.StringVar(&g.target, "target", targetAWS, "where the pipeline runs: aws or local")
	f.StringVar(&g.stack, "stack", defaultStack, "name of the stack")
	f.StringVar(&g.profile, "profile", "", "aws: profile of the AWS settings (default: AWS_PROFILE)")
	f.StringVar(&g.region, "region", "", "aws: region (default: AWS_REGION, then the profile's)")
	f.StringVar(&g.endpoint, "endpoint-url", "", "aws: send all calls to this URL instead of AWS")
	f.StringVar(&g.prices, "prices", "", "price list: a region or a CSV file (default: the region's)")
	f.StringVar(&g.dir, "dir", "", "local: directory of the stack (default: XDG data home, by stack)")
	f.BoolVar(&g.json, "json", false, "print data and errors as JSON")
	f.BoolVarP(&g.quiet, "quiet", "q", false, "print results and errors only")
	f.BoolVarP(&g.verbose, "verbose", "v", false, "print settings and details")
	f.BoolVarP(&g.yes, "yes", "y", false, "answer yes to every question")
	f.BoolVar(&g.noInput, "no-input", false, "never ask; fail instead")
	f.BoolVar(&g.noColor, "no-color", false, "no colours (also NO_COLOR)")
	f.DurationVar(&g.timeout, "timeout", 0, "give up after this long, such as 90s (0: never)")
	f.StringVar(&g.config, "config", "", "settings file (default ./pixelctl.yaml if it exists)")
	_ = root.RegisterFlagCompletionFunc("target", fixed(targetAWS, targetLocal))
	_ = root.RegisterFlagCompletionFunc("prices", priceLists)
}

// prepare settles every setting before the command runs.
func (a *app) prepare(c *cobra.Command) error {
	settings, err := a.resolve(c)
	g := a.flags
	a.streams = ui.System(ui.Settings{NoColor: g.noColor, NoInput: g.noInput, Quiet: g.quiet, Verbose: g.verbose})
	if err != nil {
		return err
	}
	a.settings = settings
	if err := a.refuseForeign(c); err != nil {
		return err
	}
	if err := c.ValidateFlagGroups(); err != nil {
		return usage(c, "%w", together(err))
	}
	if g.timeout < 0 {
		return fault.New(fault.Usage, "setting timeout: %s is negative", g.timeout)
	}
	if g.timeout > 0 {
		ctx, cancel := context.WithTimeout(c.Context(), g.timeout)
		a.cancel = cancel
		c.SetContext(ctx)
	}
	return a.tellSettings()
}

// finish draws the error, if there is one, and gives the exit code.
func (a *app) finish(ctx context.Context, err error) int {
	if err == nil || errors.Is(err, ui.ErrClosedPipe) {
		return 0 // done, or the reader of the pipe has seen enough
	}
	if ctx.Err() != nil && fault.KindOf(err) != fault.Partial {
		err = interrupted(err)
	}
	if !errors.Is(err, errShown) {
		_ = ui.WriteError(a.streams, err, a.flags.json) // standard error is gone: nobody to tell
	}
	return int(fault.KindOf(err))
}

// errShown ends a command whose result says all there is to say; only the exit
// code differs.
var errShown = errors.New("the result shows it")

// interrupted keeps the hint of what was under way, which may say how to go on.
func interrupted(err error) error {
	if errors.Is(err, context.Canceled) {
		return fault.New(fault.Interrupted, "interrupted").WithHint("%s", fault.HintOf(err))
	}
	return &fault.Error{Kind: fault.Interrupted, Err: err, Hint: fault.HintOf(err)}
}

func environ(name string) (string, bool) { return os.LookupEnv(name) }
