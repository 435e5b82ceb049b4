package stream

import (
	"context"
	"time"

	"pixelctl/pkg/cloud/session"
)

// Parts are what a pipeline is made of, by the names that their metrics have.
type Parts struct {
	API, Function, Stream, WorkGroup string
	CollectorLog, AccessLog          string // log groups
}

// Load is how much work the parts did.
type Load struct {
	Requests             int64 // that the HTTP API answered
	Calls                int64 // of the function
	CallMS               float64
	Records, RecordBytes int64 // that the stream took
	CollectorLog         int64 // bytes
	AccessLog            int64 // bytes
	Queries, Scanned     int64
	Charged              int64 // what Queries are billed for, as near as metrics tell
}

// Load reads what CloudWatch counted from one time up to another. least is the
// fewest bytes that a query is billed for: metrics have sums of a period, so that
// one large query hides that of a small one in the same period.
func (e *Engine) Load(ctx context.Context, p Parts, from, to time.Time, least int64) (Load, error) {
	one := func(space, name, stat, dimension, value string) metric {
		return metric{"AWS/" + space, name, stat, dimension, value}
	}
	got, err := e.between(ctx, from, to, []metric{
		one("ApiGateway", "Count", "Sum", "ApiId", p.API),
		one("Lambda", "Invocations", "Sum", "FunctionName", p.Function),
		one("Lambda", "Duration", "Sum", "FunctionName", p.Function),
		one("Firehose", "IncomingRecords", "Sum", "DeliveryStreamName", p.Stream),
		one("Firehose", "IncomingBytes", "Sum", "DeliveryStreamName", p.Stream),
		one("Logs", "IncomingBytes", "Sum", "LogGroupName", p.CollectorLog),
		one("Logs", "IncomingBytes", "Sum", "LogGroupName", p.AccessLog),
		one("Athena", "ProcessedBytes", "Sum", "WorkGroup", p.WorkGroup),
		one("Athena", "ProcessedBytes", "SampleCount", "WorkGroup", p.WorkGroup),
	})
	if err != nil {
		return Load{}, session.Explain(err, "read metrics of function %s, stream %s and workgroup %s", p.Function, p.Stream, p.WorkGroup)
	}
	l := Load{
		Requests: got[0].sum(), Calls: got[1].sum(), Records: got[3].sum(), RecordBytes: got[4].sum(),
		CollectorLog: got[5].sum(), AccessLog: got[6].sum(), Scanned: got[7].sum(), Queries: got[8].sum(),
	}
	for _, x := range got[2] {
		l.CallMS += x.value
	}
	l.Charged = charged(got[7], got[8], least)
	return l, nil
}

// charged bills each period for what was read in it, at least the least of each
// query.
func charged(read, queries points, least int64) int64 {
	bytes := map[time.Time]float64{}
	for _, x := range read {
		bytes[x.at] = x.value
	}
	var all float64
	for _, x := range queries {
		all += max(bytes[x.at], x.value*float64(least))
	}
	return int64(all)
}
