package stream

import (
	"context"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// metric is one question to CloudWatch.
type metric struct{ namespace, name, stat, dimension, value string }

// point is one value and the start of its period.
type point struct {
	at    time.Time
	value float64
}

// points are of one metric, newest first.
type points []point

func (p points) sum() int64 {
	var all float64
	for _, x := range p {
		all += x.value
	}
	return int64(all)
}

// newest is the last point above zero; false when there is none.
func (p points) newest() (point, bool) {
	for _, x := range p {
		if x.value > 0 {
			return x, true
		}
	}
	return point{}, false
}

// period is the finest that keeps the answer small and that CloudWatch still
// has: minutes for 15 days, 5 minutes for 63, then hours (CloudWatch API,
// MetricStat).
func period(since time.Duration) (seconds int32) {
	const day = 24 * time.Hour
	switch {
	case since <= day:
		return 60
	case since <= 15*day:
		return 300
	}
	return 3600
}

func length(seconds int32) time.Duration { return time.Duration(seconds) * time.Second }

// ask reads all metrics of the time since up to now.
func (e *Engine) ask(ctx context.Context, since time.Duration, metrics []metric) ([]points, error) {
	now := e.clock.Now().UTC()
	return e.between(ctx, now.Add(-since), now.Truncate(time.Minute).Add(time.Minute), metrics)
}

// between reads all metrics of a time in one GetMetricData; it pages only when
// there are more than 100,800 points.
func (e *Engine) between(ctx context.Context, from, to time.Time, metrics []metric) ([]points, error) {
	step := period(e.clock.Now().Sub(from))
	in := &cloudwatch.GetMetricDataInput{
		StartTime: aws.Time(from.UTC().Truncate(length(step))), EndTime: aws.Time(to.UTC()),
		ScanBy: types.ScanByTimestampDescending,
	}
	for i, m := range metrics {
		in.MetricDataQueries = append(in.MetricDataQueries, m.query("m"+strconv.Itoa(i), step))
	}
	all := make([]points, len(metrics))
	for p := cloudwatch.NewGetMetricDataPaginator(e.w, in); p.HasMorePages(); {
		page, err := p.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, r := range page.MetricDataResults {
			i, err := strconv.Atoi(aws.ToString(r.Id)[min(1, len(aws.ToString(r.Id))):])
			if err != nil || i < 0 || i >= len(all) {
				continue
			}
			for j := range min(len(r.Timestamps), len(r.Values)) {
				all[i] = append(all[i], point{r.Timestamps[j].UTC(), r.Values[j]})
			}
		}
	}
	return all, nil
}

func (m metric) query(id string, step int32) types.MetricDataQuery {
	return types.MetricDataQuery{Id: &id, MetricStat: &types.MetricStat{
		Metric: &types.Metric{
			Namespace: &m.namespace, MetricName: &m.name,
			Dimensions: []types.Dimension{{Name: &m.dimension, Value: &m.value}},
		},
		Period: &step, Stat: &m.stat,
	}}
}
