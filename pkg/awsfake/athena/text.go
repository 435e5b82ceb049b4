package athena

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"pixelctl/pkg/query"
)

// Text prints a value of query.Rows as Athena prints it; typ is its type, by
// which times and the parts of arrays, maps and rows are told apart. NULL is
// nil.
func Text(v any, typ string) *string {
	if v == nil {
		return nil
	}
	out := printed(v, typ)
	return &out
}

func printed(v any, typ string) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case float64:
		return java(v)
	case time.Time:
		return timeText(v, typ)
	case []byte:
		return spaced(v)
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = printed(e, within(typ, "array"))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case query.Pairs:
		return pairsText(v, typ)
	}
	return fmt.Sprint(v)
}

// java prints a double as Java does: 1.0, 1.0E20, 1.0E-7.
func java(f float64) string {
	switch a := math.Abs(f); {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 0):
		return strings.TrimPrefix(strconv.FormatFloat(f, 'g', -1, 64), "+") + "inity"
	case a != 0 && (a < 1e-3 || a >= 1e7):
		digits, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
		n, err := strconv.Atoi(exponent)
		if err != nil {
			return digits
		}
		return pointed(digits) + "E" + strconv.Itoa(n)
	}
	return pointed(strconv.FormatFloat(f, 'f', -1, 64))
}

func pointed(digits string) string {
	if strings.Contains(digits, ".") {
		return digits
	}
	return digits + ".0"
}

func timeText(t time.Time, typ string) string {
	switch base, _ := SplitType(typ); base {
	case "date":
		return t.Format(time.DateOnly)
	case "timestamp with time zone":
		return t.UTC().Format("2006-01-02 15:04:05.000") + " UTC"
	}
	return t.UTC().Format("2006-01-02 15:04:05.000")
}

// spaced prints bytes as Athena does: 0a ff.
func spaced(b []byte) string {
	parts := make([]string, len(b))
	for i := range b {
		parts[i] = hex.EncodeToString(b[i : i+1])
	}
	return strings.Join(parts, " ")
}

// pairsText prints a map by ascending keys, numbers as numbers, and a row in
// its own order.
func pairsText(pairs query.Pairs, typ string) string {
	key, value := "", ""
	fields := map[string]string{}
	if inner := TypeParts(typ, "map"); len(inner) == 2 {
		key, value = inner[0], inner[1]
		pairs = slices.SortedFunc(slices.Values(pairs), byKey)
	}
	for _, field := range TypeParts(typ, "row") {
		name, of, _ := strings.Cut(field, " ")
		fields[name] = of
	}
	out := make([]string, len(pairs))
	for i, p := range pairs {
		of := value
		if name, ok := p.Key.(string); ok && value == "" {
			of = fields[name]
		}
		out[i] = printed(p.Key, key) + "=" + printed(p.Value, of)
	}
	return "{" + strings.Join(out, ", ") + "}"
}

func byKey(a, b query.Pair) int {
	x, isInt := a.Key.(int64)
	y, both := b.Key.(int64)
	if isInt && both {
		return cmp.Compare(x, y)
	}
	return cmp.Compare(fmt.Sprint(a.Key), fmt.Sprint(b.Key))
}

// within gives the type of the elements of an array.
func within(typ, of string) string {
	if inner := TypeParts(typ, of); len(inner) == 1 {
		return inner[0]
	}
	return ""
}

// TypeParts splits what stands in the parentheses of a type, at its commas:
// map(varchar, array(date)) has varchar and array(date).
func TypeParts(typ, of string) []string {
	inner, ok := strings.CutPrefix(typ, of+"(")
	if !ok || !strings.HasSuffix(inner, ")") {
		return nil
	}
	inner = inner[:len(inner)-1]
	var out []string
	depth, from := 0, 0
	for i, c := range inner {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			if depth == 0 {
				out = append(out, strings.TrimSpace(inner[from:i]))
				from = i + 1
			}
		}
	}
	return append(out, strings.TrimSpace(inner[from:]))
}
