package glue

import (
	"context"
	"slices"

	"pixelctl/pkg/awsfake/wire"
)

func (s *Server) crawlerOperations() map[string]wire.Operation {
	return map[string]wire.Operation{
		"GetCrawler":        wire.Bind(s.getCrawler),
		"GetCrawlers":       wire.Bind(s.getCrawlers),
		"GetCrawlerMetrics": wire.Bind(s.getMetrics),
		"ListCrawls":        wire.Bind(s.listCrawls),
		"CreateCrawler":     wire.Bind(func(_ context.Context, c Crawler) (empty, error) { return empty{}, s.CreateCrawler(c) }),
		"UpdateCrawler":     wire.Bind(func(_ context.Context, c Crawler) (empty, error) { return empty{}, s.UpdateCrawler(c) }),
		"DeleteCrawler":     wire.Bind(func(_ context.Context, in named) (empty, error) { return empty{}, s.DeleteCrawler(in.Name) }),
		"StartCrawler":      wire.Bind(func(_ context.Context, in named) (empty, error) { return empty{}, s.StartCrawler(in.Name) }),
		"StopCrawler":       wire.Bind(func(_ context.Context, in named) (empty, error) { return empty{}, s.StopCrawler(in.Name) }),
	}
}

type crawlerAnswer struct{ Crawler Crawler }

func (s *Server) getCrawler(_ context.Context, in named) (crawlerAnswer, error) {
	c, err := s.Crawler(in.Name)
	c.Tags = nil // not part of the answer
	return crawlerAnswer{c}, err
}

type crawlersAnswer struct {
	Crawlers  []Crawler
	NextToken string `json:",omitempty"`
}

func (s *Server) getCrawlers(_ context.Context, in paged) (crawlersAnswer, error) {
	names, token, err := cut(s.Crawlers(), in, maxPage)
	out := crawlersAnswer{Crawlers: []Crawler{}, NextToken: token}
	for _, name := range names {
		if c, err := s.Crawler(name); err == nil {
			c.Tags = nil
			out.Crawlers = append(out.Crawlers, c)
		}
	}
	return out, err
}

type metricsQuery struct {
	paged
	CrawlerNameList []string // none: all
}

type metricsAnswer struct {
	CrawlerMetricsList []Metrics
	NextToken          string `json:",omitempty"`
}

func (s *Server) getMetrics(_ context.Context, in metricsQuery) (metricsAnswer, error) {
	names := slices.Sorted(slices.Values(in.CrawlerNameList))
	if len(names) == 0 {
		names = s.Crawlers()
	}
	names, token, err := cut(names, in.paged, maxPage)
	s.lock.Lock()
	defer s.lock.Unlock()
	out := metricsAnswer{CrawlerMetricsList: []Metrics{}, NextToken: token}
	for _, name := range names {
		if c, err := s.crawler(name); err == nil {
			out.CrawlerMetricsList = append(out.CrawlerMetricsList, c.metrics(s.clock.Now()))
		}
	}
	return out, err
}

type crawlsQuery struct {
	paged
	CrawlerName string
}

type crawlsAnswer struct {
	Crawls    []Crawl
	NextToken string `json:",omitempty"`
}

// listCrawls lists the newest crawl first, 20 on a page unless asked for more.
// Filters are not known here.
func (s *Server) listCrawls(_ context.Context, in crawlsQuery) (crawlsAnswer, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	c, err := s.crawler(in.CrawlerName)
	if err != nil {
		return crawlsAnswer{}, err
	}
	// Pages are cut by names, which must rise: the crawls are numbered from the
	// newest on.
	names, newest := make([]string, len(c.crawls)), map[string]Crawl{}
	for i, crawl := range slices.Backward(c.crawls) {
		at := len(c.crawls) - 1 - i
		names[at] = pad(at)
		newest[names[at]] = crawl
	}
	if in.MaxResults == 0 {
		in.MaxResults = 20
	}
	names, token, err := cut(names, in.paged, maxPage)
	out := crawlsAnswer{Crawls: []Crawl{}, NextToken: token}
	for _, name := range names {
		out.Crawls = append(out.Crawls, newest[name])
	}
	return out, err
}
