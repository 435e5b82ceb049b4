package stream

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/smithy-go/middleware"

	"pixelctl/pkg/awsfake/wire"
	"pixelctl/pkg/fault"
)

// rig is an engine on a scripted Firehose and CloudWatch.
type rig struct {
	*Engine
	clock *wire.Clock

	mu     sync.Mutex
	asked  []*cloudwatch.GetMetricDataInput
	points func(m types.Metric) points // of each metric; nil has none
	answer string                      // of DescribeDeliveryStream
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{clock: wire.NewClock(time.Date(2026, 7, 5, 9, 30, 20, 0, time.UTC)), answer: described}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		if strings.Contains(r.answer, "__type") {
			w.WriteHeader(http.StatusBadRequest)
		}
		if _, err := w.Write([]byte(r.answer)); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	cfg := aws.Config{
		Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("AKID", "SECRET", ""),
		Retryer: func() aws.Retryer { return retry.AddWithMaxAttempts(retry.NewStandard(), 1) },
	}
	w := cloudwatch.NewFromConfig(cfg, func(o *cloudwatch.Options) { o.APIOptions = append(o.APIOptions, r.metrics) })
	r.Engine = New(firehose.NewFromConfig(cfg), w, r.clock)
	return r
}

// metrics answers GetMetricData before anything is sent.
func (r *rig) metrics(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("script", func(_ context.Context, in middleware.InitializeInput, _ middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
		ask, ok := in.Parameters.(*cloudwatch.GetMetricDataInput)
		if !ok {
			return middleware.InitializeOutput{}, middleware.Metadata{}, fmt.Errorf("unexpected %T", in.Parameters)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.asked = append(r.asked, ask)
		out := &cloudwatch.GetMetricDataOutput{}
		for _, q := range ask.MetricDataQueries {
			result := types.MetricDataResult{Id: q.Id}
			if r.points != nil {
				for _, p := range r.points(*q.MetricStat.Metric) {
					result.Timestamps, result.Values = append(result.Timestamps, p.at), append(result.Values, p.value)
				}
			}
			out.MetricDataResults = append(out.MetricDataResults, result)
		}
		return middleware.InitializeOutput{Result: out}, middleware.Metadata{}, nil
	}), middleware.Before)
}

func object(t *testing.T, text string) map[string]any {
	t.Helper()
	m := map[string]any{}
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

const (
	described = `{"DeliveryStreamDescription": {"DeliveryStreamName": "s", "DeliveryStreamARN": "arn:s", "DeliveryStreamStatus": "ACTIVE",
		"DeliveryStreamType": "DirectPut", "VersionId": "3", "CreateTimestamp": 1783000000, "HasMoreDestinations": false, "Destinations": [
		{"DestinationId": "d", "ExtendedS3DestinationDescription": {"BucketARN": "arn:aws:s3:::lake", "RoleARN": "r",
		"Prefix": "data/x/", "ErrorOutputPrefix": "errors/", "BufferingHints": {"IntervalInSeconds": 60, "SizeInMBs": 64},
		"DataFormatConversionConfiguration": {"Enabled": true, "OutputFormatConfiguration": {"Serializer": {"ParquetSerDe": {}}}}}}]}}`
	notThere = `{"__type": "ResourceNotFoundException", "message": "no"}`
	denied   = `{"__type": "AccessDeniedException", "message": "no"}`
)

func TestDescribe(t *testing.T) {
	object(t, described)
	for _, c := range []struct{ from, to, format string }{
		{"", "", "parquet"},
		{"ParquetSerDe", "OrcSerDe", "orc"},
		{`"Enabled": true`, `"Enabled": false`, "json"},
		{`"Serializer": {"ParquetSerDe": {}}`, "", "json"},
	} {
		r := newRig(t)
		if c.from != "" {
			r.answer = strings.Replace(described, c.from, c.to, 1)
		}
		got, err := r.Describe(t.Context(), "s")
		want := Stream{
			Name: "s", ARN: "arn:s", Status: "ACTIVE", Version: "3", Interval: time.Minute, SizeMiB: 64, Bucket: "lake",
			Prefix: "data/x/", ErrorPrefix: "errors/", Format: c.format, Created: time.Unix(1_783_000_000, 0).UTC(),
		}
		if err != nil || got != want {
			t.Errorf("%+v, %v", got, err)
		}
	}
}

func TestExists(t *testing.T) {
	for _, c := range []struct {
		answer string
		there  bool
		kind   fault.Kind
	}{{described, true, 0}, {notThere, false, 0}, {denied, false, fault.Credentials}} {
		r := newRig(t)
		r.answer = c.answer
		if there, err := r.Exists(t.Context(), "s"); there != c.there || fault.KindOf(err) != c.kind {
			t.Errorf("%v, %v", there, err)
		}
	}
}

func TestCounts(t *testing.T) {
	r := newRig(t)
	now := r.clock.Now()
	r.points = func(m types.Metric) points {
		if *m.Namespace != "AWS/Firehose" || *m.Dimensions[0].Name != "DeliveryStreamName" || *m.Dimensions[0].Value != "s" {
			t.Errorf("asked for %v", m)
		}
		return map[string]points{
			"IncomingRecords":            {{now, 3}, {now, 4}},
			"DeliveryToS3.Records":       {{now, 5}},
			"FailedConversion.Records":   {{now, 1}},
			"DeliveryToS3.DataFreshness": {{now.Add(-2 * time.Minute), 61}},
			"DeliveryToS3.Success":       {{now.Add(-time.Minute), 0}, {now.Add(-3 * time.Minute), 1}},
		}[*m.MetricName]
	}
	got, err := r.Counts(t.Context(), "s", 2*time.Hour)
	want := Counts{In: 7, Out: 5, Failed: 1, Freshness: 61 * time.Second, Fresh: true, LastDelivery: now.Add(-3 * time.Minute)}
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if len(r.asked) != 1 || len(r.asked[0].MetricDataQueries) != 6 {
		t.Errorf("%d calls", len(r.asked))
	}
	r.points = func(types.Metric) points { return points{{now.Add(-time.Hour), 7}} }
	if got, err := r.Counts(t.Context(), "s", 2*time.Hour); err != nil || got.Fresh {
		t.Errorf("an old age counts: %+v, %v", got, err)
	}
}

func TestPeriods(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range []struct {
		since  time.Duration
		period int32
	}{{time.Hour, 60}, {day, 60}, {day + 1, 300}, {15 * day, 300}, {16 * day, 3600}, {700 * day, 3600}} {
		r := newRig(t)
		if _, err := r.Counts(t.Context(), "s", c.since); err != nil {
			t.Fatal(err)
		}
		in := r.asked[0]
		if got := *in.MetricDataQueries[0].MetricStat.Period; got != c.period {
			t.Errorf("since %v: period %d, want %d", c.since, got, c.period)
		}
		if in.StartTime.After(r.clock.Now().Add(-c.since)) || in.EndTime.Before(r.clock.Now()) {
			t.Errorf("since %v: asked from %v to %v", c.since, in.StartTime, in.EndTime)
		}
	}
}

func TestTraffic(t *testing.T) {
	r := newRig(t)
	r.points = func(m types.Metric) points {
		value := map[string]float64{"Count": 9, "4xx": 2, "Throttles": 1, "Errors": 3}[*m.MetricName]
		if owner := *m.Dimensions[0].Name + *m.Dimensions[0].Value; owner != "ApiIda" && owner != "FunctionNamef" {
			t.Errorf("asked for %v", owner)
		}
		return points{{r.clock.Now(), value}}
	}
	got, err := r.Traffic(t.Context(), "a", "f", time.Hour)
	if err != nil || got != (Traffic{Requests: 9, Refused: 2, Throttled: 1, Failed: 3}) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestDrain(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer string
		lastAt time.Duration // after Stopped comes the last object
		waits  time.Duration // until then an age of a waiting record is measured
		ends   time.Duration // after Stopped
		kind   fault.Kind
	}{
		{name: "nothing comes", ends: 3 * time.Minute},
		{name: "an object in time", lastAt: 65 * time.Second, ends: 3 * time.Minute},
		{name: "an object after the interval", lastAt: 150 * time.Second, ends: 4 * time.Minute},
		{name: "a record still waits", waits: 290 * time.Second, ends: 5 * time.Minute},
		{name: "records for ever", waits: time.Hour, ends: 12 * time.Minute, kind: fault.TimedOut},
		{name: "stream is gone", answer: notThere},
		{name: "denied", answer: denied, kind: fault.Credentials},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			if c.answer != "" {
				r.answer = c.answer
			}
			stopped := r.clock.Now()
			age := func() time.Duration { return r.clock.Now().Sub(stopped) }
			r.points = func(types.Metric) points {
				if age() < c.waits {
					return points{{r.clock.Now(), 30}}
				}
				return nil
			}
			objects := func(context.Context) (int64, error) {
				if age() >= c.lastAt {
					return 2, nil
				}
				return 1, nil
			}
			err := r.Drain(t.Context(), "s", DrainOptions{Stopped: stopped, Objects: objects}, nil)
			if fault.KindOf(err) != c.kind || age() != c.ends {
				t.Errorf("after %v: %v", age(), err)
			}
			if c.kind == fault.TimedOut && !strings.Contains(err.Error(), "oldest waiting record is 30s old") {
				t.Errorf("it does not say what it saw: %v", err)
			}
		})
	}
}

// While hits go on, only those from before are waited for.
func TestDrainFlowing(t *testing.T) {
	for _, c := range []struct {
		name  string
		since time.Duration // how long ago the last one of interest came
		age   float64       // of the oldest waiting record, in seconds, for ever
		ends  time.Duration // after now
		kind  fault.Kind
	}{
		{name: "long past", since: time.Hour, age: 50},
		{name: "now", age: 50, ends: 3 * time.Minute},
		{name: "delivery is behind", age: 200, ends: 4 * time.Minute},
		{name: "delivery stands", age: 24 * 3600, ends: 12 * time.Minute, kind: fault.TimedOut},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			begin := r.clock.Now()
			r.points = func(types.Metric) points { return points{{r.clock.Now().Truncate(time.Minute), c.age}} }
			err := r.Drain(t.Context(), "s", DrainOptions{Stopped: begin.Add(-c.since), Flowing: true}, nil)
			if fault.KindOf(err) != c.kind || r.clock.Now().Sub(begin) != c.ends {
				t.Errorf("after %v: %v", r.clock.Now().Sub(begin), err)
			}
		})
	}
}
