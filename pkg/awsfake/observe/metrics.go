package observe

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/smithy-go/encoding/cbor"

	"pixelctl/pkg/awsfake/wire"
)

// maxPoints is how many data points a metric keeps; older ones go.
const maxPoints = 50_000

type point struct {
	at    time.Time
	value float64
}

// Metrics is CloudWatch. It is safe for concurrent use.
type Metrics struct {
	clock  *wire.Clock
	lock   sync.Mutex
	points map[string][]point
	sample func()
}

// NewMetrics returns the service without data.
func NewMetrics(clock *wire.Clock) *Metrics {
	return &Metrics{clock: clock, points: map[string][]point{}, sample: func() {}}
}

// OnRead sets what runs before metrics are read, so that counters kept
// elsewhere can be put in.
func (m *Metrics) OnRead(sample func()) {
	m.sample = sample
}

// Count adds 1 to a metric at the clock's time; dimensions are name and value
// in turn.
func (m *Metrics) Count(namespace, metric string, dimensions ...string) {
	m.Put(namespace, metric, 1, dimensions...)
}

// Put adds a data point at the clock's time.
func (m *Metrics) Put(namespace, metric string, value float64, dimensions ...string) {
	var pairs []string
	for pair := range slices.Chunk(dimensions, 2) {
		pairs = append(pairs, strings.Join(pair, "="))
	}
	key := metricKey(namespace, metric, pairs)
	m.lock.Lock()
	defer m.lock.Unlock()
	points := append(m.points[key], point{m.clock.Now(), value})
	m.points[key] = points[max(0, len(points)-maxPoints):]
}

func metricKey(namespace, metric string, pairs []string) string {
	slices.Sort(pairs)
	return namespace + "/" + metric + "/" + strings.Join(pairs, ",")
}

// dataInput is the input of GetMetricData; times are seconds.
type dataInput struct {
	MetricDataQueries []dataQuery
	StartTime         float64
	EndTime           float64
	ScanBy            string
}

type dataQuery struct {
	ID         string `json:"Id"`
	Label      string
	Expression string
	ReturnData *bool
	MetricStat struct {
		Metric struct {
			Namespace, MetricName string
			Dimensions            []struct{ Name, Value string }
		}
		Period int
		Stat   string
	}
}

// Operations are those of CloudWatch. They return values of CBOR.
func (m *Metrics) Operations() map[string]wire.Operation {
	return map[string]wire.Operation{"GetMetricData": wire.Bind(m.data)}
}

func (m *Metrics) data(_ context.Context, in dataInput) (any, error) {
	m.sample()
	if in.EndTime <= in.StartTime {
		return nil, invalid("The parameter StartTime must be less than the parameter EndTime.")
	}
	results := cbor.List{}
	for i := range in.MetricDataQueries {
		q := &in.MetricDataQueries[i]
		if q.Expression != "" || q.MetricStat.Period < 1 {
			return nil, invalid("Error in expression '" + q.ID + "': this fake knows queries with MetricStat only")
		}
		if q.ReturnData == nil || *q.ReturnData {
			results = append(results, m.result(q, &in))
		}
	}
	return cbor.Map{"MetricDataResults": results, "Messages": cbor.List{}}, nil
}

func invalid(message string) error {
	return wire.Error{Code: "ValidationError", Message: message}
}

// result has one value for each period with data, the newest first unless the
// input says otherwise.
func (m *Metrics) result(q *dataQuery, in *dataInput) cbor.Value {
	var pairs []string
	for _, d := range q.MetricStat.Metric.Dimensions {
		pairs = append(pairs, d.Name+"="+d.Value)
	}
	period := int64(q.MetricStat.Period)
	start := int64(in.StartTime) / period * period
	m.lock.Lock()
	periods := map[int64][]float64{}
	for _, p := range m.points[metricKey(q.MetricStat.Metric.Namespace, q.MetricStat.Metric.MetricName, pairs)] {
		if at := p.at.Unix(); at >= start && float64(at) < in.EndTime {
			periods[at/period*period] = append(periods[at/period*period], p.value)
		}
	}
	m.lock.Unlock()
	times, values := cbor.List{}, cbor.List{}
	for _, at := range ordered(periods, in.ScanBy) {
		times = append(times, &cbor.Tag{ID: 1, Value: cbor.Float64(at)})
		values = append(values, cbor.Float64(statistic(q.MetricStat.Stat, periods[at])))
	}
	label := q.Label
	if label == "" {
		label = q.MetricStat.Metric.MetricName
	}
	return cbor.Map{
		"Id": cbor.String(q.ID), "Label": cbor.String(label), "StatusCode": cbor.String("Complete"),
		"Timestamps": times, "Values": values,
	}
}
