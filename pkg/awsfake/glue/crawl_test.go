package glue_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"pixelctl/pkg/awsfake/glue"
	"pixelctl/pkg/awsfake/wire"
)

func (r *rig) start() error {
	_, err := r.client.StartCrawler(r.Context(), &sdk.StartCrawlerInput{Name: aws.String("hits")})
	return err
}

func (r *rig) stop() error {
	_, err := r.client.StopCrawler(r.Context(), &sdk.StopCrawlerInput{Name: aws.String("hits")})
	return err
}

func (r *rig) crawler() *types.Crawler {
	r.Helper()
	out, err := r.client.GetCrawler(r.Context(), &sdk.GetCrawlerInput{Name: aws.String("hits")})
	if err != nil {
		r.Fatal(err)
	}
	return out.Crawler
}

func TestCrawl(t *testing.T) {
	r := stocked(t)
	r.add(1)
	*r.keys.keys = []string{
		"data/2026/x.parquet", "data/year=2026/month=7/day=1/hour=0/new.parquet", "data/year=2026/month=7/day=5/hour=8/a.parquet",
		"data/year=2026/month=7/day=5/hour=8/b.parquet", "data/year=2026/month=7/day=5/hour=9/", "data/year=2026/x.parquet", "errors/year=2026/month=7/day=5/hour=7/e",
	}
	before, err := r.server.Table(db, tab)
	if err != nil {
		t.Fatal(err)
	}
	if c := r.crawler(); c.State != "READY" || c.LastCrawl != nil {
		t.Errorf("before: %+v", c)
	}
	if err := r.start(); err != nil {
		t.Fatal(err)
	}
	r.fails(r.start(), "CrawlerRunningException")
	if err := r.server.DeleteCrawler("hits"); wire.AsError(err).Code != "CrawlerRunningException" {
		t.Errorf("delete: %v", err)
	}
	if err := r.server.UpdateCrawler(glue.Crawler{Name: "hits"}); wire.AsError(err).Code != "CrawlerRunningException" {
		t.Errorf("update: %v", err)
	}
	for _, want := range []struct {
		wait  time.Duration
		state types.CrawlerState
		parts int
	}{{0, "RUNNING", 1}, {49 * time.Second, "RUNNING", 1}, {time.Second, "STOPPING", 1}, {9 * time.Second, "STOPPING", 1}, {time.Second, "READY", 2}} {
		r.clock.Advance(want.wait)
		if got := r.crawler().State; got != want.state || len(r.server.Partitions(db, tab)) != want.parts {
			t.Errorf("%s later: %s, %d partitions", want.wait, got, len(r.server.Partitions(db, tab)))
		}
	}
	last := r.crawler().LastCrawl
	if last.Status != "SUCCEEDED" || *last.LogGroup != "/aws-glue/crawlers" || *last.LogStream != "hits" || !last.StartTime.Equal(r.clock.Now().Add(-time.Minute)) {
		t.Errorf("last crawl: %+v", last)
	}
	added := r.server.Partitions(db, tab)[1]
	if strings.Join(added.Values, "/") != "2026/7/5/8" || added.Location != "s3://pixel-data/data/year=2026/month=7/day=5/hour=8/" {
		t.Errorf("added: %+v", added)
	}
	after, err := r.server.Table(db, tab)
	if err != nil || after.VersionID != before.VersionID || len(after.StorageDescriptor.Columns) != 1 {
		t.Errorf("the table changed: %+v, %v", after, err)
	}
}

func TestCrawlMetrics(t *testing.T) {
	r := stocked(t)
	*r.keys.keys = []string{"data/year=2026/month=7/day=5/hour=8/a.parquet"}
	for range 2 {
		if err := r.start(); err != nil {
			t.Fatal(err)
		}
		r.clock.Advance(20 * time.Second)
		running, err := r.client.GetCrawlerMetrics(t.Context(), &sdk.GetCrawlerMetricsInput{CrawlerNameList: []string{"hits"}})
		if err != nil || running.CrawlerMetricsList[0].TimeLeftSeconds != 30 {
			t.Errorf("running: %+v, %v", running, err)
		}
		r.clock.Advance(time.Minute)
	}
	done, err := r.client.GetCrawlerMetrics(t.Context(), &sdk.GetCrawlerMetricsInput{})
	if err != nil || done.CrawlerMetricsList[0].LastRuntimeSeconds != 60 || done.CrawlerMetricsList[0].TablesUpdated != 0 {
		t.Errorf("done: %+v, %v", done, err)
	}
	first, err := r.client.ListCrawls(t.Context(), &sdk.ListCrawlsInput{CrawlerName: aws.String("hits"), MaxResults: aws.Int32(1)})
	if err != nil || len(first.Crawls) != 1 || first.NextToken == nil || first.Crawls[0].State != "COMPLETED" || *first.Crawls[0].Summary != "{}" {
		t.Fatalf("newest crawl: %+v, %v", first, err)
	}
	second, err := r.client.ListCrawls(t.Context(), &sdk.ListCrawlsInput{CrawlerName: aws.String("hits"), MaxResults: aws.Int32(1), NextToken: first.NextToken})
	if err != nil || second.NextToken != nil || !strings.Contains(*second.Crawls[0].Summary, `"Count":1`) || second.Crawls[0].EndTime.Sub(*second.Crawls[0].StartTime) != time.Minute {
		t.Errorf("first crawl: %+v, %v", second, err)
	}
}

func TestStopCrawler(t *testing.T) {
	r := stocked(t)
	*r.keys.keys = []string{"data/year=2026/month=7/day=5/hour=8/a.parquet"}
	r.fails(r.stop(), "CrawlerNotRunningException")
	if err := r.start(); err != nil {
		t.Fatal(err)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	r.fails(r.stop(), "CrawlerStoppingException")
	r.fails(r.start(), "CrawlerRunningException")
	if err := r.clock.Wait(t.Context(), 10*time.Second); err != nil {
		t.Fatal(err)
	}
	if c := r.crawler(); c.State != "READY" || c.LastCrawl.Status != "CANCELLED" || len(r.server.Partitions(db, tab)) != 0 {
		t.Errorf("stopped: %+v", c)
	}
	if _, err := r.client.DeleteCrawler(t.Context(), &sdk.DeleteCrawlerInput{Name: aws.String("hits")}); err != nil {
		t.Error(err)
	}
	_, err := r.client.GetCrawler(t.Context(), &sdk.GetCrawlerInput{Name: aws.String("hits")})
	r.fails(err, "EntityNotFoundException")
}

// A crawl of a table that is gone fails and says so.
func TestFailedCrawl(t *testing.T) {
	r := stocked(t)
	if err := r.server.DeleteTable(db, tab); err != nil {
		t.Fatal(err)
	}
	if err := r.start(); err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(time.Hour)
	if last := r.crawler().LastCrawl; last.Status != "FAILED" || !strings.Contains(*last.ErrorMessage, "tp_hits") {
		t.Errorf("last crawl: %+v", last)
	}
}

func TestCrawlerRules(t *testing.T) {
	r := stocked(t)
	target := types.CatalogTarget{DatabaseName: aws.String(db), Tables: []string{tab}}
	log := &types.SchemaChangePolicy{UpdateBehavior: "LOG", DeleteBehavior: "LOG"}
	for label, c := range map[string]struct {
		in   sdk.CreateCrawlerInput
		code string
	}{
		"good":           {in: sdk.CreateCrawlerInput{SchemaChangePolicy: log, Schedule: aws.String("cron(0 * * * ? *)"), Targets: &types.CrawlerTargets{CatalogTargets: []types.CatalogTarget{target}}}},
		"exists":         {in: sdk.CreateCrawlerInput{Name: aws.String("hits"), Targets: &types.CrawlerTargets{}}, code: "AlreadyExistsException"},
		"no target":      {in: sdk.CreateCrawlerInput{Targets: &types.CrawlerTargets{}}, code: "InvalidInputException"},
		"deletes tables": {in: sdk.CreateCrawlerInput{Targets: &types.CrawlerTargets{CatalogTargets: []types.CatalogTarget{target}}}, code: "InvalidInputException"},
		"mixed":          {in: sdk.CreateCrawlerInput{SchemaChangePolicy: log, Targets: &types.CrawlerTargets{CatalogTargets: []types.CatalogTarget{target}, S3Targets: []types.S3Target{{Path: aws.String("s3://b")}}}}, code: "InvalidInputException"},
		"no tables":      {in: sdk.CreateCrawlerInput{SchemaChangePolicy: log, Targets: &types.CrawlerTargets{CatalogTargets: []types.CatalogTarget{{DatabaseName: aws.String(db), Tables: []string{}}}}}, code: "InvalidInputException"},
		"new folders":    {in: sdk.CreateCrawlerInput{SchemaChangePolicy: log, RecrawlPolicy: &types.RecrawlPolicy{RecrawlBehavior: "CRAWL_NEW_FOLDERS_ONLY"}, Targets: &types.CrawlerTargets{CatalogTargets: []types.CatalogTarget{target}}}, code: "InvalidInputException"},
	} {
		c.in.Role = aws.String("role")
		if c.in.Name == nil {
			c.in.Name = aws.String("another" + c.code)
		}
		_, err := r.client.CreateCrawler(t.Context(), &c.in)
		if c.code != "" {
			r.fails(err, c.code)
		} else if err != nil {
			t.Errorf("%s: %v", label, err)
		}
	}
	all, err := r.client.GetCrawlers(t.Context(), &sdk.GetCrawlersInput{})
	if err != nil || len(all.Crawlers) != 2 || *all.Crawlers[0].Schedule.ScheduleExpression != "cron(0 * * * ? *)" {
		t.Errorf("crawlers: %+v, %v", all, err)
	}
	change := glue.Crawler{Name: "another", Role: "role2", Targets: glue.Targets{S3Targets: []glue.S3Target{{Path: "s3://b/"}}}}
	if err := r.server.UpdateCrawler(change); err != nil {
		t.Fatal(err)
	}
	if c, err := r.server.Crawler("another"); err != nil || c.Version != 2 || c.Role != "role2" {
		t.Errorf("updated: %+v, %v", c, err)
	}
}
