// Package beacon turns one HTTP request into the answer a tracking pixel
// gives and the records it leaves. It does no I/O: a host (the local server,
// a Lambda function) reads the request, stores the records and writes the
// answer. Whatever the request holds, a hit gets its image and its record.
package beacon

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"pixelctl/pkg/event"
	"pixelctl/pkg/extract"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/spec"
)

// MaxBody is the number of bytes of a body that are read, 64 KiB: what
// browsers let one beacon carry. The host passes at most MaxBody+1 bytes, the
// last one only to show that there were more.
const MaxBody = 64 << 10

// MaxBatch is the number of records one request can leave: the limit of one
// PutRecordBatch call.
const MaxBatch = 500

// Headers gives request headers by canonical name; http.Header is one.
type Headers interface {
	Get(canonicalName string) string
}

// Request is what the host received.
type Request struct {
	Method   string
	Path     string       // as sent, still percent-encoded
	RawQuery string       // as sent, without the question mark
	Host     string       // Host header
	Peer     netip.Addr   // client address the host trusts, proxies resolved; zero is unknown
	Time     event.Millis // when the host got the request, by its own clock
	ID       string       // unique and not empty; becomes event_id
	Header   Headers      // nil is no headers
	Body     []byte       // of a POST, at most MaxBody+1 bytes
}

// header gives one request header, or "".
func (q *Request) header(name string) string {
	if q.Header == nil {
		return ""
	}
	return q.Header.Get(name)
}

// Options are what a host tells about itself and its stack.
type Options struct {
	Collector string       // name, version and target, such as "pixelctl/1.2 local"
	Spec      spec.Spec    // what the stack records; the zero Spec is the default
	Keys      privacy.Keys // of the stack's secret; nil: what needs them is left out
}

// Beacon answers requests. It holds no state of them and is safe for
// concurrent use.
type Beacon struct {
	collector string
	schema    event.Schema
	modes     []privacy.Mode
	names     *index
	plan      *extract.Plan
	policy    *privacy.Policy
	keys      privacy.Keys
	params    filter
	sites     map[string]struct{} // nil: every site
	blank     []event.Column      // the built-in columns that are not kept
	hidden    [fieldCount]bool    // fields whose second values are no parameters: privacy hides the column
	cookie    int                 // days of the network cookie; 0: none
}

// New returns a beacon. It refuses a spec that cannot run.
func New(o Options) (*Beacon, error) {
	plan, err := extract.Compile(o.Spec)
	if err != nil {
		return nil, fmt.Errorf("make beacon: %w", err)
	}
	b := &Beacon{
		collector: o.Collector, schema: o.Spec.Schema(), modes: privacy.Active(o.Spec), plan: plan, policy: privacy.New(o.Spec), keys: o.Keys,
		names:  newIndex(understood(o.Spec.AliasesOff)),
		params: filter{allow: set(o.Spec.AllowParams), deny: set(o.Spec.HiddenParams())},
		sites:  set(o.Spec.Sites),
		blank: slices.DeleteFunc(event.Schema{}.Columns(), func(c event.Column) bool {
			return !slices.Contains(o.Spec.Drop, c.Name)
		}),
	}
	for f, column := range hideable {
		b.hidden[f] = b.policy.Hides(column)
	}
	if p := o.Spec.Privacy.Filled(); p.NetworkCookie {
		b.cookie = p.CookieDays
	}
	return b, nil
}

// set makes a set of words; nil of none.
func set(words []string) map[string]struct{} {
	if len(words) == 0 {
		return nil
	}
	m := make(map[string]struct{}, len(words))
	for _, w := range words {
		m[w] = struct{}{}
	}
	return m
}

// Answer fills out with the answer to req and the records it leaves. What out
// held before is gone. Records share the strings of req but not its Body.
func (b *Beacon) Answer(req *Request, out *Result) {
	out.reset()
	t := route(req.Path)
	switch t.kind {
	case pixelPath:
		out.Pixel = true
		out.origin = cleanOrigin(req.header("Origin"))
		b.hit(req, t, out)
	case robotsPath:
		out.page(req.Method, robotsText)
	case healthPath:
		out.page(req.Method, healthText)
	case unknownPath:
		out.origin = cleanOrigin(req.header("Origin"))
		out.refuse(404, "path", notFoundText)
	}
}

// hit answers a request on a pixel path.
func (b *Beacon) hit(req *Request, t target, out *Result) {
	switch req.Method {
	case "GET":
		b.get(req, t, out)
	case "HEAD":
		out.query = b.parse(&out.scratch, out.query, req.RawQuery)
		out.image(out.query)
		out.Drop("head")
	case "POST":
		b.post(req, t, out)
	case "OPTIONS":
		out.Pixel = false // a question about hits, not a hit
		out.preflight = true
		out.Code = 204
		out.Drop("preflight")
	default:
		out.allow = "GET, HEAD, POST, OPTIONS"
		out.refuse(405, "method", badMethodText)
	}
}

// get records one hit from the query and answers with the image.
func (b *Beacon) get(req *Request, t target, out *Result) {
	out.query = b.parse(&out.scratch, out.query, req.RawQuery)
	out.image(out.query)
	out.id = req.ID
	rec := out.add()
	b.base(req, out, rec)
	out.inBody = 0
	b.fill(req, t, out, rec, out.query)
}

// base sets the columns that are the same for every record of a request. No
// parameter can change them.
func (b *Beacon) base(req *Request, out *Result, rec *event.Record) {
	rec.SchemaVersion = event.SchemaVersion
	rec.EventID = req.ID
	rec.ReceivedAt = req.Time
	rec.Status = event.StatusRecorded
	rec.Method = req.Method
	rec.Host = strings.ToLower(req.Host)
	rec.Path = req.Path
	rec.Collector = b.collector
	setClient(req, rec)
	b.network(req, out, rec)
}
