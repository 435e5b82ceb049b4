// Package stream looks at a delivery stream of Firehose: how it is set up, what
// went in and out, and when all that it took has reached S3.
package stream

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/firehose/types"

	"pixelctl/pkg/cloud/session"
)

// Engine speaks to Firehose and CloudWatch. It is safe for concurrent use.
type Engine struct {
	f     *firehose.Client
	w     *cloudwatch.Client
	clock session.Clock
}

// New returns an engine; a nil clock is the real time.
func New(f *firehose.Client, w *cloudwatch.Client, clock session.Clock) *Engine {
	if clock == nil {
		clock = session.WallClock{}
	}
	return &Engine{f: f, w: w, clock: clock}
}

// Stream is how a delivery stream is set up.
type Stream struct {
	Name    string
	ARN     string
	Status  string    // such as CREATING or ACTIVE
	Version string    // rises with every change of the configuration
	Created time.Time // in UTC
	Bucket  string    // name
	Format  string    // parquet, orc or json
	SizeMiB int       // of the buffer
	// Interval is how long the buffer may wait. Size and interval are hints:
	// Firehose may hold records longer when it falls behind.
	Interval    time.Duration
	Prefix      string
	ErrorPrefix string
}

// missing is Firehose's code for a stream that is not there.
const missing = "ResourceNotFoundException"

// Exists reports whether there is a stream of that name, in any state.
func (e *Engine) Exists(ctx context.Context, name string) (bool, error) {
	_, err := e.Describe(ctx, name)
	if session.Code(err) == missing {
		return false, nil
	}
	return err == nil, err
}

// Describe returns the stream with its first destination.
func (e *Engine) Describe(ctx context.Context, name string) (Stream, error) {
	out, err := e.f.DescribeDeliveryStream(ctx, &firehose.DescribeDeliveryStreamInput{DeliveryStreamName: &name})
	if err != nil {
		return Stream{}, session.Explain(err, "describe delivery stream %s", name)
	}
	d := out.DeliveryStreamDescription
	s := Stream{
		Name: aws.ToString(d.DeliveryStreamName), ARN: aws.ToString(d.DeliveryStreamARN),
		Status: string(d.DeliveryStreamStatus), Version: aws.ToString(d.VersionId), Created: aws.ToTime(d.CreateTimestamp).UTC(),
	}
	for _, to := range d.Destinations {
		if x := to.ExtendedS3DestinationDescription; x != nil {
			s.take(x)
			break
		}
	}
	return s, nil
}

func (s *Stream) take(x *types.ExtendedS3DestinationDescription) {
	arn := aws.ToString(x.BucketARN)
	s.Bucket = arn[strings.LastIndex(arn, ":")+1:]
	s.Prefix, s.ErrorPrefix, s.Format = aws.ToString(x.Prefix), aws.ToString(x.ErrorOutputPrefix), format(x)
	if h := x.BufferingHints; h != nil {
		s.Interval = time.Duration(aws.ToInt32(h.IntervalInSeconds)) * time.Second
		s.SizeMiB = int(aws.ToInt32(h.SizeInMBs))
	}
}

// format is that of the objects: without conversion the records as they came.
func format(x *types.ExtendedS3DestinationDescription) string {
	c := x.DataFormatConversionConfiguration
	if c == nil || !aws.ToBool(c.Enabled) || c.OutputFormatConfiguration == nil || c.OutputFormatConfiguration.Serializer == nil {
		return "json"
	}
	if c.OutputFormatConfiguration.Serializer.OrcSerDe != nil {
		return "orc"
	}
	return "parquet"
}
