package cloud

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// Patch holds the settings that were given; nil keeps what is deployed.
type Patch struct {
	Buffer        *time.Duration
	Format        *string // parquet, json or orc
	Partitions    *string // catalog or projection
	CrawlSchedule *string // a cron expression of Glue, in UTC; "" is none
	RetentionDays *int    // 0 keeps data
	ColdAfterDays *int    // 0 never moves data to colder storage
	Front         *string // api
	Tags          map[string]string
}

// setting ties a flag to a parameter of the template.
type setting struct{ name, parameter string }

var settings = []setting{
	{"buffer", paramBuffer},
	{"format", paramFormat},
	{"partitions", paramPartitions},
	{"crawl-schedule", paramCrawlSchedule},
	{"retention", paramRetention},
	{"cold-after", paramColdAfter},
	{"front", paramFront},
	{"version", paramVersion},
	{"secret", paramSecret},
}

// defaults are the parameters of a first deploy.
func defaults() map[string]string {
	return map[string]string{
		paramFormat: "parquet", paramBuffer: seconds(pipeline.DefaultBuffer), paramPartitions: byCatalog,
		paramCrawlSchedule: "", paramRetention: "0", paramColdAfter: "0", paramFront: "api",
		paramSecret: secretOff,
	}
}

// schedule is what Glue takes: six fields, in UTC.
var schedule = regexp.MustCompile(`^cron\([^\s()]+( [^\s()]+){5}\)$`)

// Validate refuses settings that no stack can have, with fault.Usage.
func (p Patch) Validate() error {
	_, err := p.values()
	return err
}

// values gives the parameters that p sets.
func (p Patch) values() (map[string]string, error) {
	v := map[string]string{}
	put(v, paramFormat, p.Format)
	put(v, paramPartitions, p.Partitions)
	put(v, paramCrawlSchedule, p.CrawlSchedule)
	put(v, paramFront, p.Front)
	number(v, paramRetention, p.RetentionDays)
	number(v, paramColdAfter, p.ColdAfterDays)
	if p.Buffer != nil {
		if err := pipeline.ValidateBuffer(*p.Buffer); err != nil {
			return nil, err
		}
		v[paramBuffer] = seconds(*p.Buffer)
	}
	return v, validate(v)
}

func put(v map[string]string, name string, s *string) {
	if s != nil {
		v[name] = *s
	}
}

func number(v map[string]string, name string, n *int) {
	if n != nil {
		v[name] = strconv.Itoa(*n)
	}
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }

// choices are the values that a parameter takes.
func choices() map[string][]string {
	return map[string][]string{
		paramFormat:     {"parquet", "json", "orc"},
		paramPartitions: {byCatalog, byProjection},
		paramFront:      {"api"},
	}
}

func validate(v map[string]string) error {
	for _, s := range settings {
		value, given := v[s.parameter]
		allowed := choices()[s.parameter]
		if given && allowed != nil && !slices.Contains(allowed, value) {
			return fault.New(fault.Usage, "setting %s: unknown value %q", s.name, value).
				WithHint("use --%s %s", s.name, strings.Join(allowed, " or "))
		}
	}
	if cron := v[paramCrawlSchedule]; cron != "" && !schedule.MatchString(cron) {
		return fault.New(fault.Usage, "setting crawl-schedule: %q is no schedule of Glue", cron).
			WithHint(`--crawl-schedule "cron(15 3 * * ? *)" crawls daily at 03:15 UTC`)
	}
	return validateDays(v)
}

// maxDays is the most that a lifecycle rule of S3 takes.
const maxDays = 36500

func validateDays(v map[string]string) error {
	for _, s := range settings {
		days := v[s.parameter]
		if days == "" || s.parameter != paramRetention && s.parameter != paramColdAfter {
			continue
		}
		if n, err := strconv.Atoi(days); err != nil || n < 0 || n > maxDays {
			return fault.New(fault.Usage, "setting %s: %s days is not between 0 and %d", s.name, days, maxDays).
				WithHint("--%s 395d, or 0 for never", s.name)
		}
	}
	return nil
}

// changes compares two sets of parameters, as a user names them.
func changes(have, want map[string]string) []pipeline.Change {
	list := []pipeline.Change{}
	for _, s := range settings {
		if from, to := have[s.parameter], want[s.parameter]; from != to {
			list = append(list, pipeline.Change{Name: s.name, From: human(s.parameter, from), To: human(s.parameter, to)})
		}
	}
	if from, to := have[paramYears], want[paramYears]; from != to {
		list = append(list, pipeline.Change{Name: "projection-years", From: from, To: to})
	}
	if have[paramIntake] == intakeClosed {
		list = append(list, pipeline.Change{Name: "intake", From: intakeClosed, To: intakeOpen})
	}
	if from, to := have[paramArtifact], want[paramArtifact]; from != to {
		list = append(list, pipeline.Change{Name: "beacon", From: shortDigest(from), To: shortDigest(to)})
	}
	return list
}

// tagChanges are tags that are new or have another value.
func tagChanges(have, want map[string]string) []pipeline.Change {
	list := []pipeline.Change{}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if from := have[key]; from != want[key] {
			list = append(list, pipeline.Change{Name: "tag " + key, From: from, To: want[key]})
		}
	}
	return list
}

func human(parameter, value string) string {
	switch parameter {
	case paramBuffer:
		return interval(value).String()
	case paramRetention, paramColdAfter:
		if value == "0" || value == "" {
			return "never"
		}
		return value + " days"
	}
	return value
}

func interval(value string) time.Duration {
	n, err := strconv.Atoi(value)
	if err != nil {
		return 0
	}
	return time.Duration(n) * time.Second
}

func shortDigest(key string) string {
	digest := strings.TrimSuffix(strings.TrimPrefix(key, artifactPrefix), ".zip")
	return digest[:min(len(digest), 12)]
}

// tags are those of the stack: what was given goes over what is deployed.
func tags(stack string, have, given map[string]string) map[string]string {
	all := maps.Clone(have)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, given)
	all[tagStack] = stack
	return all
}

// Projection reaches ahead years beyond now; a deploy moves it on when fewer than
// enough are left. A question without bounds lists every hour that is projected,
// so few years are better than many.
const (
	ahead  = 5
	enough = 2
)

// years is the range of partition projection, "first,last". Rows outside it are
// invisible, without an error.
func years(have string, first, now time.Time) string {
	var from, to int
	if _, err := fmt.Sscanf(have, "%d,%d", &from, &to); err == nil && from <= first.UTC().Year() && to >= now.UTC().Year()+enough {
		return have
	}
	return fmt.Sprintf("%d,%d", first.UTC().Year(), now.UTC().Year()+ahead)
}
