package beacon

// filter says which keys params keeps.
type filter struct {
	allow, deny map[string]struct{} // nil: every key, no key
}

// keeps says whether a parameter may stay under its own name. A body that
// nobody could read cannot be searched for denied keys and goes with them.
func (f *filter) keeps(key string) bool {
	if f.deny != nil {
		if _, denied := f.deny[key]; denied || key == bodyKey {
			return false
		}
	}
	if f.allow == nil {
		return true
	}
	_, allowed := f.allow[key]
	return allowed
}

// scalar is scalar without denied keys, however deep they lie.
func (f *filter) scalar(raw string) string {
	if f.deny != nil && (raw[0] == '{' || raw[0] == '[') {
		return string(f.prune(nil, raw))
	}
	return scalar(raw)
}

// prune appends valid JSON without white space between its values and without
// denied keys.
func (f *filter) prune(dst []byte, raw string) []byte {
	c := cursor{raw[1:]}
	switch raw[0] {
	case '{':
		dst = append(dst, '{')
		for n := 0; ; {
			key, _ := c.next()
			val, ok := c.next()
			if !ok {
				return append(dst, '}')
			}
			if _, denied := f.deny[scalar(key)]; denied {
				continue
			}
			if n++; n > 1 {
				dst = append(dst, ',')
			}
			dst = f.prune(append(append(dst, key...), ':'), val)
		}
	case '[':
		dst = append(dst, '[')
		for n := 0; ; n++ {
			val, ok := c.next()
			if !ok {
				return append(dst, ']')
			}
			if n > 0 {
				dst = append(dst, ',')
			}
			dst = f.prune(dst, val)
		}
	}
	return append(dst, raw...)
}
