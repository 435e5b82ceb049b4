package stream

import (
	"context"
	"time"

	"pixelctl/pkg/cloud/session"
)

// Counts are what CloudWatch knows of a stream; it is some minutes behind.
type Counts struct {
	In        int64 // records that Firehose took
	Out       int64 // records in S3
	Failed    int64 // records that did not convert and lie under the error prefix
	Throttled int64 // records that Firehose refused

	Freshness    time.Duration // age of the oldest record that is not delivered
	Fresh        bool          // whether Freshness was measured lately
	LastDelivery time.Time     // start of the minute, or of a longer step of old times; zero for none
}

// recent is how old a value may be to count as now: CloudWatch is behind.
const recent = 15 * time.Minute

// Counts sums the time since up to now.
func (e *Engine) Counts(ctx context.Context, name string, since time.Duration) (Counts, error) {
	of := func(metricName, stat string) metric {
		return metric{"AWS/Firehose", metricName, stat, "DeliveryStreamName", name}
	}
	got, err := e.ask(ctx, since, []metric{
		of("IncomingRecords", "Sum"), of("DeliveryToS3.Records", "Sum"), of("FailedConversion.Records", "Sum"),
		of("ThrottledRecords", "Sum"), of("DeliveryToS3.DataFreshness", "Maximum"), of("DeliveryToS3.Success", "Sum"),
	})
	if err != nil {
		return Counts{}, session.Explain(err, "read metrics of delivery stream %s", name)
	}
	c := Counts{In: got[0].sum(), Out: got[1].sum(), Failed: got[2].sum(), Throttled: got[3].sum()}
	if p := got[4]; len(p) > 0 && e.clock.Now().Sub(p[0].at) <= max(recent, 2*length(period(since))) {
		c.Freshness, c.Fresh = time.Duration(p[0].value*float64(time.Second)), true
	}
	if last, ok := got[5].newest(); ok {
		c.LastDelivery = last.at
	} else if last, ok := got[1].newest(); ok {
		c.LastDelivery = last.at
	}
	return c, nil
}

// Traffic is what CloudWatch knows of the way to the stream.
type Traffic struct {
	Requests  int64 // that reached the HTTP API
	Refused   int64 // answered with 4xx: above the throttle, or on no route
	Throttled int64 // calls of the function that Lambda refused
	Failed    int64 // calls of the function that ended in an error
}

// Traffic sums the time since up to now.
func (e *Engine) Traffic(ctx context.Context, apiID, function string, since time.Duration) (Traffic, error) {
	api := func(metricName string) metric { return metric{"AWS/ApiGateway", metricName, "Sum", "ApiId", apiID} }
	fn := func(metricName string) metric {
		return metric{"AWS/Lambda", metricName, "Sum", "FunctionName", function}
	}
	got, err := e.ask(ctx, since, []metric{api("Count"), api("4xx"), fn("Throttles"), fn("Errors")})
	if err != nil {
		return Traffic{}, session.Explain(err, "read metrics of API %s and function %s", apiID, function)
	}
	return Traffic{Requests: got[0].sum(), Refused: got[1].sum(), Throttled: got[2].sum(), Failed: got[3].sum()}, nil
}
