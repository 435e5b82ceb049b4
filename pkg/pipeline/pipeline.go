// Package pipeline is what every target does: deploy, take hits, find new
// partitions, answer SQL, and take itself away again. pipelinetest holds the
// behaviours that a target must show.
package pipeline

import (
	"context"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/query"
	"pixelctl/pkg/spec"
)

// Pipeline is one deployed stack on one target. Every method may be called
// again after a kill at any point and ends in the right state.
type Pipeline interface {
	// Deploy brings the stack to its wanted settings. Unchanged settings on a
	// running stack change nothing and say so.
	Deploy(ctx context.Context, o DeployOptions, sink Sink) (Deployment, error)
	// Status reads; it fails with fault.NotDeployed when there is no stack.
	Status(ctx context.Context) (Status, error)
	// Endpoint gives the base URL of the pixel, without a slash at its end; it
	// fails with fault.NotDeployed when there is none. Unlike Status it counts
	// nothing.
	Endpoint(ctx context.Context) (string, error)
	// Kept gives what the stack keeps of its visitors; it fails with
	// fault.NotDeployed when there is no stack.
	Kept(ctx context.Context) (Kept, error)
	// Query answers one read-only statement; see query.Engine.
	Query(ctx context.Context, o QueryOptions, sink Sink) (query.Rows, error)
	// Estimate gives what Query would read at most. It asks no engine, costs
	// nothing and registers nothing.
	Estimate(ctx context.Context, o QueryOptions) (query.Estimate, error)
	// Crawl finds partitions that lie in the lake and registers them. It never
	// changes columns.
	Crawl(ctx context.Context, o CrawlOptions, sink Sink) (CrawlResult, error)
	// Repair registers missing partitions and, on request, drops those whose
	// directory is gone.
	Repair(ctx context.Context, o RepairOptions, sink Sink) (RepairResult, error)
	// Compact makes few files of the many small ones of hours that are over.
	// It changes no row, and a reader sees each once.
	Compact(ctx context.Context, o CompactOptions, sink Sink) (CompactResult, error)
	// Buffer gives how long records wait before they become a file.
	Buffer(ctx context.Context) (time.Duration, error)
	// SetBuffer changes that without a restart and without losing a record.
	SetBuffer(ctx context.Context, o BufferOptions, sink Sink) (BufferResult, error)
	// Usage measures what the stack was used for. Open ends of the window are
	// the last 30 days; times before the stack was made do not count.
	Usage(ctx context.Context, w query.Window) (Usage, error)
	// Trace tells how far hits have come, at one look.
	Trace(ctx context.Context, o TraceOptions) (Trace, error)
	// Tail gives the newest rows to show, which ends it by an error; with Follow
	// it goes on with those that come, until ctx ends.
	Tail(ctx context.Context, o TailOptions, show func(Tail) error) error
	// Inventory lists what Destroy would remove.
	Inventory(ctx context.Context) (Inventory, error)
	// Purge removes data and keeps the stack.
	Purge(ctx context.Context, o PurgeOptions, sink Sink) (PurgeResult, error)
	Subjects
	// Errors looks through the records that did not become rows.
	Errors(ctx context.Context, o ErrorsOptions, sink Sink) (ErrorReport, error)
	// ReplayErrors sends those again that fit the table now, each once whatever
	// happens meanwhile, with the ids that they had. When it leaves some it fails
	// with fault.Partial, which lists them; the result counts all the same.
	ReplayErrors(ctx context.Context, o ReplayOptions, sink Sink) (ReplayResult, error)
	// Destroy removes everything and proves it. On a stack that is not there
	// it fails with fault.NotDeployed and changes nothing.
	Destroy(ctx context.Context, o DestroyOptions, sink Sink) (DestroyResult, error)
}

// Flusher is a target whose buffer can be emptied at will. Firehose cannot.
type Flusher interface {
	Flush(ctx context.Context, sink Sink) (FlushResult, error)
}

// Parter is a target whose SQL can read the rows of the table as two relations:
// those that have no copy, and those that may. Firehose delivers at least once,
// so on AWS nobody knows.
type Parter interface {
	Parted() (single, repeatable string)
}

// Limits of the buffer interval: Firehose's, so both targets share them.
const (
	MinBuffer     = 60 * time.Second
	MaxBuffer     = 900 * time.Second
	DefaultBuffer = 60 * time.Second
)

// ValidateBuffer refuses intervals outside these limits, or finer than seconds.
func ValidateBuffer(d time.Duration) error {
	if d < MinBuffer || d > MaxBuffer || d%time.Second != 0 {
		return fault.New(fault.Usage, "setting buffer: %s is not between 60s and 900s (15m)", d).
			WithHint("pixelctl buffer 60s, or pixelctl buffer 15m")
	}
	return nil
}

// DeployOptions are the settings both targets know; what only one target
// knows is given to its constructor.
type DeployOptions struct {
	Buffer time.Duration // 0 keeps what is deployed, or DefaultBuffer at first
	Spec   *spec.Spec    // what records hold; nil keeps what is deployed, or the default at first
	DryRun bool
}

// Deployment is the outcome of Deploy.
type Deployment struct {
	Stack    string        `json:"stack"`
	Target   string        `json:"target"`
	Endpoint string        `json:"endpoint"` // base URL, no trailing slash
	Action   string        `json:"action"`   // created, updated, started, unchanged
	Changes  []Change      `json:"changes"`
	Fields   []spec.Change `json:"fields,omitempty"` // what changes in the records
	Buffer   time.Duration `json:"-"`
	DryRun   bool          `json:"dry_run"`

	Resources []ResourceChange `json:"resources,omitempty"` // on AWS: what the settings and the version change
	Calls     []string         `json:"calls,omitempty"`     // of a dry run on AWS: the calls it would make
}

// Change is one setting that Deploy changed or would change.
type Change struct {
	Name string `json:"name"`
	From string `json:"from"`
	To   string `json:"to"`
}

// ResourceChange is one resource that a deploy on AWS makes, alters or removes.
type ResourceChange struct {
	Action     string   `json:"action"` // as CloudFormation names it, or Replace
	ID         string   `json:"id"`     // logical id in the template
	Type       string   `json:"type"`
	Name       string   `json:"name,omitempty"` // physical id, once there is one
	Properties []string `json:"properties,omitempty"`
	Destroys   string   `json:"destroys,omitempty"` // what is lost by it, in words
}

// Actions of Deploy.
const (
	Created   = "created"
	Updated   = "updated"
	Started   = "started"
	Unchanged = "unchanged"
)

// QueryOptions is one question.
type QueryOptions struct {
	SQL      string
	Window   query.Window  // what $window stands for
	Params   []query.Param // the values of :name
	NoRepair bool          // skip the search for new partitions
	Most     int64         // rows that are looked at, 0: all; a target need not compute more
	Few      bool          // the answer is known to be small, so a target may hold it in memory
}

// Statement is the question as an engine takes it. Its window reaches back by
// the longest buffer, not by the one that is set: files may be older than the
// setting, and on an hour's edge both mean the same hours.
func (o QueryOptions) Statement() (query.Statement, error) {
	return query.Prepare(o.SQL, o.Window, MaxBuffer, o.Params)
}

// CrawlOptions are the options of Crawl.
type CrawlOptions struct {
	Start  bool // on AWS: start the crawler and do not wait for its end
	DryRun bool
}

// CrawlResult is the outcome of Crawl.
type CrawlResult struct {
	Found   int      `json:"found"`   // partitions in the lake
	Added   []string `json:"added"`   // newly registered, as year=2026/month=7/day=5/hour=9
	Elapsed float64  `json:"seconds"` // seconds
	DryRun  bool     `json:"dry_run"`
	Note    string   `json:"note,omitempty"`  // why nothing was done, or what goes on in AWS
	Calls   []string `json:"calls,omitempty"` // of a dry run on AWS
}

// RepairOptions are the options of Repair.
type RepairOptions struct {
	Prune  bool // drop partitions whose directory is gone
	MSCK   bool // on AWS: have Athena look, with MSCK REPAIR TABLE
	DryRun bool
}

// RepairResult is the outcome of Repair.
type RepairResult struct {
	Added   []string `json:"added"`
	Pruned  []string `json:"pruned"`
	Total   int      `json:"total"` // registered afterwards
	Rebuilt bool     `json:"rebuilt"`
	DryRun  bool     `json:"dry_run"`
	Padded  []string `json:"padded,omitempty"` // directories such as month=07: another name of an hour, left out
	Note    string   `json:"note,omitempty"`   // why nothing was done
	Calls   []string `json:"calls,omitempty"`  // of a dry run on AWS
}

// BufferOptions are the options of SetBuffer.
type BufferOptions struct {
	Interval time.Duration
	DryRun   bool
}

// BufferResult is the outcome of SetBuffer.
type BufferResult struct {
	From    time.Duration
	To      time.Duration
	Changed bool
	DryRun  bool
	Calls   []string // of a dry run on AWS
}

// FlushResult is the outcome of Flush.
type FlushResult struct {
	Records int64    `json:"records"` // rows written
	Errors  int64    `json:"errors"`  // lines that did not convert
	Files   []string `json:"files"`   // relative to the lake
}

// PurgeOptions choose what to remove by received_at; no window needs All.
type PurgeOptions struct {
	query.Window
	All    bool
	DryRun bool
}

// Validate refuses options that name nothing to remove, or no window.
func (o PurgeOptions) Validate() error {
	switch {
	case o.All && !o.IsZero():
		return fault.New(fault.Usage, "purge: --all does not go with --since or --until")
	case !o.All && o.IsZero():
		return fault.New(fault.Usage, "purge: nothing to remove is named").WithHint("give --since, --until or --all")
	case !o.Since.IsZero() && !o.Until.IsZero() && !o.Since.Before(o.Until):
		return fault.New(fault.Usage, "purge: --since %s is not before --until %s", o.Since.Format(time.RFC3339), o.Until.Format(time.RFC3339))
	}
	return nil
}

// PurgeResult is the outcome of Purge, or what it would remove.
type PurgeResult struct {
	Rows      int64 `json:"rows"`
	Bytes     int64 `json:"bytes"`     // bytes freed
	Removed   int   `json:"removed"`   // files removed whole
	Rewritten int   `json:"rewritten"` // edge files written anew
	DryRun    bool  `json:"dry_run"`

	Calls []string `json:"calls,omitempty"` // of a dry run on AWS
}

// DestroyOptions are the options of Destroy.
type DestroyOptions struct {
	KeepData bool
	DryRun   bool
}

// Item is one thing a stack owns.
type Item struct {
	Kind   string `json:"kind"` // server, spool, data, errors, catalog, settings, log; resource types on AWS
	Name   string `json:"name"` // path or identifier
	Files  int64  `json:"files"`
	Bytes  int64  `json:"bytes"`
	Rows   int64  `json:"rows"` // -1 when counting would be dear
	Kept   bool   `json:"kept"` // stays behind on --keep-data
	Gone   bool   `json:"gone"` // asked for after removal and not found
	Reason string `json:"reason,omitempty"`
}

// Inventory is what a stack owns.
type Inventory struct {
	Stack  string `json:"stack"`
	Target string `json:"target"`
	Items  []Item `json:"items"`
}

// DestroyResult is the inventory after removal: each item asked for again.
type DestroyResult struct {
	Stack    string `json:"stack"`
	Target   string `json:"target"`
	Items    []Item `json:"items"`
	KeptData string `json:"kept_data,omitempty"` // where the data lies
	DryRun   bool   `json:"dry_run"`

	Calls []string `json:"calls,omitempty"` // of a dry run on AWS
}
