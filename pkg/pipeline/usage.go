package pipeline

import (
	"time"

	"pixelctl/pkg/query"
)

// Unmeasured is a figure of Usage that the target does not measure.
const Unmeasured = -1

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
