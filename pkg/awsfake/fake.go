// Package awsfake is a stateful fake of the AWS services that the pipeline
// uses, over HTTP and on a clock that only tests move. Every call goes through
// one place, where it is logged and where it can be made to fail.
//
// Clients in the test's own process take Client as their HTTP client and Clock
// as their time: their waits move the clock and take none themselves. Another
// process, such as the real binary, waits for real: StartWith then gives the
// clock a pace, from a time in the past, and APIs an address that can be dialled.
// The process finds the fake by AWS_ENDPOINT_URL; the test may move the clock on
// with Clock().Advance as far as the present.
package awsfake

import (
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pixelctl/pkg/awsfake/athena"
	"pixelctl/pkg/awsfake/athena/duckdb"
	"pixelctl/pkg/awsfake/cloudformation"
	"pixelctl/pkg/awsfake/compute"
	"pixelctl/pkg/awsfake/firehose"
	"pixelctl/pkg/awsfake/glue"
	"pixelctl/pkg/awsfake/identity"
	"pixelctl/pkg/awsfake/observe"
	"pixelctl/pkg/awsfake/s3"
	"pixelctl/pkg/awsfake/scheduler"
	"pixelctl/pkg/awsfake/secrets"
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
	Secrets        *secrets.Server
	Glue           *glue.Server
	Firehose       *firehose.Server
	Athena         *athena.Server
	Engine         *duckdb.Backend // of Athena

	clock    *wire.Clock
	url      string
	address  string // host and port
	services map[string]*service
	calls    calls
	faults   faults
	names    names
	metrics  deliveryMetrics
	requests atomic.Int64
	dead     sync.Map // by the access key of a process that is killed, a channel that its end closes
	done     chan struct{}

	closeLock sync.Mutex
	closers   []func()
}

// Options make a fake for other processes than the test's.
type Options struct {
	// Reachable puts the endpoints of APIs below the fake's own URL, where every
	// process finds them: http://127.0.0.1:port/_aws/execute-api/<id>.
	Reachable bool
	// Pace is how many seconds the clock runs in a real one, until it has caught
	// up with the real time, which it never passes. 0 leaves it to the test.
	Pace int
	// Begin is the clock's first time; zero is 2026-07-05 09:00 UTC.
	Begin time.Time
}

// Start is a fake for clients in the test's own process.
func Start(t testing.TB) *Fake {
	t.Helper()
	return StartWith(t, Options{})
}

// StartWith listens on a port of 127.0.0.1 until the test ends.
func StartWith(t testing.TB, o Options) *Fake {
	t.Helper()
	if o.Begin.IsZero() {
		o.Begin = time.Date(2026, 7, 5, 9, 0, 0, 0, time.UTC)
	}
	f := &Fake{clock: wire.NewClock(o.Begin), done: make(chan struct{})}
	server := httptest.NewUnstartedServer(f)
	f.address = server.Listener.Addr().String()
	f.url = "http://" + f.address
	f.assemble(t.TempDir(), o)
	server.Start()
	var pace sync.WaitGroup
	if o.Pace > 0 {
		pace.Go(func() { f.run(o.Pace) })
	}
	t.Cleanup(func() {
		close(f.done)
		pace.Wait()
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

// assemble makes the services; dir is for the bodies of S3.
func (f *Fake) assemble(dir string, o Options) {
	f.S3 = s3.New(f.clock, dir)
	f.startDelivery()
	f.Logs = observe.NewLogs(f.clock, Account, Region)
	f.Metrics = observe.NewMetrics(f.clock)
	f.Logs.OnWrite(func(group string, size int) {
		f.Metrics.Put("AWS/Logs", "IncomingBytes", float64(size), "LogGroupName", group)
	})
	f.measureDelivery()
	f.Identity = identity.New(f.clock, Account)
	f.Scheduler = scheduler.New(f.clock, Account, Region, f.scheduled)
	f.Secrets = secrets.New(f.clock, Account, Region, f.names.random)
	options := compute.Options{
		Clock: f.clock, Account: Account, Region: Region, Object: f.S3.Get,
		Put: f.putRecord, PutBatch: f.putRecords, Secret: f.secret, PutSecret: f.putSecret, Log: f.Logs.Write, Count: f.Metrics.Count, Measure: f.Metrics.Put,
	}
	if o.Reachable {
		options.URL = f.url
	}
	f.Lambda = compute.NewLambda(options)
	f.Gateway = compute.NewGateway(options, f.Lambda)
	f.CloudFormation = cloudformation.New(f.clock, f.providers(), cloudformation.Options{
		Account: Account, Region: Region, Template: f.template,
	})
	f.services = f.wire()
}

// tick is how often a clock with a pace moves.
const tick = 10 * time.Millisecond

// run moves the clock with the real time, until the test ends.
func (f *Fake) run(pace int) {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for last := time.Now(); ; {
		select {
		case <-f.done:
			return
		case now := <-ticker.C:
			f.clock.Advance(min(now.Sub(last)*time.Duration(pace), now.Sub(f.clock.Now())))
			last = now
		}
	}
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
