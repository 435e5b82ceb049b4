package cloud

import (
	"context"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"pixelctl/pkg/cloud/bucket"
	"pixelctl/pkg/cloud/stack"
	"pixelctl/pkg/cloud/stream"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/pipeline"
)

// facts are what Status asks for, all at once.
type facts struct {
	stream  stream.Stream
	counts  stream.Counts
	traffic stream.Traffic
	data    bucket.Usage
	errors  bucket.Usage
	hours   hours
	purging bool // a purge is under way, or was killed
	sending bool // likewise a replay of errors

	compacting bool // a compaction is under way, or was killed
}

// Status describes the stack, its stream and its lake. Counts come from
// CloudWatch, which is some minutes behind.
func (t *Target) Status(ctx context.Context) (pipeline.Status, error) {
	d, err := t.deployed(ctx, "status")
	if err != nil {
		return pipeline.Status{}, err
	}
	s := pipeline.Status{
		Stack: t.o.Stack, Target: TargetName, State: state(d.stack), Endpoint: d.endpoint, Location: t.location(),
		Buffer: d.buffer(), BufferSeconds: int(d.buffer() / time.Second),
		Hits: pipeline.Hits{Dropped: map[string]int64{}}, Problems: []pipeline.Problem{},
	}
	if d.endpoint == "" {
		s.Problems = append(s.Problems, pipeline.Problem{What: "deploy has not ended: " + d.stack.Status, Action: t.command("deploy")})
		return s, nil
	}
	if s.RetentionDays, err = d.retention(); err != nil {
		return s, err
	}
	f, err := t.facts(ctx, d)
	if err != nil {
		return s, err
	}
	fill(&s, f)
	s.Problems = t.problems(d, f)
	if p, many := pipeline.ManyFiles(s.Data, s.Partitions.OnDisk, t.command(pipeline.CompactOptions{}.Again())); many && !d.projected() {
		s.Problems = append(s.Problems, p)
	}
	return s, nil
}

// state is running for every stack that takes hits.
func state(s stack.Stack) string {
	if strings.HasSuffix(s.Status, "_COMPLETE") && s.Status != "ROLLBACK_COMPLETE" {
		if s.Parameters[paramIntake] == intakeClosed {
			return pipeline.Stopped
		}
		return pipeline.Running
	}
	return strings.ToLower(strings.ReplaceAll(s.Status, "_", " "))
}

func (t *Target) facts(ctx context.Context, d *deployed) (facts, error) {
	var f facts
	age := t.clock.Now().Sub(d.stack.Created) + time.Minute
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { f.stream, err = t.stream.Describe(ctx, d.stream); return err })
	g.Go(func() (err error) { f.counts, err = t.stream.Counts(ctx, d.stream, age); return err })
	g.Go(func() (err error) {
		f.traffic, err = t.stream.Traffic(ctx, d.stack.Outputs["ApiId"], d.stack.Outputs["FunctionName"], age)
		return err
	})
	g.Go(func() (err error) { f.data, err = t.bucket.Usage(ctx, d.data, dataPrefix); return err })
	g.Go(func() (err error) { f.errors, err = t.bucket.Usage(ctx, d.data, errorPrefix); return err })
	g.Go(func() (err error) { f.hours, err = t.survey(ctx, d, lake.Hour{}); return err })
	g.Go(func() error {
		found, err := t.bucket.List(ctx, d.data, journalKey, 1)
		f.purging = len(found) > 0
		return err
	})
	g.Go(func() error {
		found, err := t.bucket.List(ctx, d.data, hourJournalKey, 1)
		f.compacting = len(found) > 0
		return err
	})
	g.Go(func() error {
		found, err := t.bucket.List(ctx, d.data, replayKey, 1)
		f.sending = len(found) > 0
		return err
	})
	err := g.Wait()
	return f, err
}

func fill(s *pipeline.Status, f facts) {
	s.Hits.Received, s.Hits.Recorded = f.traffic.Requests, f.counts.In
	for reason, n := range map[string]int64{"throttled": f.traffic.Throttled, "stream": f.counts.Throttled} {
		if n > 0 {
			s.Hits.Dropped[reason] = n
		}
	}
	s.Spool = pipeline.Stored{Records: max(f.counts.In-f.counts.Out-f.counts.Failed, 0)}
	s.Data = pipeline.Stored{Files: f.data.Objects, Bytes: f.data.Bytes, Records: f.counts.Out}
	s.Errors = pipeline.Stored{Files: f.errors.Objects, Bytes: f.errors.Bytes, Records: f.counts.Failed}
	s.Partitions = pipeline.Partitions{Registered: len(f.hours.registered), OnDisk: len(f.hours.registered) + len(f.hours.missing)}
	s.LastFlush = f.counts.LastDelivery
}

// problems are what an operator should look at, each with what mends it.
func (t *Target) problems(d *deployed, f facts) []pipeline.Problem {
	list := []pipeline.Problem{}
	add := func(when bool, action, format string, args ...any) {
		if when {
			list = append(list, pipeline.Problem{What: fmt.Sprintf(format, args...), Action: action})
		}
	}
	add(d.parameter(paramIntake) == intakeClosed, t.command("deploy"), "hits are not taken: a destroy closed the intake")
	add(strings.HasSuffix(d.stack.Status, "FAILED"), t.command("deploy"), "stack is %s: %s", d.stack.Status, d.stack.Reason)
	add(f.stream.Status != "ACTIVE", t.command("status"), "delivery stream is %s", f.stream.Status)
	late := 2*d.buffer() + 5*time.Minute
	add(f.counts.Fresh && f.counts.Freshness > late, "look into log group "+d.stack.Outputs["DeliveryLogGroup"],
		"the oldest record waits for %s, the buffer is %s", f.counts.Freshness.Round(time.Second), d.buffer())
	add(f.counts.Throttled > 0, t.command("errors list"), "records that the delivery stream refused: %d; a higher quota of Firehose, or another region, takes more", f.counts.Throttled)
	add(f.traffic.Throttled > 0, "ask AWS for a higher quota of Firehose: the throttle is what a stream takes", "requests that were throttled: %d", f.traffic.Throttled)
	add(f.traffic.Refused*10 > f.traffic.Requests, "look into log group "+d.stack.Outputs["AccessLogGroup"]+": 429 is the throttle, 404 no route of the pixel",
		"%d of %d requests were answered with 4xx", f.traffic.Refused, f.traffic.Requests)
	add(f.traffic.Failed > 0, "look into log group "+d.stack.Outputs["BeaconLogGroup"], "calls of the function that failed: %d", f.traffic.Failed)
	add(f.errors.Objects > 0, t.command("errors list"), "objects with records that did not become rows: %d", f.errors.Objects)
	add(f.sending, t.command("errors replay")+" ends it", "a replay of records is under way, or was killed")
	add(f.purging, t.command("purge")+" with the same window ends it", "a purge is under way, or was killed: some rows may be there twice")
	add(f.compacting, t.command(pipeline.CompactOptions{}.Again())+" ends it", "a compaction is under way, or was killed: what is delivered late into its hours is not seen")
	add(len(f.hours.missing) > 0 && !d.projected(), t.command("repair"), "hours of the lake that are not registered: %d", len(f.hours.missing))
	add(len(f.hours.padded) > 0, "rename "+strings.Join(f.hours.padded[:min(len(f.hours.padded), 3)], ", "),
		"directories that give an hour a second name: %d", len(f.hours.padded))
	return list
}
