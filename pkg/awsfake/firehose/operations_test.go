package firehose_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/firehose/types"

	"pixelctl/pkg/awsfake/firehose"
)

func (r *rig) describe() *types.DeliveryStreamDescription {
	r.Helper()
	out, err := r.client.DescribeDeliveryStream(r.Context(), &sdk.DescribeDeliveryStreamInput{DeliveryStreamName: aws.String(hits)})
	if err != nil {
		r.Fatal(err)
	}
	return out.DeliveryStreamDescription
}

func TestDescribe(t *testing.T) {
	r := start(t).with(nil)
	d := r.describe()
	if d.DeliveryStreamStatus != types.DeliveryStreamStatusActive || *d.VersionId != "1" || !d.CreateTimestamp.Equal(r.clock.Now()) || d.LastUpdateTimestamp != nil {
		t.Errorf("description: %+v", d)
	}
	if d.DeliveryStreamEncryptionConfiguration.KeyType != types.KeyTypeAwsOwnedCmk || *d.DeliveryStreamARN != firehose.ARN(hits) {
		t.Errorf("encryption: %+v", d.DeliveryStreamEncryptionConfiguration)
	}
	s := d.Destinations[0].ExtendedS3DestinationDescription
	if *s.BufferingHints.IntervalInSeconds != 60 || *s.BufferingHints.SizeInMBs != 64 || s.CompressionFormat != "UNCOMPRESSED" || *s.ErrorOutputPrefix != "errors/!{firehose:error-output-type}/" {
		t.Errorf("destination: %+v", s)
	}
	c := s.DataFormatConversionConfiguration
	if !*c.Enabled || *c.SchemaConfiguration.TableName != "tp_hits" || c.OutputFormatConfiguration.Serializer.ParquetSerDe.Compression != "SNAPPY" || c.InputFormatConfiguration.Deserializer.HiveJsonSerDe == nil {
		t.Errorf("conversion: %+v", c)
	}
	_, err := r.client.DescribeDeliveryStream(t.Context(), &sdk.DescribeDeliveryStreamInput{DeliveryStreamName: aws.String("none")})
	r.fails(err, "ResourceNotFoundException")
}

func TestUpdateDestination(t *testing.T) {
	r := start(t).with(nil)
	d := r.describe()
	in := &sdk.UpdateDestinationInput{
		DeliveryStreamName: aws.String(hits), CurrentDeliveryStreamVersionId: d.VersionId, DestinationId: d.Destinations[0].DestinationId,
		ExtendedS3DestinationUpdate: &types.ExtendedS3DestinationUpdate{BufferingHints: &types.BufferingHints{SizeInMBs: aws.Int32(128), IntervalInSeconds: aws.Int32(900)}, S3BackupMode: "Enabled"},
	}
	r.clock.Advance(time.Hour)
	if _, err := r.client.UpdateDestination(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	after := r.describe()
	s := after.Destinations[0].ExtendedS3DestinationDescription
	if *after.VersionId != "2" || !after.LastUpdateTimestamp.Equal(r.clock.Now()) || *s.BufferingHints.IntervalInSeconds != 900 || s.DataFormatConversionConfiguration == nil || *s.BucketARN != "arn:aws:s3:::pixel-data" {
		t.Errorf("after: %+v", s)
	}
	_, err := r.client.UpdateDestination(t.Context(), in)
	r.fails(err, "ConcurrentModificationException")
	in.CurrentDeliveryStreamVersionId = after.VersionId
	in.ExtendedS3DestinationUpdate.S3BackupMode = "Disabled"
	_, err = r.client.UpdateDestination(t.Context(), in)
	r.fails(err, "InvalidArgumentException")
	in.ExtendedS3DestinationUpdate = &types.ExtendedS3DestinationUpdate{BufferingHints: &types.BufferingHints{SizeInMBs: aws.Int32(5), IntervalInSeconds: aws.Int32(60)}}
	_, err = r.client.UpdateDestination(t.Context(), in)
	r.fails(err, "InvalidArgumentException")
	in.DestinationId = aws.String("other")
	_, err = r.client.UpdateDestination(t.Context(), in)
	r.fails(err, "InvalidArgumentException")
	if *r.describe().VersionId != "2" {
		t.Error("a refused update raised the version")
	}
}

func (r *rig) batch(n, size int) (*sdk.PutRecordBatchOutput, error) {
	records := make([]types.Record, n)
	for i := range records {
		records[i].Data = bytes.Repeat([]byte("x"), size)
	}
	return r.client.PutRecordBatch(r.Context(), &sdk.PutRecordBatchInput{DeliveryStreamName: aws.String(hits), Records: records})
}

func TestPutLimits(t *testing.T) {
	r := start(t).with(plain)
	for _, c := range []struct {
		n, size int
		code    string
	}{{500, 1, ""}, {501, 1, "ValidationException"}, {4, 1_024_000, ""}, {1, 1_024_001, "ValidationException"}, {5, 900_000, "InvalidArgumentException"}} {
		out, err := r.batch(c.n, c.size)
		if c.code != "" {
			r.fails(err, c.code)
		} else if err != nil || *out.FailedPutCount != 0 || len(out.RequestResponses) != c.n || !*out.Encrypted {
			t.Errorf("%d of %d: %v", c.n, c.size, err)
		}
	}
	one := &sdk.PutRecordInput{DeliveryStreamName: aws.String(hits), Record: &types.Record{Data: make([]byte, 1_024_001)}}
	_, err := r.client.PutRecord(t.Context(), one)
	r.fails(err, "ValidationException")
	one.Record.Data = []byte("{}")
	out, err := r.client.PutRecord(t.Context(), one)
	if err != nil || *out.RecordId == "" {
		t.Errorf("one: %+v, %v", out, err)
	}
	one.DeliveryStreamName = aws.String("none")
	_, err = r.client.PutRecord(t.Context(), one)
	r.fails(err, "ResourceNotFoundException")
	if c := r.server.Counters(hits); c.In != 505 {
		t.Errorf("counters: %+v", c)
	}
}

func TestFailedPuts(t *testing.T) {
	r := start(t).with(plain)
	if err := r.server.FailRecords(hits, 3, "ServiceUnavailableException"); err != nil {
		t.Fatal(err)
	}
	out, err := r.batch(4, 1)
	if err != nil || *out.FailedPutCount != 3 || *out.RequestResponses[0].ErrorCode != "ServiceUnavailableException" || out.RequestResponses[0].RecordId != nil || out.RequestResponses[3].RecordId == nil {
		t.Errorf("batch: %+v, %v", out, err)
	}
	if err := r.server.FailRecords(hits, 1, "ServiceUnavailableException"); err != nil {
		t.Fatal(err)
	}
	_, err = r.client.PutRecord(t.Context(), &sdk.PutRecordInput{DeliveryStreamName: aws.String(hits), Record: &types.Record{Data: []byte("x")}})
	r.fails(err, "ServiceUnavailableException")
	if c := r.server.Counters(hits); c.In != 1 || c.Throttled != 4 {
		t.Errorf("counters: %+v", c)
	}
}

func TestListsAndTags(t *testing.T) {
	r := start(t).with(plain)
	for n := range 3 {
		in := &sdk.CreateDeliveryStreamInput{
			DeliveryStreamName: aws.String(fmt.Sprint("s", n)),
			ExtendedS3DestinationConfiguration: &types.ExtendedS3DestinationConfiguration{
				RoleARN: aws.String("arn:aws:iam::123456789012:role/r"), BucketARN: aws.String("arn:aws:s3:::pixel-data"),
			},
		}
		out, err := r.client.CreateDeliveryStream(t.Context(), in)
		if err != nil || *out.DeliveryStreamARN != firehose.ARN(*in.DeliveryStreamName) {
			t.Fatalf("create: %+v, %v", out, err)
		}
	}
	first, err := r.client.ListDeliveryStreams(t.Context(), &sdk.ListDeliveryStreamsInput{Limit: aws.Int32(2)})
	if err != nil || !*first.HasMoreDeliveryStreams || fmt.Sprint(first.DeliveryStreamNames) != "[hits s0]" {
		t.Errorf("first page: %+v, %v", first, err)
	}
	rest, err := r.client.ListDeliveryStreams(t.Context(), &sdk.ListDeliveryStreamsInput{ExclusiveStartDeliveryStreamName: aws.String("s0")})
	if err != nil || *rest.HasMoreDeliveryStreams || fmt.Sprint(rest.DeliveryStreamNames) != "[s1 s2]" {
		t.Errorf("the rest: %+v, %v", rest, err)
	}
	tags, err := r.client.ListTagsForDeliveryStream(t.Context(), &sdk.ListTagsForDeliveryStreamInput{DeliveryStreamName: aws.String(hits), Limit: aws.Int32(1)})
	if err != nil || !*tags.HasMoreTags || *tags.Tags[0].Key != "a" {
		t.Errorf("tags: %+v, %v", tags, err)
	}
	tags, err = r.client.ListTagsForDeliveryStream(t.Context(), &sdk.ListTagsForDeliveryStreamInput{DeliveryStreamName: aws.String(hits), ExclusiveStartTagKey: aws.String("a")})
	if err != nil || *tags.HasMoreTags || *tags.Tags[0].Value != "pixel" {
		t.Errorf("more tags: %+v, %v", tags, err)
	}
	if _, err := r.client.DeleteDeliveryStream(t.Context(), &sdk.DeleteDeliveryStreamInput{DeliveryStreamName: aws.String("s0")}); err != nil {
		t.Error(err)
	}
	if fmt.Sprint(r.server.Streams()) != "[hits s1 s2]" {
		t.Errorf("streams: %v", r.server.Streams())
	}
}
