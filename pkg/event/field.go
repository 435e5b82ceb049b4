package event

import (
	"math"
	"slices"
	"strconv"
	"time"
)

// Limits of the columns that a spec adds. They keep a record whose strings
// are all cut away far below MaxJSON.
const (
	MaxFields    = 50    // columns
	MaxFieldName = 40    // bytes
	MaxFieldText = 1_024 // bytes of a string
	FieldText    = 256   // bytes of a string where the spec names no other limit
)

// Field is one column that a spec adds behind the built-in ones.
type Field struct {
	Name  string // lower snake case, not a built-in column or partition key
	Type  Type   // any but Map
	Limit int    // most bytes of a string; 0 = none
	Doc   string
}

// Sound reports whether the column may go into SQL, a template or a JSON line
// as it is: its name needs no quotes, its type is one that a field can have.
func (f Field) Sound() bool {
	for i := range len(f.Name) {
		c := f.Name[i]
		lower, digit := c >= 'a' && c <= 'z', c >= '0' && c <= '9'
		if !lower && (i == 0 || !digit && c != '_') {
			return false
		}
	}
	return f.Name != "" && slices.Contains(FieldTypes(), f.Type)
}

// FieldTypes returns the types that a field can have.
func FieldTypes() []Type { return []Type{String, Int, BigInt, Double, Boolean, Timestamp, Date} }

// Value is what one field holds in one record. A string without Text, and a
// Float that is no number, is absent.
type Value struct {
	Field *Field
	Text  string  // String
	Int   int64   // Int, BigInt; Boolean: 0 or 1; Timestamp: ms since 1970; Date: days since 1970
	Float float64 // Double
}

// append appends a comma, the key and the value, or nothing for an absent one.
func (v *Value) append(dst []byte, room int) []byte {
	name := v.Field.Name
	switch v.Field.Type {
	case String:
		if v.Text != "" {
			return appendString(appendKey(dst, name), v.Text, room)
		}
	case Int, BigInt:
		return strconv.AppendInt(appendKey(dst, name), v.Int, 10)
	case Boolean:
		return strconv.AppendBool(appendKey(dst, name), v.Int != 0)
	case Double:
		if !math.IsNaN(v.Float) && !math.IsInf(v.Float, 0) {
			return appendDouble(appendKey(dst, name), v.Float)
		}
	case Timestamp:
		return append(appendTimestamp(append(appendKey(dst, name), '"'), Millis(v.Int)), '"')
	case Date:
		day := time.Unix(v.Int*86_400, 0).UTC()
		return append(day.AppendFormat(append(appendKey(dst, name), '"'), time.DateOnly), '"')
	case Map:
	}
	return dst
}
