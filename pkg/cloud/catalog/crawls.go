package catalog

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"pixelctl/pkg/cloud/session"
)

// Runs are the crawls of a time.
type Runs struct {
	Count int64
	DPU   float64 // DPU-hours that are billed
}

// leastCrawl is the time that each crawl is billed for at least (prices of Glue).
const leastCrawl = 10 * time.Minute

// Runs counts the crawls that began from one time up to another. Glue lists the
// newest first.
func (e *Engine) Runs(ctx context.Context, name string, from, to time.Time) (Runs, error) {
	var r Runs
	in := &glue.ListCrawlsInput{CrawlerName: &name, MaxResults: aws.Int32(mostCrawls)}
	for {
		page, err := e.c.ListCrawls(ctx, in)
		if err != nil {
			return r, session.Explain(err, "list crawls of %s", name)
		}
		for i := range page.Crawls {
			c := &page.Crawls[i]
			began := aws.ToTime(c.StartTime)
			if began.Before(from) {
				return r, nil
			}
			if began.Before(to) && c.EndTime != nil {
				r.Count++
				r.DPU += billed(c)
			}
		}
		if in.NextToken = page.NextToken; aws.ToString(in.NextToken) == "" {
			return r, nil
		}
	}
}

const mostCrawls = 100

// billed raises the DPU-hours of a crawl to those of the shortest that is billed.
func billed(c *types.CrawlerHistory) float64 {
	ran := c.EndTime.Sub(aws.ToTime(c.StartTime))
	if ran <= 0 || ran >= leastCrawl {
		return c.DPUHour
	}
	return c.DPUHour * float64(leastCrawl) / float64(ran)
}
