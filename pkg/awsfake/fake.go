// Package awsfake is a stateful fake of the AWS services that the pipeline
// uses, over HTTP and on a clock that only tests move. Every call goes through
// one place, where it is logged and where it can be made to fail.
package awsfake

import (
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pixelctl/pkg/awsfake/cloudformation"
	"pixelctl/pkg/awsfake/compute"
	"pixelctl/pkg/awsfake/firehose"
	"pixelctl/pkg/awsfake/glue"
	"pixelctl/pkg/awsfake/identity"
	"pixelctl/pkg/awsfake/observe"
	"pixelctl/pkg/awsfake/s3"
	"pixelctl/pkg/awsfake/scheduler"
	"pixelctl/pkg/awsfake/wire"
)

// Where the fake stands. Any credentials are taken, but the access key EXPIRED.
const (
	Account = "123456789012"
	Region  = "us-east-1"
)

// Fake is one account in one region. It is safe for concurrent use.
type Fake struct {
	S3             *s3.Server
	CloudFormation *cloudformation.Server
	Lambda         *compute.Lambda
	Gateway        *compute.Gateway
	Logs           *observe.Logs
	Metrics        *observe.Metrics
	Identity       *identity.Server
	Scheduler      *scheduler.Server
	Glue           *glue.Server
	Firehose       *firehose.Server

	clock    *wire.Clock
	url      string
	address  string // host and port
	services map[string]*service
	calls    calls
	faults   faults
	names    names
	registry registry

	deliveryMetrics deliveryMetrics

	requests atomic.Int64
	done     chan struct{}

	closeLock sync.Mutex
	closers   []func()
}

// Start listens on a port of 127.0.0.1 until the test ends. The clock stands at
// 2026-07-05 09:00 UTC.
func Start(t testing.TB) *Fake {
	t.Helper()
	f := &Fake{clock: wire.NewClock(time.Date(2026, 7, 5, 9, 0, 0, 0, time.UTC)), done: make(chan struct{})}
	f.S3 = s3.New(f.clock, t.TempDir())
	f.startDelivery()
	f.Logs = observe.NewLogs(f.clock, Account, Region)
	f.Metrics = observe.NewMetrics(f.clock)
	f.measureDelivery()
	f.Identity = identity.New(f.clock, Account)
	f.Scheduler = scheduler.New(f.clock, Account, Region, f.scheduled)
	options := compute.Options{
		Clock: f.clock, Account: Account, Region: Region, Object: f.S3.Get,
		Put: f.putRecord, PutBatch: f.putRecords, Log: f.Logs.Write, Count: f.Metrics.Count,
	}
	f.Lambda = compute.NewLambda(options)
	f.Gateway = compute.NewGateway(options, f.Lambda)
	f.CloudFormation = cloudformation.New(f.clock, f.providers(), cloudformation.Options{
		Account: Account, Region: Region, Template: f.template,
	})
	f.services = f.wire()
	server := httptest.NewServer(f)
	f.url, f.address = server.URL, server.Listener.Addr().String()
	t.Cleanup(func() {
		close(f.done)
		f.closeLock.Lock()
		defer f.closeLock.Unlock()
		for _, c := range f.closers {
			c()
		}
		server.CloseClientConnections()
		server.Close()
	})
	return f
}

// onClose adds what runs when the test ends.
func (f *Fake) onClose(c func()) {
	f.closeLock.Lock()
	defer f.closeLock.Unlock()
	f.closers = append(f.closers, c)
}

// URL is the endpoint of all services, http://127.0.0.1 with a port.
func (f *Fake) URL() string {
	return f.url
}

// Clock is the fake's time.
func (f *Fake) Clock() *wire.Clock {
	return f.clock
}
