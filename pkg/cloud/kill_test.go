package cloud_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"pixelctl/pkg/awsfake"
	"pixelctl/pkg/cloud"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// operation is one command, what was there before, and what it must reach.
type operation struct {
	name    string
	prepare func(a *account)
	run     func(ctx context.Context, p *cloud.Target) error
	after   func(ctx context.Context, p *cloud.Target) error // when run was killed; nil is run
	reached func(a *account)
}

func operations() []operation {
	return []operation{
		{name: "first deploy", prepare: func(*account) {}, run: deployOnce, reached: (*account).takesHits},
		{name: "second deploy", prepare: (*account).stands, run: deployOnce, reached: (*account).takesHits},
		{name: "buffer", prepare: (*account).filled, run: setBuffer, reached: (*account).hasBuffer},
		{name: "destroy", prepare: (*account).filled, run: destroyAll, reached: (*account).isEmpty},
		{name: "destroy that keeps the data", prepare: (*account).filled, run: destroyKeeping, reached: (*account).hasKept},
	}
}

func deployOnce(ctx context.Context, p *cloud.Target) error {
	_, err := p.Deploy(ctx, pipeline.DeployOptions{}, nil)
	return err
}

const wanted = 15 * time.Minute

func setBuffer(ctx context.Context, p *cloud.Target) error {
	_, err := p.SetBuffer(ctx, pipeline.BufferOptions{Interval: wanted}, nil)
	return err
}

func destroyAll(ctx context.Context, p *cloud.Target) error {
	_, err := p.Destroy(ctx, pipeline.DestroyOptions{}, nil)
	return gone(err)
}

func destroyKeeping(ctx context.Context, p *cloud.Target) error {
	_, err := p.Destroy(ctx, pipeline.DestroyOptions{KeepData: true}, nil)
	return gone(err)
}

// gone takes the answer of a destroy with nothing left to do for its end.
func gone(err error) error {
	if fault.KindOf(err) == fault.NotDeployed {
		return nil
	}
	return err
}

// newSmall is an account whose stack writes JSON, which takes no converter.
func newSmall(t *testing.T) *account {
	t.Helper()
	a := newAccount(t)
	a.zip, a.want = smallZip(t, "code"), cloud.Patch{Format: new("json")}
	return a
}

// filled deploys, with one record in the lake and one in the stream's buffer.
func (a *account) filled() {
	a.Helper()
	d := a.deploy()
	a.hit(d.Endpoint)
	if err := a.settle(a.Context()); err != nil {
		a.Fatal(err)
	}
	a.hit(d.Endpoint)
}

// stands deploys, and wants something else then.
func (a *account) stands() {
	a.Helper()
	a.deploy()
	a.want.RetentionDays = new(30)
}

// records counts what lies in the lake.
func (a *account) records() (n int) {
	a.Helper()
	for _, bucket := range a.fake.S3.Buckets() {
		for _, key := range a.fake.S3.List(bucket, "data/") {
			body, err := a.fake.S3.Get(bucket, key)
			if err != nil {
				a.Fatal(err)
			}
			plain, err := gzip.NewReader(bytes.NewReader(body))
			if err != nil {
				a.Fatal(err)
			}
			lines := bufio.NewScanner(plain)
			for lines.Scan() {
				n++
			}
			if err := lines.Err(); err != nil {
				a.Fatal(err)
			}
		}
	}
	return n
}

// takesHits wants a whole stack, from whose endpoint a hit gets into the lake.
func (a *account) takesHits() {
	a.Helper()
	s, err := a.target().Status(a.Context())
	if err != nil || s.State != pipeline.Running || len(s.Problems) > 0 {
		a.Fatalf("status: %+v, %v", s, err)
	}
	a.hit(s.Endpoint)
	if err := a.settle(a.Context()); err != nil {
		a.Fatal(err)
	}
	if n := a.records(); n != 1 {
		a.Errorf("%d records in the lake, want 1", n)
	}
}

// hasBuffer wants the new interval at the stream itself, and every record.
func (a *account) hasBuffer() {
	a.Helper()
	s, err := a.target().Status(a.Context())
	if err != nil || s.Buffer != wanted || s.State != pipeline.Running {
		a.Fatalf("status: %+v, %v", s, err)
	}
	if n := a.fake.Firehose.Interval(a.fake.Firehose.Streams()[0]); n != wanted {
		a.Errorf("the stream waits %s", n)
	}
	a.hit(s.Endpoint)
	if err := a.settle(a.Context()); err != nil {
		a.Fatal(err)
	}
	if n := a.records(); n != 3 {
		a.Errorf("%d records in the lake, want 3", n)
	}
}

func (a *account) isEmpty() {
	a.Helper()
	if left, err := a.remains(a.Context()); err != nil || len(left) > 0 {
		a.Errorf("left: %q, %v", left, err)
	}
}

// hasKept wants every record, and of the stack what makes them readable only.
func (a *account) hasKept() {
	a.Helper()
	if n := a.records(); n != 2 {
		a.Errorf("%d records in the lake, want 2", n)
	}
	left, err := a.remains(a.Context())
	kinds := map[string]int{}
	for _, one := range left {
		kind, _, _ := strings.Cut(one, " ")
		kinds[kind]++
	}
	want := map[string]int{"AWS::S3::Bucket": 1, "AWS::S3::BucketPolicy": 1, "AWS::Glue::Database": 1, "AWS::Glue::Table": 5}
	if fmt.Sprint(kinds) != fmt.Sprint(want) {
		a.Errorf("left: %q, %v", left, err)
	}
}

// made are the calls that an operation makes of AWS.
type made struct {
	all     int
	changes []int // those that change something, from 1
	// differ are those after which the account is not as after the call before: they
	// change something, or time has passed. A process that is gone after another one
	// leaves nothing new to test.
	differ []int
}

// calls counts what an operation does when nothing goes wrong.
func (o operation) calls(t *testing.T) made {
	t.Helper()
	a := newSmall(t)
	o.prepare(a)
	p := a.target()
	var m made
	var lock sync.Mutex
	at := a.fake.Clock().Now()
	a.fake.OnCall(func(c awsfake.Call) {
		lock.Lock()
		defer lock.Unlock()
		if c.Inner || c.Service == "execute-api" {
			return
		}
		m.all++
		now := a.fake.Clock().Now()
		if !reads.MatchString(c.Operation) {
			m.changes, m.differ = append(m.changes, m.all), append(m.differ, m.all)
		} else if now.After(at) {
			m.differ = append(m.differ, m.all)
		}
		at = now
	})
	if err := o.run(a.Context(), p); err != nil {
		t.Fatalf("%s: %v", o.name, err)
	}
	lock.Lock()
	defer lock.Unlock()
	t.Logf("%d calls, of which %d change something; the account differs after %d", m.all, len(m.changes), len(m.differ))
	return m
}

// reads are the operations that change nothing.
var reads = regexp.MustCompile("^(Describe|Get|List|Head)")

// The process that runs an operation is gone at each of its calls, when the call
// has taken effect, which is before the next one does. Another process then runs
// the operation again.
func TestKilledAtEveryCall(t *testing.T) {
	t.Parallel()
	all := append(operations(), operation{
		name: "destroy of everything after one that keeps the data", prepare: (*account).filled,
		run: destroyKeeping, after: destroyAll, reached: (*account).isEmpty,
	})
	for _, o := range all {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			for _, n := range append([]int{0}, o.calls(t).differ...) {
				t.Run(fmt.Sprintf("call %d", n), func(t *testing.T) {
					t.Parallel()
					o.killed(t, n)
				})
			}
		})
	}
}

// killed runs the operation in two processes. The first is gone after its call n;
// 0 is before the first one.
func (o operation) killed(t *testing.T, n int) {
	t.Helper()
	a := newSmall(t)
	o.prepare(a)
	p := a.target()
	ctx, kill := context.WithCancel(t.Context())
	defer kill()
	a.fake.Fail(awsfake.Fault{Nth: n, After: n > 0, Kill: kill})
	if err := o.run(ctx, p); err == nil || !errors.Is(ctx.Err(), context.Canceled) {
		t.Fatalf("the killed process ended: %v", err)
	}
	again := o.run
	if o.after != nil {
		again = o.after
	}
	if err := again(t.Context(), a.target()); err != nil {
		t.Fatalf("again: %v\n%s", err, a.log())
	}
	o.reached(a)
	if t.Failed() {
		t.Log(a.log())
	}
}

// log names the calls of the account, for failures.
func (a *account) log() string {
	var b strings.Builder
	for _, c := range a.fake.Calls() {
		fmt.Fprintf(&b, "%d %s:%s\n", c.N, c.Service, c.Operation)
	}
	return b.String()
}
