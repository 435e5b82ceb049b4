package ui

import (
	"encoding/json"
	"strconv"

	"pixelctl/pkg/query"
)

// jsonEncoder writes one document: columns, then rows as they come, then
// stats. It stays open when the result breaks off, so that nobody takes a part
// for the whole.
type jsonEncoder struct{ sink }

func (e *jsonEncoder) begin(cols []query.Column) error {
	if err := e.sink.begin(cols); err != nil {
		return err
	}
	e.buf = append(e.buf, `{"columns":[`...)
	for i, c := range cols {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		e.buf = appendString(append(e.buf, `{"name":`...), c.Name)
		e.buf = append(appendString(append(e.buf, `,"type":`...), c.Type), '}')
	}
	e.buf = append(e.buf, "],\n\"rows\":["...)
	return e.put()
}

func (e *jsonEncoder) row(values []any) error {
	e.buf = append(e.buf, "\n["...)
	for i, v := range values {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		e.buf = e.kinds[i].appendJSON(e.buf, v)
	}
	e.buf = append(e.buf, ']')
	// The comma belongs before the next row: it is written with it.
	err := e.put()
	e.buf = append(e.buf, ',')
	return err
}

// end writes the stats; what the engine could not count is null.
func (e *jsonEncoder) end(n int64, stats query.Stats) error {
	e.buf = append(e.buf[:0], "\n],\n"...)
	tail, err := json.Marshal(statsOf(n, stats))
	if err != nil {
		return err
	}
	e.buf = append(append(e.buf, `"stats":`...), safeJSON(tail)...)
	e.buf = append(e.buf, "}\n"...)
	return e.put()
}

type statsJSON struct {
	Rows         int64    `json:"rows"`
	FilesRead    *int64   `json:"files_read"`
	FilesTotal   *int64   `json:"files_total"`
	BytesScanned *int64   `json:"bytes_scanned"`
	Seconds      float64  `json:"seconds"`
	Dollars      *float64 `json:"dollars"`
	Unpriced     string   `json:"unpriced,omitempty"`
	Warnings     []string `json:"warnings"`
}

func statsOf(n int64, s query.Stats) statsJSON {
	known := func(v int64) *int64 {
		if v < 0 {
			return nil
		}
		return &v
	}
	price := &s.Dollars
	if s.Unpriced != "" {
		price = nil
	}
	return statsJSON{
		Rows: n, FilesRead: known(s.FilesRead), FilesTotal: known(s.FilesTotal),
		BytesScanned: known(s.BytesScanned), Seconds: s.Elapsed.Seconds(), Dollars: price, Unpriced: s.Unpriced, Warnings: list(s.Warnings),
	}
}

// jsonlEncoder writes an object a row, keys in the order of the columns.
type jsonlEncoder struct {
	sink
	keys [][]byte // with quotes and colon
}

func (e *jsonlEncoder) begin(cols []query.Column) error {
	for _, name := range uniqueNames(cols) {
		e.keys = append(e.keys, append(appendString(nil, name), ':'))
	}
	return e.sink.begin(cols)
}

func (e *jsonlEncoder) row(values []any) error {
	e.buf = append(e.buf, '{')
	for i, v := range values {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		e.buf = append(e.buf, e.keys[i]...)
		e.buf = e.kinds[i].appendJSON(e.buf, v)
	}
	e.buf = append(e.buf, "}\n"...)
	return e.put()
}

// uniqueNames gives the second column of one name the suffix _2, and so on.
func uniqueNames(cols []query.Column) []string {
	taken := make(map[string]bool, len(cols))
	for _, c := range cols {
		taken[c.Name] = true
	}
	seen := make(map[string]int, len(cols))
	names := make([]string, len(cols))
	for i, c := range cols {
		names[i] = c.Name
		for seen[c.Name]++; seen[c.Name] > 1; seen[c.Name]++ {
			names[i] = c.Name + "_" + strconv.Itoa(seen[c.Name])
			if !taken[names[i]] {
				taken[names[i]] = true
				break
			}
		}
	}
	return names
}
