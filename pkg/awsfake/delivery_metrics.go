package awsfake

import (
	"sync"
	"time"

	"pixelctl/pkg/awsfake/firehose"
)

// deliveryMetrics tells CloudWatch of each stream, once a minute of the clock
// and before metrics are read.
type deliveryMetrics struct {
	lock sync.Mutex
	last map[string]firehose.Counters // by stream
	next time.Time
}

// measureDelivery begins the measuring; it comes after the Firehose's own hook
// on the clock.
func (f *Fake) measureDelivery() {
	f.metrics.last = map[string]firehose.Counters{}
	f.clock.OnAdvance(func(now time.Time) {
		f.metrics.lock.Lock()
		due := !now.Before(f.metrics.next)
		f.metrics.lock.Unlock()
		if due {
			f.sampleDelivery()
		}
	})
	f.Metrics.OnRead(f.sampleDelivery)
}

// sampleDelivery puts what the counters rose by since the last time.
func (f *Fake) sampleDelivery() {
	m := &f.metrics
	m.lock.Lock()
	defer m.lock.Unlock()
	m.next = f.clock.Now().Truncate(time.Minute).Add(time.Minute)
	for _, name := range f.Firehose.Streams() {
		now, old := f.Firehose.Counters(name), m.last[name]
		m.last[name] = now
		put := func(metric string, value float64) {
			f.Metrics.Put("AWS/Firehose", metric, value, "DeliveryStreamName", name)
		}
		for metric, rise := range map[string]int64{
			"IncomingRecords": now.In - old.In, "IncomingBytes": now.Bytes - old.Bytes, "DeliveryToS3.Records": now.Out - old.Out,
			"FailedConversion.Records": now.Failed - old.Failed, "ThrottledRecords": now.Throttled - old.Throttled,
		} {
			if rise > 0 {
				put(metric, float64(rise))
			}
		}
		if now.LastDelivery.After(old.LastDelivery) {
			put("DeliveryToS3.Success", 1)
		}
		if now.In > 0 {
			put("DeliveryToS3.DataFreshness", now.Freshness.Seconds())
		}
	}
}
