package event

// MaxJSON is the most bytes of a record's JSON. With its newline that is 5,120
// bytes, one unit of Firehose, which rounds each record up to 5 KB and bills
// the result (Amazon Data Firehose pricing, direct PUT).
const MaxJSON = 5_119

// AppendLine appends r to dst as one line of at most MaxJSON bytes and a
// newline. A record that is longer is changed: it is trimmed, then its longest
// values are cut until it fits, and Truncated is set. Values of columns with
// short limits (ids, classes, names) are cut last.
func (r *Record) AppendLine(dst []byte) []byte {
	start := len(dst)
	line, ok := r.appendJSON(dst, MaxJSON)
	if !ok {
		line = r.appendCut(line[:start])
	}
	return append(line, '\n')
}

// appendCut appends a record that does not fit as it is.
func (r *Record) appendCut(dst []byte) []byte {
	start := len(dst)
	r.Trim()
	r.Truncated = true
	values := r.values()
	// The values alone must fit before the whole is worth measuring.
	over := -MaxJSON
	for i := range values {
		over += values[i].size
	}
	for {
		shrink(values, over)
		dst = r.AppendJSON(dst[:start])
		over = len(dst) - start - MaxJSON
		if over <= 0 {
			return dst
		}
		values = r.values()
	}
}

// value is one string of a record that can be cut.
type value struct {
	text *string
	size int  // bytes in JSON without the quotes
	last bool // cut only when every other value is empty
}

// values returns the strings that r's JSON holds. It first drops params that
// the JSON leaves out: cut keys may have become one.
func (r *Record) values() []value {
	r.Params = uniqueKeys(r.Params)
	values := make([]value, 0, len(columns)+2*MaxParams+len(r.Fields))
	add := func(s *string, last bool) {
		values = append(values, value{s, quotedLen(*s), last})
	}
	for i := range columns {
		c := &columns[i]
		switch v := c.at(r).(type) {
		case *string:
			add(v, c.Limit <= limitName)
		case *[]Param:
			for j := range *v {
				add(&(*v)[j].Key, false)
				add(&(*v)[j].Value, false)
			}
		}
	}
	for i := range r.Fields {
		if f := &r.Fields[i]; f.Field.Type == String {
			add(&f.Text, false)
		}
	}
	return values
}

// uniqueKeys keeps the first entry of each key, in place.
func uniqueKeys(ps []Param) []Param {
	kept := ps[:0]
	for _, p := range ps {
		if !hasKey(kept, p.Key) {
			kept = append(kept, p)
		}
	}
	return kept
}

// shrink takes at least over bytes from the largest values, or all there is:
// with every value empty a record is far below MaxJSON.
func shrink(values []value, over int) {
	for over > 0 {
		v := largest(values)
		if v.size == 0 {
			return
		}
		over -= v.cut(over)
	}
}

func largest(values []value) *value {
	best := &values[0]
	for i := range values {
		if v := &values[i]; v.before(best) {
			best = v
		}
	}
	return best
}

// before reports whether v is to be cut before w.
func (v *value) before(w *value) bool {
	switch {
	case v.size == 0 || w.size == 0:
		return v.size > w.size
	case v.last != w.last:
		return w.last
	}
	return v.size > w.size
}

// cut takes over bytes from v, but at most half of it so that no value pays
// for all, and returns how many bytes of JSON that saved: at least one.
func (v *value) cut(over int) int {
	n := len(*v.text)
	*v.text = Head(*v.text, max(n/2, n-over))
	saved := v.size
	v.size = quotedLen(*v.text)
	return saved - v.size
}
