package cost

import (
	"math"
	"time"

	"pixelctl/pkg/pipeline"
)

// Basis is where a figure comes from.
type Basis string

// The bases of a figure.
const (
	Measured Basis = "measured"
	Given    Basis = "given"
	Assumed  Basis = "assumed"
)

// Figure is one number that the forecast rests on.
type Figure struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	Basis Basis   `json:"basis"`
	Note  string  `json:"note,omitempty"`
}

// Setup is how a stack is built.
type Setup struct {
	Front         string        `json:"front"`
	Format        string        `json:"format"`
	Buffer        time.Duration `json:"-"`
	BufferSeconds int           `json:"buffer_seconds"`
	Processor     string        `json:"processor"` // arm64 or x86
	Secret        bool          `json:"secret"`
}

// Fronts and formats of a setup.
const (
	FrontAPI        = "api"
	FrontURL        = "url"
	FrontCloudFront = "cloudfront"

	Parquet = "parquet"
	JSON    = "json"
	ORC     = "orc"
)

// inputs are all figures. Those of bytes, calls and records are for one hit or
// record, the rest for a month.
type inputs struct {
	hits, records, recordBytes, callMS, memory, answer Figure
	rowBytes, stored, files, gets                      Figure
	collectorLog, accessLog                            Figure
	queries, charged, crawls, crawlHours               Figure
}

// monthHours is AWS's month: 730 hours.
const monthHours = 730

// The assumptions. Synthetic hits took 34 bytes a row in one large Parquet file
// and 198 in files of 119 rows, 67 as JSON in gzip; people vary more.
func assumed(hits Figure, s Setup) inputs {
	guess := func(name string, value float64, unit, note string) Figure {
		return Figure{name, value, unit, Assumed, note}
	}
	in := inputs{
		hits:        hits,
		records:     guess("records", 1, "a hit", ""),
		recordBytes: guess("record", 1000, "bytes", "Firehose bills 5 KiB for each up to that"),
		callMS:      guess("function", 8, "ms a call", ""),
		memory:      Figure{"memory", 128, "MiB", Given, "of the template"},
		answer:      guess("answer", 500, "bytes", "image and headers"),
		stored:      guess("stored before", 0, "bytes", ""),
		collectorLog: guess("function's log", 0, "bytes a hit",
			"its lines of start and end are off"),
		accessLog:  guess("access log", accessLine(s.Front), "bytes a hit", ""),
		crawls:     guess("crawls", 0, "a month", "query and repair register hours for nothing"),
		crawlHours: guess("crawl", 2*crawlLeast.Hours(), "DPU-hours", "10 minutes of 2 DPU, the least billed"),
	}
	in.byFormat(s)
	return in
}

const crawlLeast = 10 * time.Minute

// accessLine is the length of a line of the template's format, with the 26 bytes
// that CloudWatch Logs counts for each event. Only the HTTP API writes it.
func accessLine(front string) float64 {
	if front == FrontAPI {
		return 111
	}
	return 0
}

// rowSize is what a row takes in a file, in bytes; share is how much of it a
// question reads; gets is how often Athena asks for a file.
var formats = map[string]struct{ rowSize, share, gets float64 }{
	Parquet: {100, 0.1, 8},
	ORC:     {100, 0.1, 8},
	JSON:    {130, 1, 1},
}

// byFormat assumes what depends on format and buffer: each row is read once a
// month, by one question a day.
func (in *inputs) byFormat(s Setup) {
	f := formats[s.Format]
	hits := in.hits.Value
	in.rowBytes = Figure{"row in a file", f.rowSize, "bytes", Assumed, "compressed"}
	in.files = Figure{"files", min(hits, monthHours*3600/s.Buffer.Seconds()), "a month", Assumed, "one each buffer, and no more than hits"}
	in.gets = Figure{"requests for a file", f.gets, "a question", Assumed, ""}
	in.queries = Figure{"questions", 30, "a month", Assumed, "one a day, each over a day"}
	in.charged = Figure{"scanned", in.queries.Value * max(hits*f.rowSize*f.share/in.queries.Value, LeastScan), "bytes", Assumed, "each row is read once; 10 MB a question at least"}
}

// measured takes over what a target measured, as for a month.
func (in *inputs) measured(u pipeline.Usage) {
	scale := monthHours / u.Window.Until.Sub(u.Window.Since).Hours()
	month := func(f *Figure, n int64) { f.set(float64(n)*scale, n >= 0) }
	each := func(f *Figure, amount float64, of int64) { f.set(amount/float64(of), amount >= 0 && of > 0) }
	month(&in.hits, u.Requests)
	in.byFormat(Setup{Format: u.Format, Buffer: u.Buffer})
	each(&in.records, float64(u.Records), u.Requests)
	each(&in.recordBytes, float64(u.RecordBytes), u.Records)
	each(&in.callMS, u.CallSeconds*1000, u.Calls)
	each(&in.rowBytes, float64(u.BytesWritten), u.Records)
	each(&in.collectorLog, float64(u.CollectorLog), u.Requests)
	each(&in.accessLog, float64(u.AccessLog), u.Requests)
	in.stored.set(float64(max(u.Bytes-u.BytesWritten, 0)), u.Bytes >= 0)
	month(&in.files, u.FilesWritten)
	if u.Queries != 0 { // nobody asked yet: the assumption stands
		month(&in.queries, u.Queries)
		month(&in.charged, u.Charged)
	}
	month(&in.crawls, u.Crawls)
	each(&in.crawlHours, u.DPU, u.Crawls)
}

func (f *Figure) set(v float64, known bool) {
	if known {
		f.Value, f.Basis, f.Note = v, Measured, ""
	}
}

// as gives the figures of another setup: what was measured changes as the
// assumptions do.
func (in inputs) as(from, to Setup) inputs {
	before, after := assumed(in.hits, from), assumed(in.hits, to)
	for _, m := range []struct{ f, was, will *Figure }{
		{&in.rowBytes, &before.rowBytes, &after.rowBytes},
		{&in.files, &before.files, &after.files},
		{&in.gets, &before.gets, &after.gets},
		{&in.charged, &before.charged, &after.charged},
		{&in.accessLog, &before.accessLog, &after.accessLog},
	} {
		switch {
		case m.was.Value == m.will.Value:
		case m.was.Value > 0:
			m.f.Value, m.f.Basis = m.f.Value*m.will.Value/m.was.Value, Assumed
		default:
			*m.f = *m.will
		}
	}
	return in
}

// units is how many steps of 5 KiB Firehose bills for a record.
func units(recordBytes float64) float64 { return max(math.Ceil(recordBytes/5120), 1) }
