package beacon

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"pixelctl/pkg/event"
)

// bodyKey is the params key that keeps a body nobody could read, and maxRaw
// how many of its bytes.
const (
	bodyKey = "_body"
	maxRaw  = 1024
)

// post records what a body and the query say and answers without an image.
func (b *Beacon) post(req *Request, t target, out *Result) {
	out.Code = 204
	out.id = req.ID
	out.query = b.parse(&out.scratch, out.query, req.RawQuery)
	var base event.Record
	b.base(req, out, &base)
	base.Truncated = out.cut || len(req.Body) > MaxBody
	body := bytes.TrimSpace(req.Body[:min(len(req.Body), MaxBody)])
	text := string(body)
	form := bodyForm(req.header("Content-Type"), text)
	if form == jsonForm && !json.Valid(body) {
		form = rawForm
	}
	if form == jsonForm && text[0] == '[' {
		b.batch(req, t, out, &base, text)
		return
	}
	out.pairs = b.bodyPairs(&out.scratch, out.pairs, form, text)
	out.inBody = len(out.pairs)
	out.pairs = append(out.pairs, out.query...)
	rec := out.add()
	*rec = base
	b.fill(req, t, out, rec, out.pairs)
}

// bodyKind is how a body is to be read.
type bodyKind uint8

const (
	rawForm bodyKind = iota
	queryForm
	jsonForm
)

// bodyForm decides by type and, where the type says little, by the first
// byte: a beacon that wants no preflight sends JSON as text/plain.
func bodyForm(contentType, text string) bodyKind {
	kind, _, _ := strings.Cut(contentType, ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	looksJSON := text != "" && (text[0] == '{' || text[0] == '[')
	switch {
	case text == "" || kind == "application/x-www-form-urlencoded":
		return queryForm
	case looksJSON || kind == "application/json":
		return jsonForm
	case kind == "" || kind == "text/plain":
		return queryForm
	}
	return rawForm
}

// bodyPairs appends the pairs of a body that is no batch. What cannot be read
// is kept as one pair.
func (b *Beacon) bodyPairs(sc *scratch, dst []pair, f bodyKind, text string) []pair {
	switch {
	case f == queryForm:
		return b.parse(sc, dst, text)
	case f == jsonForm && text[0] == '{':
		return b.object(sc, dst, text)
	}
	return append(dst, pair{key: bodyKey, val: text[:min(len(text), maxRaw)]})
}

// batch makes one record of each object of a JSON array. The pairs of the
// query stand behind those of each entry.
func (b *Beacon) batch(req *Request, t target, out *Result, base *event.Record, text string) {
	c := cursor{text[1:]}
	n, over := 0, 0
	for entry, ok := c.next(); ok; entry, ok = c.next() {
		n++
		switch {
		case len(out.Records) == MaxBatch:
			over++
			continue
		case entry[0] != '{':
			continue
		}
		out.cut = false
		out.pairs = b.object(&out.scratch, out.pairs[:0], entry)
		out.inBody = len(out.pairs)
		out.pairs = append(out.pairs, out.query...)
		rec := out.add()
		*rec = *base
		rec.EventID = req.ID + "-" + strconv.Itoa(n)
		b.fill(req, t, out, rec, out.pairs)
	}
	out.batched = true
	switch out.Dropped = n - len(out.Records); {
	case n == 0:
		out.Drop("empty")
	case over > 0:
		out.Reason = "batch"
	case out.Dropped > 0:
		out.Reason = "entry"
	}
}
