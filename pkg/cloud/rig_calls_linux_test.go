package cloud_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	athenatypes "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cftypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	fhtypes "github.com/aws/aws-sdk-go-v2/service/firehose/types"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"pixelctl/pkg/cloud/session"
)

// resources are those of the stack.
func (l *life) resources(t *testing.T) []cftypes.StackResource {
	t.Helper()
	out, err := cloudformation.NewFromConfig(l.m.config(rigKeys{})).DescribeStackResources(t.Context(),
		&cloudformation.DescribeStackResourcesInput{StackName: &l.stack})
	if err != nil {
		t.Fatal(err)
	}
	return out.StackResources
}

// rolesOfServices are the roles of the template with the calls that AWS's
// manuals name for each service.
func (l *life) rolesOfServices() []serviceRole {
	data, results, database, table := l.out["DataBucket"], l.out["ResultsBucket"], l.out["Database"], l.out["Table"]
	return []serviceRole{
		{
			id: "BeaconRole",
			allowed: map[string][]call{
				"PutRecords": {putRecord(l.out["DeliveryStream"]), putRecords(l.out["DeliveryStream"])},
				"Log":        {openLog(l.out["BeaconLogGroup"]), writeLog(l.out["BeaconLogGroup"], "rig")},
			},
			refused: []call{
				{"describe the stream", func(ctx context.Context, c aws.Config) error {
					_, err := firehose.NewFromConfig(c).DescribeDeliveryStream(ctx, &firehose.DescribeDeliveryStreamInput{DeliveryStreamName: aws.String(l.out["DeliveryStream"])})
					return err
				}},
				putRecord("another"), writeLog(l.out["DeliveryLogGroup"], "S3Delivery"), openLog("/another"), newLogGroup("/another"),
				putObject(data, "data/x"), getTable(database, table),
			},
		},
		{
			id: "DeliveryRole",
			allowed: map[string][]call{
				"WriteFiles": {putObject(data, "data/year=2026/x"), putObject(data, "errors/x"), getObject(data, "data/year=2026/x"), abortUpload(data, "data/u")},
				"FindBucket": {locate(data), list(data), listUploads(data)},
				"LogErrors":  {writeLog(l.out["DeliveryLogGroup"], "S3Delivery")},
				"ReadSchema": {getTable(database, table), getTableVersions(database, table)},
			},
			refused: []call{
				putObject(data, "elsewhere/x"), deleteObject(data, "data/year=2026/x"), putObject(results, "results/x"), putObject(l.out["ArtifactBucket"], "beacon/x"),
				getTable(database, "hits"), createPartition(database, table, "9"), writeLog(l.out["BeaconLogGroup"], "rig"),
			},
		},
		{
			id: "CrawlerRole",
			allowed: map[string][]call{
				"ReadFiles": {getObject(data, "data/year=2026/x")},
				"ListFiles": {locate(data), list(data)},
				"RegisterHours": {
					getDatabase(database), getTable(database, table), getPartitions(database, table), batchCreatePartition(database, table),
					batchGetPartition(database, table),
				},
				"Log": {newLogGroup("/aws-glue/crawlers"), openLog("/aws-glue/crawlers"), writeLog("/aws-glue/crawlers", "rig")},
			},
			refused: []call{
				putObject(data, "data/x"), getObject(data, "errors/x"), deleteObject(data, "data/year=2026/x"), deletePartition(database, table),
				newLogGroup("/another"), list(results), getDatabase("another"),
			},
		},
		{
			id: "RepairRole",
			allowed: map[string][]call{
				"StartQuery":    {startQuery(l.out["WorkGroup"], database)},
				"ListFiles":     {locate(data), list(data), locate(results), list(results)},
				"WriteResult":   {putObject(results, "results/x"), abortUpload(results, "results/u")},
				"RegisterHours": {getDatabase(database), getTable(database, table), getPartitions(database, table), batchCreatePartition(database, table)},
			},
			refused: []call{
				startQuery("primary", database), getObject(data, "data/year=2026/x"), putObject(data, "data/x"), putObject(results, "elsewhere"),
				getObject(results, "results/x"), deletePartition(database, table),
			},
		},
	}
}

func putRecord(stream string) call {
	return call{"put a record into " + stream, func(ctx context.Context, c aws.Config) error {
		_, err := firehose.NewFromConfig(c).PutRecord(ctx, &firehose.PutRecordInput{DeliveryStreamName: &stream, Record: &fhtypes.Record{Data: []byte("{}\n")}})
		return err
	}}
}

func putRecords(stream string) call {
	return call{"put records into " + stream, func(ctx context.Context, c aws.Config) error {
		_, err := firehose.NewFromConfig(c).PutRecordBatch(ctx, &firehose.PutRecordBatchInput{
			DeliveryStreamName: &stream, Records: []fhtypes.Record{{Data: []byte("{}\n")}},
		})
		return err
	}}
}

func newLogGroup(group string) call {
	return call{"create log group " + group, func(ctx context.Context, c aws.Config) error {
		_, err := cloudwatchlogs.NewFromConfig(c).CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &group})
		return unlessThere(err)
	}}
}

func openLog(group string) call {
	return call{"create a log stream in " + group, func(ctx context.Context, c aws.Config) error {
		_, err := cloudwatchlogs.NewFromConfig(c).CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: &group, LogStreamName: aws.String("rig")})
		return unlessThere(err)
	}}
}

// unlessThere takes what is there already for success: it was allowed.
func unlessThere(err error) error {
	if err != nil && strings.Contains(err.Error(), "AlreadyExists") {
		return nil
	}
	return err
}

func writeLog(group, stream string) call {
	return call{"write to log group " + group, func(ctx context.Context, c aws.Config) error {
		_, err := cloudwatchlogs.NewFromConfig(c).PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{
			LogGroupName: &group, LogStreamName: &stream,
			LogEvents: []logstypes.InputLogEvent{{Message: aws.String("rig"), Timestamp: aws.Int64(time.Now().UnixMilli())}},
		})
		return err
	}}
}

func pathStyle(c aws.Config) *s3.Client {
	return s3.NewFromConfig(c, func(o *s3.Options) { o.UsePathStyle = true })
}

func putObject(bucket, key string) call {
	return call{"put object " + bucket + "/" + key, func(ctx context.Context, c aws.Config) error {
		_, err := pathStyle(c).PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader("rig")})
		return err
	}}
}

func getObject(bucket, key string) call {
	return call{"get object " + bucket + "/" + key, func(ctx context.Context, c aws.Config) error {
		out, err := pathStyle(c).GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
		if err != nil {
			return err
		}
		return out.Body.Close()
	}}
}

func deleteObject(bucket, key string) call {
	return call{"delete object " + bucket + "/" + key, func(ctx context.Context, c aws.Config) error {
		_, err := pathStyle(c).DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: &key})
		return err
	}}
}

// abortUpload begins an upload, which s3:PutObject allows, and gives it up.
func abortUpload(bucket, key string) call {
	return call{"abort an upload to " + bucket, func(ctx context.Context, c aws.Config) error {
		out, err := pathStyle(c).CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: &bucket, Key: &key})
		if err != nil {
			return err
		}
		_, err = pathStyle(c).AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &bucket, Key: &key, UploadId: out.UploadId})
		return err
	}}
}

func locate(bucket string) call {
	return call{"get the location of " + bucket, func(ctx context.Context, c aws.Config) error {
		_, err := pathStyle(c).GetBucketLocation(ctx, &s3.GetBucketLocationInput{Bucket: &bucket})
		return err
	}}
}

func list(bucket string) call {
	return call{"list " + bucket, func(ctx context.Context, c aws.Config) error {
		_, err := pathStyle(c).ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &bucket})
		return err
	}}
}

func listUploads(bucket string) call {
	return call{"list uploads to " + bucket, func(ctx context.Context, c aws.Config) error {
		_, err := pathStyle(c).ListMultipartUploads(ctx, &s3.ListMultipartUploadsInput{Bucket: &bucket})
		return err
	}}
}

func getDatabase(name string) call {
	return call{"get database " + name, func(ctx context.Context, c aws.Config) error {
		_, err := glue.NewFromConfig(c).GetDatabase(ctx, &glue.GetDatabaseInput{Name: &name})
		return err
	}}
}

func getTable(database, table string) call {
	return call{"get table " + table, func(ctx context.Context, c aws.Config) error {
		_, err := glue.NewFromConfig(c).GetTable(ctx, &glue.GetTableInput{DatabaseName: &database, Name: &table})
		return err
	}}
}

func getTableVersions(database, table string) call {
	return call{"get versions of table " + table, func(ctx context.Context, c aws.Config) error {
		_, err := glue.NewFromConfig(c).GetTableVersions(ctx, &glue.GetTableVersionsInput{DatabaseName: &database, TableName: &table})
		if session.Code(err) == "InvalidAction" { // ministack asks the policy first, and then does not know the operation
			return nil
		}
		return err
	}}
}

func getPartitions(database, table string) call {
	return call{"get partitions of " + table, func(ctx context.Context, c aws.Config) error {
		_, err := glue.NewFromConfig(c).GetPartitions(ctx, &glue.GetPartitionsInput{DatabaseName: &database, TableName: &table})
		return err
	}}
}

func partition(hour string) gluetypes.PartitionInput {
	return gluetypes.PartitionInput{Values: []string{"2026", "1", "1", hour}, StorageDescriptor: &gluetypes.StorageDescriptor{}}
}

func createPartition(database, table, hour string) call {
	return call{"create a partition of " + table, func(ctx context.Context, c aws.Config) error {
		p := partition(hour)
		_, err := glue.NewFromConfig(c).CreatePartition(ctx, &glue.CreatePartitionInput{DatabaseName: &database, TableName: &table, PartitionInput: &p})
		return err
	}}
}

func batchCreatePartition(database, table string) call {
	return call{"create partitions of " + table, func(ctx context.Context, c aws.Config) error {
		_, err := glue.NewFromConfig(c).BatchCreatePartition(ctx, &glue.BatchCreatePartitionInput{
			DatabaseName: &database, TableName: &table, PartitionInputList: []gluetypes.PartitionInput{partition("1")},
		})
		return err
	}}
}

func batchGetPartition(database, table string) call {
	return call{"get some partitions of " + table, func(ctx context.Context, c aws.Config) error {
		_, err := glue.NewFromConfig(c).BatchGetPartition(ctx, &glue.BatchGetPartitionInput{
			DatabaseName: &database, TableName: &table, PartitionsToGet: []gluetypes.PartitionValueList{{Values: partition("1").Values}},
		})
		return err
	}}
}

func deletePartition(database, table string) call {
	return call{"delete a partition of " + table, func(ctx context.Context, c aws.Config) error {
		_, err := glue.NewFromConfig(c).DeletePartition(ctx, &glue.DeletePartitionInput{
			DatabaseName: &database, TableName: &table, PartitionValues: partition("1").Values,
		})
		return err
	}}
}

func startQuery(workGroup, database string) call {
	return call{"start a query in " + workGroup, func(ctx context.Context, c aws.Config) error {
		_, err := athena.NewFromConfig(c).StartQueryExecution(ctx, &athena.StartQueryExecutionInput{
			QueryString: aws.String("SELECT 1"), WorkGroup: &workGroup, QueryExecutionContext: &athenatypes.QueryExecutionContext{Database: &database},
		})
		return err
	}}
}
