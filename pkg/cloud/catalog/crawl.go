package catalog

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// Crawl is one run of a crawler.
type Crawl struct {
	State     string // READY, RUNNING or STOPPING
	Status    string // of the run that ended: SUCCEEDED, CANCELLED or FAILED
	Message   string // why it failed
	LogGroup  string
	LogStream string
	Attached  bool // it ran already when it was asked for

	// Tables, not partitions, by the crawler's metrics since the run began. A
	// crawler on existing tables changes none.
	Added, Updated, Deleted int64
	TablesChanged           int64 // the sum

	Elapsed time.Duration // since it was asked for
}

const (
	beginWithin = time.Minute   // a started crawler shows up as running, or has ended
	crawlWithin = 2 * time.Hour // then the watching ends, not the crawl
	stopWithin  = 10 * time.Minute
	firstPoll   = 2 * time.Second
	lastPoll    = 10 * time.Second
)

// Crawl starts a crawler, or joins the run that is under way, and with wait
// follows it to its end. A run that failed or was cancelled is an error. When
// ctx ends, the crawler runs on.
func (e *Engine) Crawl(ctx context.Context, name string, wait bool, sink pipeline.Sink) (Crawl, error) {
	begin := e.clock.Now()
	was, err := e.crawler(ctx, name)
	if err != nil {
		return Crawl{}, session.Explain(err, "describe crawler %s", name)
	}
	metrics, err := e.metrics(ctx, name)
	if err != nil {
		return Crawl{}, err
	}
	run := Crawl{State: string(types.CrawlerStateRunning)}
	_, err = e.c.StartCrawler(ctx, &glue.StartCrawlerInput{Name: &name})
	if run.Attached = session.Code(err) == "CrawlerRunningException"; run.Attached {
		sink.Send(pipeline.Event{Phase: pipeline.Note, Step: "crawl", Text: "crawler " + name + " runs already"})
		err = nil
	}
	if err != nil || !wait {
		return run, session.Explain(err, "start crawler %s", name)
	}
	w := watch{e: e, name: name, begin: begin, before: lastStart(was), attached: run.Attached, sink: sink}
	sink.Send(pipeline.Event{Phase: pipeline.Begin, Step: "crawl", Text: name})
	last, err := w.follow(ctx)
	run.Elapsed = e.clock.Now().Sub(begin)
	if err != nil {
		return run, err
	}
	sink.Send(pipeline.Event{Phase: pipeline.End, Step: "crawl", Text: string(last.State)})
	run.tell(last)
	err = e.judge(ctx, name, &run, metrics)
	return run, err
}

// tell takes over what Glue says of the run that ended.
func (c *Crawl) tell(last *types.Crawler) {
	c.State = string(last.State)
	if l := last.LastCrawl; l != nil {
		c.Status, c.Message = string(l.Status), aws.ToString(l.ErrorMessage)
		c.LogGroup, c.LogStream = aws.ToString(l.LogGroup), aws.ToString(l.LogStream)
	}
}

// judge counts what the run changed and turns a bad end into an error.
func (e *Engine) judge(ctx context.Context, name string, run *Crawl, before types.CrawlerMetrics) error {
	after, err := e.metrics(ctx, name)
	if err != nil {
		return err
	}
	run.Added = since(before.TablesCreated, after.TablesCreated)
	run.Updated = since(before.TablesUpdated, after.TablesUpdated)
	run.Deleted = since(before.TablesDeleted, after.TablesDeleted)
	run.TablesChanged = run.Added + run.Updated + run.Deleted
	if run.Status == string(types.LastCrawlStatusSucceeded) {
		return nil
	}
	why := run.Message
	if why == "" {
		why = "it ended as " + run.Status
	}
	return fault.New(fault.Failed, "crawl with %s: %s", name, why).
		WithHint("aws logs tail %s --log-stream-names %s", run.LogGroup, run.LogStream)
}

// since is how much a counter rose; one that fell began anew.
func since(before, after int32) int64 {
	if after < before {
		return int64(after)
	}
	return int64(after - before)
}

func (e *Engine) metrics(ctx context.Context, name string) (types.CrawlerMetrics, error) {
	out, err := e.c.GetCrawlerMetrics(ctx, &glue.GetCrawlerMetricsInput{CrawlerNameList: []string{name}})
	if err != nil {
		return types.CrawlerMetrics{}, session.Explain(err, "read metrics of crawler %s", name)
	}
	for _, m := range out.CrawlerMetricsList {
		if aws.ToString(m.CrawlerName) == name {
			return m, nil
		}
	}
	return types.CrawlerMetrics{}, nil
}

// crawler returns the crawler; never nil without an error.
func (e *Engine) crawler(ctx context.Context, name string) (*types.Crawler, error) {
	out, err := e.c.GetCrawler(ctx, &glue.GetCrawlerInput{Name: &name})
	if err != nil {
		return nil, err
	}
	return out.Crawler, nil
}

func lastStart(c *types.Crawler) time.Time {
	if c.LastCrawl == nil {
		return time.Time{}
	}
	return aws.ToTime(c.LastCrawl.StartTime)
}
