package catalog

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// watch follows one run of a crawler.
type watch struct {
	e        *Engine
	name     string
	begin    time.Time
	before   time.Time // start of the run before
	attached bool
	sink     pipeline.Sink
}

// follow polls until the run has ended. Right after its start a crawler may
// still be shown as READY with the run before.
func (w *watch) follow(ctx context.Context) (*types.Crawler, error) {
	ran := w.attached
	for poll := firstPoll; ; poll = min(poll+time.Second, lastPoll) {
		c, err := w.e.crawler(ctx, w.name)
		if err != nil {
			return nil, session.Explain(err, "describe crawler %s", w.name)
		}
		ran = ran || c.State != types.CrawlerStateReady || lastStart(c).After(w.before)
		age := w.e.clock.Now().Sub(w.begin)
		switch {
		case c.State == types.CrawlerStateReady && ran:
			return c, nil
		case !ran && age > beginWithin:
			return nil, fault.New(fault.Failed, "crawl with %s: it was started and did not run", w.name).WithHint("pixelctl crawl")
		case age > crawlWithin:
			return nil, fault.New(fault.TimedOut, "crawl with %s: still %s after %s", w.name, c.State, age.Round(time.Second)).
				WithHint("pixelctl crawl follows it again")
		}
		w.sink.Send(pipeline.Event{Phase: pipeline.Move, Step: "crawl", Text: string(c.State), Done: int64(age / time.Second)})
		if err := w.e.clock.Wait(ctx, poll); err != nil {
			return nil, err
		}
	}
}

// StopCrawler ends what a crawler does and waits until it is READY, because
// Glue neither updates nor deletes one that runs. A crawler that does not run,
// or is gone, is no error.
func (e *Engine) StopCrawler(ctx context.Context, name string) error {
	_, err := e.c.StopCrawler(ctx, &glue.StopCrawlerInput{Name: &name})
	switch session.Code(err) {
	case missing:
		return nil
	case "CrawlerNotRunningException", "CrawlerStoppingException":
		err = nil
	}
	if err != nil {
		return session.Explain(err, "stop crawler %s", name)
	}
	begin := e.clock.Now()
	for {
		c, err := e.crawler(ctx, name)
		if session.Code(err) == missing {
			return nil
		}
		if err != nil {
			return session.Explain(err, "describe crawler %s", name)
		}
		if c.State == types.CrawlerStateReady {
			return nil
		}
		if e.clock.Now().Sub(begin) > stopWithin {
			return fault.New(fault.TimedOut, "stop crawler %s: still %s after %s", name, c.State, stopWithin)
		}
		if err := e.clock.Wait(ctx, firstPoll); err != nil {
			return err
		}
	}
}
