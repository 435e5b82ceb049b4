package cloud_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"pixelctl/pkg/cloud"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// In later years a deploy of the same settings moves projection on when it runs
// out, and says so; before, it changes nothing.
func TestDeployMovesProjectionOn(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.want.Partitions = new("projection")
	a.deploy()
	const year = 366 * 24 * time.Hour
	a.fake.Clock().Advance(2 * year)
	if d := a.deploy(); d.Action != pipeline.Unchanged || len(d.Changes)+len(d.Resources) != 0 {
		t.Errorf("two years on: %+v", d)
	}
	a.fake.Clock().Advance(2 * year)
	want := pipeline.Change{Name: "projection-years", From: "2026,2031", To: "2026,2035"}
	if d := a.deploy(); d.Action != pipeline.Updated || !slices.Equal(d.Changes, []pipeline.Change{want}) || len(d.Resources) == 0 {
		t.Errorf("four years on: %+v", d)
	}
	if d := a.deploy(); d.Action != pipeline.Unchanged {
		t.Errorf("again: %+v", d)
	}
}

// The code before stays until the next success: a rollback needs it.
func TestDeployKeepsTheCodeBefore(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.deploy()
	zips := func() int {
		n := 0
		for _, b := range a.fake.S3.Buckets() {
			n += len(a.fake.S3.List(b, "beacon/"))
		}
		return n
	}
	for i, want := range []int{2, 2} {
		a.zip = smallZip(t, strconv.Itoa(i))
		d := a.deploy()
		if d.Action != pipeline.Updated || len(d.Changes) != 1 || d.Changes[0].Name != "beacon" || zips() != want {
			t.Errorf("code %d: %d zips, %+v", i, zips(), d)
		}
	}
}

// Each record names the version of the program that deployed its function.
func TestDeployNamesItsVersion(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	endpoint := a.deploy().Endpoint
	a.hit(endpoint)
	a.version = "1.2.0"
	want := []pipeline.Change{{Name: "version", From: "dev", To: "1.2.0"}}
	if d := a.deploy(); d.Action != pipeline.Updated || !slices.Equal(d.Changes, want) {
		t.Errorf("another version: %+v", d)
	}
	a.hit(endpoint)
	if err := a.settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := a.column("SELECT collector FROM tp_hits ORDER BY received_at, collector DESC")
	if !slices.Equal(got, []string{"pixelctl/dev aws", "pixelctl/1.2.0 aws"}) {
		t.Errorf("collectors %q", got)
	}
}

// A crawler that runs cannot be changed, so such a deploy stops it; others let
// it run.
func TestDeployStopsACrawlThatIsInItsWay(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.deploy()
	crawl := func() {
		if _, err := a.target().Crawl(t.Context(), pipeline.CrawlOptions{Start: true}, nil); err != nil {
			t.Fatal(err)
		}
	}
	stops := func() (n int) {
		for _, c := range a.fake.Calls() {
			if c.Operation == "StopCrawler" {
				n++
			}
		}
		return n
	}
	crawl()
	a.deploy()
	a.version = "1.2.0"
	a.deploy()
	if n := stops(); n != 0 {
		t.Errorf("deploys that do not touch the crawler stopped it %d times", n)
	}
	crawl()
	a.want.CrawlSchedule = new("cron(15 3 * * ? *)")
	if d := a.deploy(); d.Action != pipeline.Updated || stops() != 1 {
		t.Errorf("%+v, stopped %d times", d, stops())
	}
}

func TestDeployTellsOfTags(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.deploy()
	a.want.Tags = map[string]string{"team": "web"}
	if d := a.deploy(); d.Action != pipeline.Updated || len(d.Changes) != 1 || d.Changes[0] != (pipeline.Change{Name: "tag team", To: "web"}) {
		t.Errorf("%+v", d)
	}
	a.want.Tags = nil
	if d := a.deploy(); d.Action != pipeline.Unchanged {
		t.Errorf("tags are not kept: %+v", d)
	}
}

// Files of one format are not orphaned by a table of another.
func TestDeployRefusesAnotherFormat(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.filled()
	a.want.Format = new("parquet")
	_, err := a.target().Deploy(t.Context(), pipeline.DeployOptions{}, nil)
	if fault.KindOf(err) != fault.Usage || fault.HintOf(err) == "" {
		t.Errorf("with files in the lake: %v", err)
	}
	if _, err := a.target().Purge(t.Context(), pipeline.PurgeOptions{All: true}, nil); err != nil {
		t.Fatal(err)
	}
	if d := a.deploy(); d.Action != pipeline.Updated {
		t.Errorf("without: %+v", d)
	}
}

// Settings that no stack can have are refused before the first call.
func TestDeployRefusesSettings(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	for name, want := range map[string]cloud.Patch{
		"buffer": {Buffer: new(59 * time.Second)}, "long buffer": {Buffer: new(16 * time.Minute)}, "format": {Format: new("csv")},
		"partitions": {Partitions: new("none")}, "front": {Front: new("cdn")}, "schedule": {CrawlSchedule: new("hourly")},
		"five fields": {CrawlSchedule: new("cron(0 * * * *)")}, "retention": {RetentionDays: new(-1)}, "cold": {ColdAfterDays: new(36501)},
	} {
		a.want = want
		p, before := a.target(), len(a.fake.Calls())
		if _, err := p.Deploy(t.Context(), pipeline.DeployOptions{}, nil); fault.KindOf(err) != fault.Usage || fault.HintOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
		if n := len(a.fake.Calls()) - before; n > 0 {
			t.Errorf("%s: %d calls", name, n)
		}
	}
}
