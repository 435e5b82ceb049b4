//go:build awsaccount

package cloud_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	fhtypes "github.com/aws/aws-sdk-go-v2/service/firehose/types"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	tagtypes "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"pixelctl/pkg/cloud"
	"pixelctl/pkg/cloud/policy"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/pipeline"
)

var unpaddedKey = regexp.MustCompile(`^data/year=2[0-9]{3}/month=[1-9][0-9]?/day=[1-9][0-9]?/hour=(0|[1-9][0-9]?)/[^/]+$`)

func (l *loop) database() string { return cloud.Database(l.stack) }

// readNames takes down what CloudFormation made.
func (l *loop) readNames(t *testing.T) {
	t.Helper()
	pages := cloudformation.NewListStackResourcesPaginator(cloudformation.NewFromConfig(l.owner.Config), &cloudformation.ListStackResourcesInput{StackName: &l.stack})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.StackResourceSummaries {
			l.out[aws.ToString(r.LogicalResourceId)] = aws.ToString(r.PhysicalResourceId)
		}
	}
}

// names holds the names that CloudFormation made to the patterns of the policy.
func (l *loop) names(t *testing.T) {
	docs, err := policy.For(policy.All, policy.Scope{
		Partition: policy.Partition(l.owner.ARN), Account: l.owner.Account, Region: l.owner.Region, Stack: l.stack, Database: l.database(),
	})
	if err != nil {
		t.Fatal(err)
	}
	var patterns []string
	for _, d := range docs {
		for _, s := range d.Statement {
			for _, r := range s.Resource {
				if r != "*" {
					patterns = append(patterns, "^"+strings.ReplaceAll(regexp.QuoteMeta(r), `\*`, ".*")+"$")
				}
			}
		}
	}
	of := ":" + l.owner.Region + ":" + l.owner.Account + ":"
	for id, form := range map[string]string{
		"ArtifactBucket": "s3:::%s", "DataBucket": "s3:::%s", "ResultsBucket": "s3:::%s",
		"BeaconRole": "iam::" + l.owner.Account + ":role/%s", "CrawlerRole": "iam::" + l.owner.Account + ":role/%s",
		"DeliveryRole": "iam::" + l.owner.Account + ":role/%s", "RepairRole": "iam::" + l.owner.Account + ":role/%s",
		"Beacon": "lambda" + of + "function:%s", "DeliveryStream": "firehose" + of + "deliverystream/%s",
		"Crawler": "glue" + of + "crawler/%s", "RepairSchedule": "scheduler" + of + "schedule/default/%s",
		"WorkGroup": "athena" + of + "workgroup/%s", "BeaconLogGroup": "logs" + of + "log-group:%s", "AccessLogGroup": "logs" + of + "log-group:%s",
	} {
		arn := "arn:" + policy.Partition(l.owner.ARN) + ":" + fmt.Sprintf(form, l.out[id])
		if !slices.ContainsFunc(patterns, func(p string) bool { return regexp.MustCompile(p).MatchString(arn) }) {
			t.Errorf("%s is %s, which no pattern of the policy fits", id, arn)
		}
	}
}

// cutoff is above 2^31, which CloudFormation's manual leaves open.
func (l *loop) cutoff(t *testing.T) {
	out, err := athena.NewFromConfig(l.owner.Config).GetWorkGroup(t.Context(), &athena.GetWorkGroupInput{WorkGroup: aws.String(l.out["WorkGroup"])})
	if err != nil {
		t.Fatal(err)
	}
	if got := aws.ToInt64(out.WorkGroup.Configuration.BytesScannedCutoffPerQuery); got != 100<<30 {
		t.Errorf("the workgroup cuts off at %d bytes", got)
	}
}

// keys are those of the data bucket under a prefix.
func (l *loop) keys(ctx context.Context, prefix string) (keys []string, err error) {
	out, err := l.owner.S3().ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: aws.String(l.out["DataBucket"]), Prefix: &prefix})
	if err != nil {
		return nil, err
	}
	for _, o := range out.Contents {
		keys = append(keys, aws.ToString(o.Key))
	}
	return keys, nil
}

func (l *loop) partitions(ctx context.Context) ([]gluetypes.Partition, error) {
	out, err := glue.NewFromConfig(l.owner.Config).GetPartitions(ctx, &glue.GetPartitionsInput{DatabaseName: aws.String(l.database()), TableName: aws.String(lake.Table)})
	if err != nil {
		return nil, err
	}
	return out.Partitions, nil
}

// unregister takes all hours out of the catalog and says how many they were.
func (l *loop) unregister(t *testing.T) int {
	t.Helper()
	all, err := l.partitions(t.Context())
	if err != nil || len(all) == 0 || len(all) > 25 {
		t.Fatalf("%d partitions, %v", len(all), err)
	}
	in := &glue.BatchDeletePartitionInput{DatabaseName: aws.String(l.database()), TableName: aws.String(lake.Table)}
	for _, p := range all {
		in.PartitionsToDelete = append(in.PartitionsToDelete, gluetypes.PartitionValueList{Values: p.Values})
	}
	if _, err := glue.NewFromConfig(l.owner.Config).BatchDeletePartition(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	return len(all)
}

func (l *loop) columns(t *testing.T) string {
	t.Helper()
	out, err := glue.NewFromConfig(l.owner.Config).GetTable(t.Context(), &glue.GetTableInput{DatabaseName: aws.String(l.database()), Name: aws.String(lake.Table)})
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(out.Table.StorageDescriptor.Columns)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// padded shows what MSCK makes of a padded directory under int keys: the hour
// must be known once, and its rows be read once.
func (l *loop) padded(t *testing.T) {
	keys, err := l.keys(t.Context(), "data/")
	if err != nil || len(keys) == 0 {
		t.Fatalf("no files: %v", err)
	}
	bucket, to := l.out["DataBucket"], "data/year=2001/month=01/day=01/hour=01/"+keys[0][strings.LastIndex(keys[0], "/")+1:]
	if _, err := l.owner.S3().CopyObject(t.Context(), &s3.CopyObjectInput{Bucket: &bucket, Key: &to, CopySource: aws.String(bucket + "/" + keys[0])}); err != nil {
		t.Fatal(err)
	}
	l.as(t, policy.Operate, func(ctx context.Context, target *cloud.Target) error {
		_, err := target.Repair(ctx, pipeline.RepairOptions{MSCK: true}, nil)
		return err
	})
	all, err := l.partitions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		t.Logf("%v at %s", p.Values, aws.ToString(p.StorageDescriptor.Location))
	}
	got := l.read(t, `SELECT count(DISTINCT event_id), count(*) FROM tp_hits WHERE year = 2001 AND month = 1 AND day = 1 AND hour = 1`)
	if len(got) != 1 || got[0][0] != got[0][1] || got[0][0] == int64(0) {
		t.Errorf("distinct and all rows of the padded hour: %v", got)
	}
	if _, err := l.owner.S3().DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &bucket, Key: &to}); err != nil {
		t.Fatal(err)
	}
	l.as(t, policy.Operate, func(ctx context.Context, target *cloud.Target) error {
		_, err := target.Repair(ctx, pipeline.RepairOptions{Prune: true}, nil)
		return err
	})
	l.query(t)
}

// errorLines shows how Firehose spells what it could not convert. Without a
// conversion, which json has not, the line lands in the lake and is not sent.
func (l *loop) errorLines(t *testing.T) {
	if l.format == "json" {
		return
	}
	line := []byte("{\"received_at\":\"no time\"}\n")
	if _, err := firehose.NewFromConfig(l.owner.Config).PutRecord(t.Context(), &firehose.PutRecordInput{
		DeliveryStreamName: aws.String(l.out["DeliveryStream"]), Record: &fhtypes.Record{Data: line},
	}); err != nil {
		t.Fatal(err)
	}
	var keys []string
	l.until(t, 15*time.Minute, "an error line", func(ctx context.Context) (_ bool, err error) {
		keys, err = l.keys(ctx, "errors/format-conversion-failed/")
		return len(keys) > 0, err
	})
	out, err := l.owner.S3().GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(l.out["DataBucket"]), Key: &keys[0]})
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(out.Body)
	if err = errors.Join(err, out.Body.Close()); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", body)
	var failed struct {
		RawData          string `json:"rawData"`
		ArrivalTimestamp int64  `json:"arrivalTimestamp"`
		LastErrorCode    string `json:"lastErrorCode"`
	}
	if err := json.NewDecoder(bytes.NewReader(body)).Decode(&failed); err != nil {
		t.Fatal(err)
	}
	raw, err := base64.StdEncoding.DecodeString(failed.RawData)
	if err != nil || !bytes.Equal(bytes.TrimSpace(raw), bytes.TrimSpace(line)) || time.Since(time.UnixMilli(failed.ArrivalTimestamp)) > time.Hour || failed.LastErrorCode == "" {
		t.Errorf("the error line says %+v, %v", failed, err)
	}
}

func (l *loop) buffer(t *testing.T) {
	l.as(t, policy.Operate, func(ctx context.Context, target *cloud.Target) error {
		_, err := target.SetBuffer(ctx, pipeline.BufferOptions{Interval: 2 * time.Minute}, nil)
		return err
	})
	l.until(t, 10*time.Minute, "another buffer", func(ctx context.Context) (bool, error) {
		out, err := firehose.NewFromConfig(l.owner.Config).DescribeDeliveryStream(ctx, &firehose.DescribeDeliveryStreamInput{DeliveryStreamName: aws.String(l.out["DeliveryStream"])})
		if err != nil {
			return false, err
		}
		return aws.ToInt32(out.DeliveryStreamDescription.Destinations[0].ExtendedS3DestinationDescription.BufferingHints.IntervalInSeconds) == 120, nil
	})
}

// schedule waits for the hourly repair, which runs by its own role.
func (l *loop) schedule(t *testing.T) {
	l.unregister(t)
	l.until(t, 75*time.Minute, "the hourly repair", func(ctx context.Context) (bool, error) {
		all, err := l.partitions(ctx)
		return len(all) > 0, err
	})
}

// left asks everybody who could know of something, some minutes long: the list of
// tagged resources lags behind.
func (l *loop) left(t *testing.T) {
	tags := resourcegroupstaggingapi.NewFromConfig(l.owner.Config)
	l.until(t, 15*time.Minute, "an end of all tagged resources", func(ctx context.Context) (bool, error) {
		out, err := tags.GetResources(ctx, &resourcegroupstaggingapi.GetResourcesInput{
			TagFilters: []tagtypes.TagFilter{{Key: aws.String("pixelctl:stack"), Values: []string{l.stack}}},
		})
		if err != nil {
			return false, err
		}
		for _, r := range out.ResourceTagMappingList {
			t.Logf("still listed: %s", aws.ToString(r.ResourceARN))
		}
		return len(out.ResourceTagMappingList) == 0, nil
	})
	logs := cloudwatchlogs.NewFromConfig(l.owner.Config)
	for _, prefix := range []string{"/pixelctl/" + l.stack + "/", "/aws/vendedlogs/pixelctl/" + l.stack + "/", "/aws/lambda/" + l.out["Beacon"]} {
		out, err := logs.DescribeLogGroups(t.Context(), &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: &prefix})
		if err != nil || len(out.LogGroups) > 0 {
			t.Errorf("%s: %d log groups, %v", prefix, len(out.LogGroups), err)
		}
	}
	if _, err := glue.NewFromConfig(l.owner.Config).GetDatabase(t.Context(), &glue.GetDatabaseInput{Name: aws.String(l.database())}); err == nil {
		t.Error("the database is there")
	}
}
