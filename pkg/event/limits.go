package event

import "unicode/utf8"

// Limits of the params map. A value also has the Limit of its column.
const (
	MaxParams     = 30    // entries
	MaxParamKey   = 128   // bytes
	MaxParamValue = 1_024 // bytes
)

// Limits of string columns in bytes.
const (
	limitURL       = 2_048
	limitTitle     = 1_024
	limitUserAgent = 512
	limitText      = 256 // ids, labels, hosts, campaign values
	limitName      = 128 // names, codes, and what the collector says itself
	limitLanguage  = 35  // RFC 5646, section 4.4.1
)

// Trim cuts every string to the limit of its column at a rune boundary, drops
// params past the first MaxParams, and sets Truncated when it cut anything.
// It changes the entries of Params in place.
func (r *Record) Trim() {
	cut := false
	for i := range columns {
		c := &columns[i]
		field := c.at(r)
		if s, ok := field.(*string); ok {
			cut = trim(s, c.Limit) || cut
		} else if ps, ok := field.(*[]Param); ok {
			cut = trimParams(ps, c.Limit) || cut
		}
	}
	for i := range r.Fields {
		cut = trim(&r.Fields[i].Text, r.Fields[i].Field.Limit) || cut
	}
	if cut {
		r.Truncated = true
	}
}

func trimParams(ps *[]Param, limit int) bool {
	cut := len(*ps) > MaxParams
	if cut {
		*ps = (*ps)[:MaxParams]
	}
	for i := range *ps {
		p := &(*ps)[i]
		cut = trim(&p.Key, MaxParamKey) || cut
		cut = trim(&p.Value, limit) || cut
	}
	return cut
}

// trim cuts s to limit bytes and reports whether it had to.
func trim(s *string, limit int) bool {
	if limit == 0 || len(*s) <= limit {
		return false
	}
	*s = Head(*s, limit)
	return true
}

// Head returns the longest prefix of s that has at most n bytes and splits no
// rune. Bytes that are no UTF-8 have no boundaries to keep.
func Head(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := n; i >= 0 && i > n-utf8.UTFMax; i-- {
		if utf8.RuneStart(s[i]) {
			return s[:i]
		}
	}
	return s[:n]
}
