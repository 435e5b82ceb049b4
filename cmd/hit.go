package cmd

import (
	"cmp"
	"time"

	"github.com/spf13/cobra"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/snippet"
	"pixelctl/pkg/traffic"
	"pixelctl/pkg/ui"
	"pixelctl/pkg/verify"
)

func newHit(a *app) *cobra.Command {
	var o traffic.Options
	var endpoint, rate, profile string
	var within time.Duration
	var verified bool
	c := &cobra.Command{
		Use: "hit", GroupID: groupPixel, Args: noArgs,
		Short: "Send synthetic hits and sum up what became of them",
		Long: `Hit sends plausible requests to the pixel: the same seed sends the same hits.
Each is marked as synthetic in its record, so that reports can leave it out.
With --days the client's timestamps are spread over past days; the time of
receipt is always the server's.

With --verify each hit is followed: answered, recorded, stored in a file, found
by SQL. It succeeds when all of them are rows exactly once; else it names the
stage where they are stuck and the command that helps. A file comes when the
buffer is full or over, so allow for more than that. On AWS it lists the newest
hours and asks Athena when a file came; what that costs is told.`,
		Example: `pixelctl hit --count 10
pixelctl hit --target local
pixelctl hit --target local --count 1000 --rate 50/s --campaign spring
pixelctl hit --endpoint http://127.0.0.1:8787 --profile mail --days 7
pixelctl hit --verify --count 10 --within 20m`,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			if o.Rate, err = traffic.ParseRate(rate); err != nil {
				return err
			}
			o.Profile, o.Now = traffic.Profile(profile), time.Now
			o.Endpoint = cmp.Or(endpoint, anyEndpoint)
			if err := traffic.Validate(o); err != nil {
				return err
			}
			if verified {
				return a.verify(c, verify.Options{Traffic: o, Within: within}, endpoint)
			}
			if o.Endpoint, err = a.endpoint(c.Context(), endpoint); err != nil {
				return err
			}
			return a.hit(c, o)
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.IntVarP(&o.Count, "count", "n", 1, "hits to send")
	f.StringVar(&rate, "rate", "0", "hits a second, such as 50/s (0: as fast as answered)")
	f.IntVar(&o.Concurrency, "concurrency", 8, "requests under way at a time")
	f.Uint64Var(&o.Seed, "seed", 1, "the same seed sends the same hits")
	f.StringVar(&o.Campaign, "campaign", "", "campaign of all hits (default: several)")
	f.StringVar(&o.Site, "site", "", "site of all hits")
	f.StringVar(&profile, "profile", string(traffic.Mixed), "kind of clients: web, mail, bots or mixed")
	f.IntVar(&o.Days, "days", 0, "spread client timestamps over this many past days")
	f.StringVar(&endpoint, "endpoint", "", "URL of the collector (default: that of the stack)")
	f.BoolVar(&verified, "verify", false, "follow each hit until it is a row")
	f.DurationVar(&within, "within", 20*time.Minute, "with --verify: give up after this long")
	_ = c.RegisterFlagCompletionFunc("profile", fixed("web", "mail", "bots", "mixed"))
	return c
}

// anyEndpoint stands in for the stack's, so that wrong flags are told before a
// stack is looked for.
const anyEndpoint = "http://localhost"

// listed is the command with a site that pixelctl.yaml lists, or "" when it lists
// the given one, or none.
func (a *app) listed(name, site string) string {
	sites := a.strayed(cmp.Or(site, traffic.DefaultSite))
	if len(sites) == 0 {
		return ""
	}
	return a.command(name + " --site " + snippet.ShellWord(sites[0]))
}

// hit sums up what was sent also when it was interrupted.
func (a *app) hit(c *cobra.Command, o traffic.Options) error {
	var sum traffic.Summary
	err := a.follow(func(sink pipeline.Sink) (err error) {
		o.OnProgress = func(done, total int) {
			sink.Send(pipeline.Event{Phase: pipeline.Move, Step: "send hits", Done: int64(done), Total: int64(total)})
		}
		sum, err = traffic.Send(c.Context(), o)
		return err
	})
	if err != nil && sum.Recorded() == 0 && c.Context().Err() == nil {
		return err
	}
	if shown := a.show(ui.Hits(sum)); shown != nil {
		return shown
	}
	if lost := sum.Sent - sum.Recorded(); err == nil && lost > 0 {
		failed := fault.New(fault.Failed, "send hits: %d of %d were not recorded", lost, sum.Sent)
		if listed := a.listed("hit", o.Site); listed != "" && sum.Outcomes[traffic.DroppedSite] > 0 {
			return failed.WithHint("name a site that pixelctl.yaml lists: %s", listed)
		}
		return failed.WithHint("pixelctl status%s", a.stackFlags())
	}
	return err
}
