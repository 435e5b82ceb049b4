//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"encoding/binary"
	"math"
)

// Types of Thrift's compact protocol, in which Parquet writes its footer.
const (
	thriftStop   = 0
	thriftTrue   = 1
	thriftFalse  = 2
	thriftByte   = 3
	thriftI16    = 4
	thriftI32    = 5
	thriftI64    = 6
	thriftDouble = 7
	thriftBinary = 8
	thriftList   = 9
	thriftSet    = 10
	thriftMap    = 11
	thriftStruct = 12
	thriftUUID   = 13
)

// Fields of Parquet's FileMetaData, SchemaElement and KeyValue (parquet.thrift).
const (
	metaSchema      = 2
	metaKeyValues   = 5
	elementName     = 4
	elementChildren = 5
	keyValueKey     = 1
	keyValueValue   = 2
)

// element is one node of a file's schema, in depth-first order.
type element struct {
	name     string
	children int64
}

// footer is what the end of a Parquet file tells.
type footer struct {
	columns []string // at the top level; nil when it does not tell
	once    string   // the value of onceKey; "" without it
}

// parseFooter gives what stands before the place where b is cut off or is no
// footer.
func parseFooter(b []byte) (f footer) {
	r := thriftReader{b: b}
	for !r.bad {
		id, kind := r.field()
		switch {
		case kind == thriftStop:
			return f
		case id == metaSchema && kind == thriftList:
			if all := r.elements(); !r.bad {
				f.columns = topLevel(all)
			}
		case id == metaKeyValues && kind == thriftList:
			if all := r.keyValues(); !r.bad {
				f.once = all[onceKey]
			}
		default:
			r.skip(kind, 0)
		}
	}
	return f
}

// topLevel names the nodes below the root.
func topLevel(elements []element) (names []string) {
	for i := 1; i < len(elements); {
		names = append(names, elements[i].name)
		for open := int64(1); open > 0 && i < len(elements); i++ {
			open += elements[i].children - 1
		}
	}
	return names
}

// thriftReader reads values one after the other; bad is set by the first that
// is cut off or makes no sense.
type thriftReader struct {
	b   []byte
	i   int
	id  int64 // of the last field of the struct
	bad bool
}

func (r *thriftReader) next() byte {
	if r.i >= len(r.b) {
		r.bad = true
		return 0
	}
	r.i++
	return r.b[r.i-1]
}

func (r *thriftReader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b[r.i:])
	if n <= 0 {
		r.bad = true
		return 0
	}
	r.i += n
	return v
}

// varint reads a number whose sign is its lowest bit.
func (r *thriftReader) varint() int64 {
	v := r.uvarint()
	return int64(v>>1) ^ -int64(v&1)
}

// take gives the next bytes.
func (r *thriftReader) take(n int) []byte {
	if n > len(r.b)-r.i {
		r.bad = true
		return nil
	}
	r.i += n
	return r.b[r.i-n : r.i]
}

// binary gives bytes that stand behind their length.
func (r *thriftReader) binary() []byte {
	return r.take(int(min(r.uvarint(), math.MaxInt32)))
}

// field reads the header of a struct's next field.
func (r *thriftReader) field() (id int64, kind byte) {
	h := r.next()
	if h>>4 == 0 && h&15 != thriftStop {
		r.id = r.varint()
	} else {
		r.id += int64(h >> 4)
	}
	return r.id, h & 15
}

// list reads the header of a list.
func (r *thriftReader) list() (n uint64, kind byte) {
	h := r.next()
	if n = uint64(h >> 4); n == 15 {
		n = r.uvarint()
	}
	return n, h & 15
}

func (r *thriftReader) elements() []element {
	n, _ := r.list()
	var all []element
	for ; n > 0 && !r.bad; n-- {
		var e element
		r.structOf(func(id int64, kind byte) {
			switch {
			case id == elementName && kind == thriftBinary:
				e.name = string(r.binary())
			case id == elementChildren && kind == thriftI32:
				e.children = max(0, r.varint())
			default:
				r.skip(kind, 0)
			}
		})
		all = append(all, e)
	}
	return all
}

func (r *thriftReader) keyValues() map[string]string {
	n, _ := r.list()
	all := map[string]string{}
	for ; n > 0 && !r.bad; n-- {
		var key, value string
		r.structOf(func(id int64, kind byte) {
			switch {
			case id == keyValueKey && kind == thriftBinary:
				key = string(r.binary())
			case id == keyValueValue && kind == thriftBinary:
				value = string(r.binary())
			default:
				r.skip(kind, 0)
			}
		})
		all[key] = value
	}
	return all
}

// structOf has each field of a struct read.
func (r *thriftReader) structOf(field func(id int64, kind byte)) {
	outer := r.id
	r.id = 0
	for !r.bad {
		id, kind := r.field()
		if kind == thriftStop {
			break
		}
		field(id, kind)
	}
	r.id = outer
}

// maxNesting is far above what a footer has.
const maxNesting = 32

// skip passes over a value.
func (r *thriftReader) skip(kind byte, depth int) {
	if depth > maxNesting {
		r.bad = true
	}
	if r.bad {
		return
	}
	switch kind {
	case thriftTrue, thriftFalse: // the header says it all
	case thriftByte:
		r.next()
	case thriftI16, thriftI32, thriftI64:
		r.uvarint()
	case thriftDouble:
		r.take(8)
	case thriftBinary:
		r.binary()
	case thriftUUID:
		r.take(16)
	case thriftList, thriftSet:
		r.skipList(depth)
	case thriftStruct:
		r.structOf(func(_ int64, kind byte) { r.skip(kind, depth+1) })
	case thriftMap: // a footer has none
		r.bad = true
	default:
		r.bad = true
	}
}

func (r *thriftReader) skipList(depth int) {
	n, kind := r.list()
	for ; n > 0 && !r.bad; n-- {
		if kind == thriftTrue || kind == thriftFalse {
			r.next()
			continue
		}
		r.skip(kind, depth+1)
	}
}
