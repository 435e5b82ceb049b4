package cloud_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"pixelctl/pkg/awsfake"
	"pixelctl/pkg/cloud"
	"pixelctl/pkg/pipeline"
)

// Every setting makes a stack that comes up, says so, and goes without a rest.
func TestEverySettingDeploys(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]cloud.Patch{
		"parquet":    {Format: new("parquet")},
		"json":       {Format: new("json"), Buffer: new(15 * time.Minute)},
		"orc":        {Format: new("orc")},
		"projection": {Partitions: new("projection")},
		"crawls":     {CrawlSchedule: new("cron(15 3 * * ? *)")},
		"keeps":      {RetentionDays: new(395), ColdAfterDays: new(30), Tags: map[string]string{"team": "web"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			a.want = want
			if d := a.deploy(); d.Action != pipeline.Created {
				t.Errorf("first deploy: %+v", d)
			}
			if d := a.deploy(); d.Action != pipeline.Unchanged || len(d.Changes)+len(d.Resources) > 0 {
				t.Errorf("second deploy: %+v", d)
			}
			a.shows(want)
			if err := destroyAll(t.Context(), a.target()); err != nil {
				t.Fatal(err)
			}
			a.isEmpty()
		})
	}
}

// shows wants settings where AWS holds them.
func (a *account) shows(want cloud.Patch) {
	a.Helper()
	if got := a.fake.Firehose.Interval(a.fake.Firehose.Streams()[0]); want.Buffer != nil && got != *want.Buffer {
		a.Errorf("the stream waits %s", got)
	}
	table, err := a.fake.Glue.Table(stackName, "tp_hits")
	projected := want.Partitions != nil && *want.Partitions == "projection"
	if err != nil || (table.Parameters["projection.enabled"] == "true") != projected {
		a.Errorf("table: %+v, %v", table.Parameters, err)
	}
	if format := table.Parameters["classification"]; want.Format != nil && format != *want.Format {
		a.Errorf("the table has %s files", format)
	}
	crawler, err := a.fake.Glue.Crawler(a.fake.Glue.Crawlers()[0])
	if err != nil || (crawler.Schedule != nil) != (want.CrawlSchedule != nil) {
		a.Errorf("crawler: %+v, %v", crawler, err)
	}
	if scheduled := len(a.fake.Scheduler.Schedules()) == 1; scheduled == projected {
		a.Errorf("schedules: %q", a.fake.Scheduler.Schedules())
	}
}

// A setting that changes reaches AWS, there and back.
func TestSettingsChange(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.deploy()
	for _, want := range []cloud.Patch{
		{Partitions: new("projection"), RetentionDays: new(30), CrawlSchedule: new("")},
		{Partitions: new("catalog"), RetentionDays: new(0), CrawlSchedule: new("cron(15 3 * * ? *)")},
	} {
		a.want = want
		d := a.deploy()
		var names []string
		for _, c := range d.Changes {
			names = append(names, c.Name)
		}
		if d.Action != pipeline.Updated || !slices.Contains(names, "partitions") || !slices.Contains(names, "retention") {
			t.Errorf("%+v", d)
		}
		if *want.CrawlSchedule == "" {
			want.CrawlSchedule = nil
		}
		a.shows(want)
	}
}

// CloudFormation cannot delete a bucket that holds something: who deletes the
// stack by other means is left with a rest, which destroy takes away.
func TestDestroyEndsWhatOthersBegan(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.filled()
	client := cloudformation.New(cloudformation.Options{
		Region: awsfake.Region, BaseEndpoint: aws.String(a.fake.URL()), Credentials: credentials.NewStaticCredentialsProvider("AKIA", "secret", ""),
	})
	if _, err := client.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String(stackName)}); err != nil {
		t.Fatal(err)
	}
	for range 30 { // in steps: the stream goes before its buffer is due
		a.fake.Clock().Advance(2 * time.Second)
	}
	out, err := client.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String(stackName)})
	if err != nil || out.Stacks[0].StackStatus != types.StackStatusDeleteFailed || len(a.fake.S3.Buckets()) != 2 || len(a.fake.Firehose.Streams()) != 0 {
		t.Fatalf("%+v, %v, %q", out, err, a.fake.Left())
	}
	if n := a.records(); n != 1 {
		t.Errorf("%d records: the one that the stream held is not lost with it", n)
	}
	if err := destroyAll(t.Context(), a.target()); err != nil {
		t.Fatal(err)
	}
	a.isEmpty()
	if _, err := a.target().Status(t.Context()); err == nil {
		t.Error("a destroyed stack has a status")
	}
}
