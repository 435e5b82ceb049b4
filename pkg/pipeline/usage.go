package pipeline

import (
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/query"
)

// Unmeasured is a figure of Usage that the target does not measure.
const Unmeasured = -1

// usualUsage is the time that is measured unless it is told.
const usualUsage = 30 * 24 * time.Hour

// Measurable closes the open ends of a window, for Usage at an instant: a stack
// is measured since it was made. A window before that is fault.Usage.
func Measurable(w query.Window, created, now time.Time) (query.Window, error) {
	if w.Until.IsZero() || w.Until.After(now) {
		w.Until = now
	}
	if w.Since.IsZero() {
		w.Since = w.Until.Add(-usualUsage)
	}
	if w.Since.Before(created) {
		w.Since = created.UTC()
	}
	if !w.Since.Before(w.Until) {
		return w, fault.New(fault.Usage, "measure usage: the stack was made at %s, and the window ends at %s",
			created.UTC().Format(time.DateTime), w.Until.Format(time.DateTime)).
			WithHint("name a later window, or none, or forecast without a stack: pixelctl cost --hits-per-month 1000000")
	}
	return w, nil
}

// Usage is what a stack was used for in a window.
type Usage struct {
	Window query.Window `json:"window"` // what was measured; never open
	Target string       `json:"target"`
	Region string       `json:"region,omitempty"`

	// Settings that prices depend on.
	Front         string        `json:"front"`
	Format        string        `json:"format"`
	Buffer        time.Duration `json:"-"`
	BufferSeconds int           `json:"buffer_seconds"`
	Secret        bool          `json:"secret"` // whether a secret holds keys of visitors

	Requests    int64   `json:"requests"`     // that the front answered
	Records     int64   `json:"records"`      // that were put into the stream
	RecordBytes int64   `json:"record_bytes"` // of these records
	Calls       int64   `json:"calls"`        // of the function
	CallSeconds float64 `json:"call_seconds"` // of all calls together

	FilesWritten int64 `json:"files_written"`
	BytesWritten int64 `json:"bytes_written"`
	Files        int64 `json:"files"` // that lie there, whenever they came
	Bytes        int64 `json:"bytes"`

	CollectorLog int64 `json:"collector_log"` // bytes
	AccessLog    int64 `json:"access_log"`    // bytes

	Queries int64   `json:"queries"`
	Scanned int64   `json:"scanned"` // bytes that queries read
	Charged int64   `json:"charged"` // bytes that they are billed for: at least 10 MB a query
	Crawls  int64   `json:"crawls"`
	DPU     float64 `json:"crawl_dpu_hours"` // billed, with the minimum of each crawl
}
