package query

import (
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Printed prints a value as Athena does in its results: arrays as [a, b], maps
// and rows as {k=v}, with no quotes and no escapes; typ is its type, by which
// times and the parts of what has parts are told apart.
func Printed(v any, typ string) string {
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
			parts[i] = Printed(e, within(typ, "array"))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case Pairs:
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

// pairsText prints a map in the order of Java's, and a row in its own.
func pairsText(pairs Pairs, typ string) string {
	inner := TypeParts(typ, "map")
	if len(inner) == 2 {
		pairs = javaOrder(pairs, inner[0])
	}
	fields := TypeParts(typ, "row")
	out := make([]string, len(pairs))
	for i, p := range pairs {
		key, value := "", ""
		switch {
		case len(inner) == 2:
			key, value = inner[0], inner[1]
		case i < len(fields):
			value = fieldType(fields[i])
		}
		out[i] = Printed(p.Key, key) + "=" + Printed(p.Value, value)
	}
	return "{" + strings.Join(out, ", ") + "}"
}

// fieldType is the type of a row's field, whose name may stand in quotes.
func fieldType(field string) string {
	name, typ, _ := strings.Cut(field, " ")
	if strings.HasPrefix(name, `"`) {
		_, typ, _ = strings.Cut(field[1:], `" `)
	}
	return typ
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

// SplitType takes the parameters from the name of a type: timestamp(3) with
// time zone is timestamp with time zone and (3).
func SplitType(full string) (base, rest string) {
	at := strings.IndexByte(full, '(')
	if at < 0 {
		return full, ""
	}
	base, rest = full[:at], full[at:]
	if strings.HasPrefix(base, "time") {
		if _, zone, ok := strings.Cut(rest, ") "); ok {
			base += " " + zone
		}
	}
	return base, rest
}
