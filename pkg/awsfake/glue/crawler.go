package glue

import (
	"encoding/json"
	"fmt"
	"time"

	"pixelctl/pkg/awsfake/wire"
)

// How long a crawl runs, how long it stops thereafter (or when it is asked to
// stop), and so when its partitions are there: a minute after the start.
const (
	runFor  = 50 * time.Second
	stopFor = 10 * time.Second
)

// States of a crawler.
const (
	ready    = "READY"
	running  = "RUNNING"
	stopping = "STOPPING"
)

// logGroup is shared by all crawlers of an account.
const logGroup = "/aws-glue/crawlers"

// Crawler is a Crawler of the API. It also reads the input of CreateCrawler,
// whose Schedule is text, and the properties of AWS::Glue::Crawler.
type Crawler struct {
	Name                         string
	Role                         string              `json:",omitempty"`
	DatabaseName                 string              `json:",omitempty"`
	Description                  string              `json:",omitempty"`
	Targets                      Targets             `json:",omitzero"`
	Classifiers                  []string            `json:",omitempty"`
	Schedule                     *Schedule           `json:",omitempty"`
	TablePrefix                  string              `json:",omitempty"`
	SchemaChangePolicy           *SchemaChangePolicy `json:",omitempty"`
	RecrawlPolicy                *RecrawlPolicy      `json:",omitempty"`
	Configuration                string              `json:",omitempty"`
	CrawlerSecurityConfiguration string              `json:",omitempty"`
	Tags                         map[string]string   `json:",omitempty"`

	// Set by the server.
	State            string     `json:",omitempty"`
	CrawlElapsedTime int64      `json:",omitempty"` // milliseconds of the crawl that runs
	CreationTime     Epoch      `json:",omitempty"`
	LastUpdated      Epoch      `json:",omitempty"`
	LastCrawl        *LastCrawl `json:",omitempty"`
	Version          int64      `json:",omitempty"`
}

// Targets are what a crawler looks at.
type Targets struct {
	CatalogTargets []CatalogTarget `json:",omitempty"`
	S3Targets      []S3Target      `json:",omitempty"`
}

// CatalogTarget names tables that exist.
type CatalogTarget struct {
	DatabaseName string
	Tables       []string
}

// S3Target is a path that a crawler makes tables from; the fake has crawls of
// CatalogTargets only.
type S3Target struct {
	Path       string
	Exclusions []string `json:",omitempty"`
}

// Schedule is when a crawler starts by itself; the fake never starts one.
type Schedule struct {
	ScheduleExpression string
	State              string `json:",omitempty"`
}

// UnmarshalJSON reads the object or only its expression, as CreateCrawler has
// it.
func (s *Schedule) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '"' {
		return json.Unmarshal(text, &s.ScheduleExpression)
	}
	type plain Schedule
	return json.Unmarshal(text, (*plain)(s))
}

// SchemaChangePolicy is what a crawl does to tables that differ.
type SchemaChangePolicy struct{ UpdateBehavior, DeleteBehavior string }

// RecrawlPolicy is what a later crawl looks at.
type RecrawlPolicy struct{ RecrawlBehavior string }

// LastCrawl is how the last crawl ended.
type LastCrawl struct {
	Status        string // SUCCEEDED, CANCELLED or FAILED
	ErrorMessage  string `json:",omitempty"`
	LogGroup      string
	LogStream     string
	MessagePrefix string
	StartTime     Epoch
}

// crawler is a crawler and its crawls.
type crawler struct {
	Crawler
	started time.Time
	stopped time.Time // when it was asked to stop; zero: never
	crawls  []Crawl   // oldest first; the last one runs unless READY
}

// Crawl is one run, as ListCrawls gives it.
type Crawl struct {
	CrawlID       string `json:"CrawlId"`
	State         string // RUNNING, COMPLETED, FAILED or STOPPED
	StartTime     Epoch
	EndTime       Epoch  `json:",omitempty"`
	Summary       string `json:",omitempty"` // JSON: what was added, updated, deleted
	ErrorMessage  string `json:",omitempty"`
	LogGroup      string
	LogStream     string
	MessagePrefix string
	DPUHour       float64
}

// CreateCrawler adds a crawler; AlreadyExistsException when there is one.
func (s *Server) CreateCrawler(c Crawler) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.crawlers[c.Name] != nil {
		return wire.Error{Code: "AlreadyExistsException", Message: fmt.Sprintf("Crawler %s already exists", c.Name)}
	}
	if err := c.valid(); err != nil {
		return err
	}
	c.State, c.Version = ready, 1
	c.CreationTime = epoch(s.clock.Now())
	c.LastUpdated = c.CreationTime
	s.crawlers[c.Name] = &crawler{Crawler: c}
	return nil
}

// UpdateCrawler replaces a crawler's definition; CrawlerRunningException while
// it crawls.
func (s *Server) UpdateCrawler(c Crawler) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	old, err := s.idle(c.Name)
	if err != nil {
		return err
	}
	if err := c.valid(); err != nil {
		return err
	}
	c.State, c.Version, c.CreationTime, c.LastCrawl = ready, old.Version+1, old.CreationTime, old.LastCrawl
	c.LastUpdated = epoch(s.clock.Now())
	old.Crawler = c
	return nil
}

// DeleteCrawler removes a crawler; CrawlerRunningException while it crawls.
func (s *Server) DeleteCrawler(name string) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	if _, err := s.idle(name); err != nil {
		return err
	}
	delete(s.crawlers, name)
	return nil
}

// Crawlers lists the crawlers, sorted.
func (s *Server) Crawlers() []string {
	s.lock.Lock()
	defer s.lock.Unlock()
	return sorted(s.crawlers)
}

// Crawler returns a crawler in its present state.
func (s *Server) Crawler(name string) (Crawler, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	c, err := s.crawler(name)
	if err != nil {
		return Crawler{}, err
	}
	return c.Crawler, nil
}

// valid holds a crawler against the rules of the guide for catalog targets.
func (c Crawler) valid() error {
	catalog := len(c.Targets.CatalogTargets) > 0
	switch {
	case c.Name == "" || c.Role == "":
		return invalid("Name and Role are required")
	case catalog == (len(c.Targets.S3Targets) > 0):
		return invalid("A crawler needs either catalog targets or S3 targets")
	case catalog && (c.SchemaChangePolicy == nil || c.SchemaChangePolicy.DeleteBehavior != "LOG"):
		return invalid("DeleteBehavior must be LOG for catalog targets")
	case catalog && c.RecrawlPolicy != nil && c.RecrawlPolicy.RecrawlBehavior == "CRAWL_NEW_FOLDERS_ONLY":
		return invalid("RecrawlBehavior CRAWL_NEW_FOLDERS_ONLY can only apply to Amazon S3 target")
	}
	for _, t := range c.Targets.CatalogTargets {
		if len(t.Tables) == 0 {
			return invalid("A catalog target needs at least one table")
		}
	}
	return nil
}
