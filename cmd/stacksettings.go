package cmd

import (
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"pixelctl/pkg/cloud"
	"pixelctl/pkg/local"
	"pixelctl/pkg/pipeline"
)

// stackSettings are the flags of deploy and plan. The text of a flag that only
// one target has begins with that target's name; see refuseForeign.
type stackSettings struct {
	localFlags
	format, partitions, schedule string
	retention, cold, front       string
	tags, skip                   []string
	roleARN                      string
	noWait                       bool
}

func (s *stackSettings) add(c *cobra.Command) {
	f := c.Flags()
	addBuffer(f, &s.buffer)
	f.StringVar(&s.format, "format", "parquet", "aws: format of the files: parquet, json or orc")
	f.StringVar(&s.partitions, "partitions", "catalog", "aws: how queries find hours: catalog or projection")
	f.StringVar(&s.schedule, "crawl-schedule", "", "aws: when to crawl, as cron(15 3 * * ? *) in UTC; none: on demand")
	f.StringVar(&s.retention, "retention", "", "days to keep data, such as 395d for 13 months (0: for ever)")
	f.StringVar(&s.cold, "cold-after", "", "aws: days until data moves to colder storage, such as 90d (0: never)")
	f.StringVar(&s.front, "front", "api", "aws: what answers requests: api")
	f.StringArrayVar(&s.tags, "tag", nil, "aws: tag of every resource, as key=value; may be repeated")
	f.StringVar(&s.roleARN, "role-arn", "", "aws: role that CloudFormation takes on (default: your own rights)")
	f.BoolVar(&s.noWait, "no-wait", false, "aws: give up when another operation is under way (exit 6)")
	f.StringArrayVar(&s.skip, "skip", nil, "aws: resource that continuing a failed rollback leaves; may be repeated")
	s.addLocal(f)
	for name, values := range map[string][]string{
		"format": {"parquet", "json", "orc"}, "partitions": {"catalog", "projection"}, "front": {"api"}, "buffer": {"60s", "5m", "15m"},
	} {
		_ = c.RegisterFlagCompletionFunc(name, fixed(values...))
	}
}

// wish holds what was given, for either target; the rest stays as deployed.
func (s *stackSettings) wish(c *cobra.Command) (wish, error) {
	f := c.Flags()
	w := wish{local: s.patch(f), roleARN: s.roleARN, noWait: s.noWait, skip: s.skip}
	p := cloud.Patch{
		Buffer: given(f, "buffer", &s.buffer), Format: given(f, "format", &s.format), Partitions: given(f, "partitions", &s.partitions),
		CrawlSchedule: given(f, "crawl-schedule", &s.schedule), Front: given(f, "front", &s.front),
	}
	if s.schedule == "none" {
		s.schedule = ""
	}
	var err error
	if p.Tags, err = parseTags(c, s.tags); err != nil {
		return w, err
	}
	if p.RetentionDays, err = givenDays(c, "retention", s.retention); err != nil {
		return w, err
	}
	w.local.RetentionDays = p.RetentionDays
	p.ColdAfterDays, err = givenDays(c, "cold-after", s.cold)
	w.cloud = p
	return w, err
}

// localFlags are the settings of the local target.
type localFlags struct {
	addr, cert, key            string
	buffer                     time.Duration
	bufferMiB, trust, maxConns int
	rate                       float64
}

func addBuffer(f *pflag.FlagSet, d *time.Duration) {
	f.DurationVar(d, "buffer", pipeline.DefaultBuffer, "longest wait before records become a file, 60s to 15m")
}

func (l *localFlags) addLocal(f *pflag.FlagSet) {
	f.IntVar(&l.bufferMiB, "buffer-size", local.DefaultBufferMiB, "local: size in MiB at which they become one earlier, 1 to 128")
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

// givenDays is a number of days, when the flag was given.
func givenDays(c *cobra.Command, name, value string) (*int, error) {
	if !c.Flags().Changed(name) {
		return nil, nil //nolint:nilnil // nothing was given, and that is right
	}
	days, err := parseDays(c, name, value)
	return &days, err
}

// parseTags takes key=value; a value may be empty.
func parseTags(c *cobra.Command, list []string) (map[string]string, error) {
	tags := map[string]string{}
	for _, t := range list {
		key, value, ok := strings.Cut(t, "=")
		if !ok || key == "" {
			return nil, usage(c, "--tag: %q is not key=value", t)
		}
		tags[key] = value
	}
	return tags, nil
}
