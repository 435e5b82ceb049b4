package glue

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"pixelctl/pkg/awsfake/wire"
)

// crawler finds a crawler and brings its state up to the clock; the lock is
// held.
func (s *Server) crawler(name string) (*crawler, error) {
	c := s.crawlers[name]
	if c == nil {
		return nil, missing("Crawler entry with name %s does not exist", name)
	}
	s.settle(c, s.clock.Now())
	return c, nil
}

// idle finds a crawler that does not crawl.
func (s *Server) idle(name string) (*crawler, error) {
	c, err := s.crawler(name)
	if err == nil && c.State != ready {
		return nil, wire.Error{Code: "CrawlerRunningException", Message: fmt.Sprintf("Crawler with name %s has already started", name)}
	}
	return c, err
}

// advance settles all crawlers when the clock moves.
func (s *Server) advance(now time.Time) {
	s.lock.Lock()
	defer s.lock.Unlock()
	for _, c := range s.crawlers {
		s.settle(c, now)
	}
}

// StartCrawler starts a crawl; CrawlerRunningException while one runs.
func (s *Server) StartCrawler(name string) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	c, err := s.idle(name)
	if err != nil {
		return err
	}
	s.serial++
	c.started, c.stopped, c.State = s.clock.Now(), time.Time{}, running
	id := fmt.Sprintf("00000000-0000-4000-8000-%012d", s.serial)
	c.crawls = append(c.crawls, Crawl{CrawlID: id, State: running, StartTime: epoch(c.started), LogGroup: logGroup, LogStream: c.Name, MessagePrefix: id})
	s.tell(c, "BENCHMARK : Running Start Crawl for Crawler "+c.Name)
	return nil
}

// StopCrawler cancels a crawl: CrawlerNotRunningException when there is none,
// CrawlerStoppingException when it stops already.
func (s *Server) StopCrawler(name string) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	c, err := s.crawler(name)
	switch {
	case err != nil:
		return err
	case c.State == ready:
		return wire.Error{Code: "CrawlerNotRunningException", Message: fmt.Sprintf("Crawler with name %s is not running", name)}
	case c.State == stopping:
		return wire.Error{Code: "CrawlerStoppingException", Message: fmt.Sprintf("Crawler with name %s is stopping", name)}
	}
	c.stopped, c.State = s.clock.Now(), stopping
	return nil
}

// settle brings a crawler's state up to now and does the work that is due.
func (s *Server) settle(c *crawler, now time.Time) {
	if c.State == ready {
		return
	}
	cancelled, end := !c.stopped.IsZero(), c.started.Add(runFor+stopFor)
	if cancelled {
		end = c.stopped.Add(stopFor)
	}
	c.CrawlElapsedTime = now.Sub(c.started).Milliseconds()
	if now.Before(end) {
		if now.Sub(c.started) >= runFor {
			c.State = stopping
		}
		return
	}
	c.State, c.CrawlElapsedTime = ready, 0
	crawl := &c.crawls[len(c.crawls)-1]
	crawl.EndTime, crawl.State = epoch(end), "STOPPED"
	last := &LastCrawl{Status: "CANCELLED", LogGroup: logGroup, LogStream: c.Name, MessagePrefix: crawl.MessagePrefix, StartTime: crawl.StartTime}
	c.LastCrawl = last
	s.tell(c, "BENCHMARK : Crawler has finished running and is in state READY")
	if cancelled {
		return
	}
	crawl.State, last.Status = "COMPLETED", "SUCCEEDED"
	crawl.DPUHour = 2 * end.Sub(c.started).Hours()
	added, err := s.crawl(c)
	crawl.Summary = summary(added)
	if err != nil {
		crawl.State, last.Status = "FAILED", "FAILED"
		crawl.ErrorMessage, last.ErrorMessage = err.Error(), err.Error()
	}
}

// tell logs under the id of the last crawl, in the crawler's own stream.
func (s *Server) tell(c *crawler, message string) {
	if s.log != nil {
		s.log(logGroup, c.Name, "["+c.crawls[len(c.crawls)-1].MessagePrefix+"] "+message)
	}
}

// crawl registers every folder of the targets' tables that holds objects and
// is not registered. It names the new partitions; columns stay as they are.
func (s *Server) crawl(c *crawler) ([]string, error) {
	var added []string
	for _, target := range c.Targets.CatalogTargets {
		for _, name := range target.Tables {
			t, err := s.table(target.DatabaseName, name)
			if err != nil {
				return added, err
			}
			for _, p := range s.folders(t) {
				if s.add(t, p) == nil {
					added = append(added, t.DatabaseName+"."+t.Name+"/"+strings.Join(p.Values, "/"))
				}
			}
		}
	}
	return added, nil
}

// folders lists the Hive folders below the table's location that hold objects,
// as partitions. Padded values are registered as they are written.
func (s *Server) folders(t *table) []Partition {
	if s.lister == nil || t.StorageDescriptor == nil || len(t.PartitionKeys) == 0 {
		return nil
	}
	base := strings.TrimSuffix(t.StorageDescriptor.Location, "/") + "/"
	bucket, prefix, _ := strings.Cut(strings.TrimPrefix(base, "s3://"), "/")
	var found []Partition
	last := ""
	for _, key := range s.lister.List(bucket, prefix) {
		values, folder, ok := hive(strings.TrimPrefix(key, prefix), t.PartitionKeys)
		if ok && folder != last {
			found, last = append(found, Partition{Values: values, Location: base + folder}), folder
		}
	}
	return found
}

// hive reads key=value folders, one for each partition key in their order.
func hive(path string, keys []Column) (values []string, folder string, ok bool) {
	parts := strings.Split(path, "/")
	if len(parts) <= len(keys) || parts[len(keys)] == "" {
		return nil, "", false
	}
	for i, key := range keys {
		name, value, found := strings.Cut(parts[i], "=")
		if !found || value == "" || !strings.EqualFold(name, key.Name) {
			return nil, "", false
		}
		values = append(values, value)
	}
	return values, strings.Join(parts[:len(keys)], "/") + "/", true
}

// summary is what a crawl changed. AWS documents that it is JSON; the names
// here are those of its console.
func summary(added []string) string {
	if len(added) == 0 {
		return "{}"
	}
	details, err := json.Marshal(map[string]any{"Details": map[string]any{"names": added}, "Count": len(added)})
	if err != nil {
		return "{}"
	}
	text, err := json.Marshal(map[string]any{"PARTITION": map[string]json.RawMessage{"ADD": details}})
	if err != nil {
		return "{}"
	}
	return string(text)
}

// Metrics are the counters of one crawler, as GetCrawlerMetrics gives them.
type Metrics struct {
	CrawlerName          string
	TimeLeftSeconds      float64
	StillEstimating      bool
	LastRuntimeSeconds   float64
	MedianRuntimeSeconds float64
	TablesCreated        int
	TablesUpdated        int
	TablesDeleted        int
}

// metrics measures a crawler; tables are never made or changed.
func (c *crawler) metrics(now time.Time) Metrics {
	m := Metrics{CrawlerName: c.Name}
	for _, crawl := range c.crawls {
		if crawl.State == "COMPLETED" {
			m.LastRuntimeSeconds = float64(crawl.EndTime - crawl.StartTime)
			m.MedianRuntimeSeconds = m.LastRuntimeSeconds // all completed crawls take the same time
		}
	}
	if c.State == running {
		m.TimeLeftSeconds = (runFor - now.Sub(c.started)).Seconds()
		m.StillEstimating = m.MedianRuntimeSeconds == 0
	}
	return m
}
