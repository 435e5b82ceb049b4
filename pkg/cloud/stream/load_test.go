package stream

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// Load asks for each part by its own dimension, and bills queries at least the
// least.
func TestLoad(t *testing.T) {
	r := newRig(t)
	now := r.clock.Now().Truncate(time.Minute)
	seen := map[string]string{}
	r.points = func(m types.Metric) points {
		seen[*m.Namespace+" "+*m.MetricName+" "+*m.Dimensions[0].Value] = *m.Dimensions[0].Name
		switch *m.Namespace + *m.MetricName {
		case "AWS/LambdaDuration":
			return points{{now, 1.5}, {now.Add(-time.Minute), 2.25}}
		case "AWS/AthenaProcessedBytes":
			return points{{now, 3}}
		}
		return points{{now, 7}}
	}
	l, err := r.Load(t.Context(), Parts{API: "a", Function: "f", Stream: "s", WorkGroup: "w", CollectorLog: "c", AccessLog: "x"}, now.Add(-time.Hour), now, 10)
	if err != nil {
		t.Fatal(err)
	}
	if l != (Load{Requests: 7, Calls: 7, CallMS: 3.75, Records: 7, RecordBytes: 7, CollectorLog: 7, AccessLog: 7, Queries: 3, Scanned: 3, Charged: 30}) {
		t.Errorf("%+v", l)
	}
	for what, dimension := range map[string]string{
		"AWS/ApiGateway Count a": "ApiId", "AWS/Lambda Invocations f": "FunctionName", "AWS/Lambda Duration f": "FunctionName",
		"AWS/Firehose IncomingRecords s": "DeliveryStreamName", "AWS/Firehose IncomingBytes s": "DeliveryStreamName",
		"AWS/Logs IncomingBytes c": "LogGroupName", "AWS/Logs IncomingBytes x": "LogGroupName", "AWS/Athena ProcessedBytes w": "WorkGroup",
	} {
		if seen[what] != dimension {
			t.Errorf("%s was asked by %q", what, seen[what])
		}
	}
	if in := r.asked[0]; !in.StartTime.Equal(now.Add(-time.Hour)) || !in.EndTime.Equal(now) {
		t.Errorf("asked from %s to %s", in.StartTime, in.EndTime)
	}
}

func TestCharged(t *testing.T) {
	at := time.Date(2026, 7, 5, 9, 0, 0, 0, time.UTC)
	read := points{{at, 500}, {at.Add(time.Minute), 5}}
	queries := points{{at, 2}, {at.Add(time.Minute), 3}, {at.Add(2 * time.Minute), 1}}
	if got := charged(read, queries, 10); got != 500+30+10 {
		t.Errorf("charged %d", got)
	}
}
