//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"time"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"pixelctl/pkg/query"
)

// The converters pass NULL and what they do not know on as text, so a type of
// a later engine is readable and no value is lost.

func same(v any) any { return v }

func text(v any) any {
	if v == nil {
		return nil
	}
	return fmt.Sprint(v)
}

func integer(v any) any {
	if v == nil {
		return nil
	}
	r := reflect.ValueOf(v)
	switch {
	case r.CanInt():
		return r.Int()
	case r.CanUint() && r.Uint() <= 1<<63-1:
		return int64(r.Uint()) //nolint:gosec // checked above
	}
	return text(v)
}

// huge is what sums of whole numbers are here. On Athena they are bigint, and
// fail beyond it.
func huge(v any) any {
	if n, ok := v.(*big.Int); ok && n.IsInt64() {
		return n.Int64()
	}
	return wholeDecimal(v)
}

func wholeDecimal(v any) any {
	if v == nil {
		return nil
	}
	return query.Decimal(fmt.Sprint(v))
}

// float gives a 32-bit number the digits it was written with.
func float(v any) any {
	f, ok := v.(float32)
	if !ok {
		return text(v)
	}
	wide, err := strconv.ParseFloat(strconv.FormatFloat(float64(f), 'g', -1, 32), 64)
	if err != nil {
		return float64(f)
	}
	return wide
}

func decimalOf(v any) any {
	d, ok := v.(duckdb.Decimal)
	if !ok {
		return text(v)
	}
	return query.Decimal(decimalText(d.Value, int(d.Scale)))
}

// decimalText writes every digit of the scale, as Athena does.
func decimalText(unscaled *big.Int, scale int) string {
	digits := new(big.Int).Abs(unscaled).String()
	if pad := scale + 1 - len(digits); pad > 0 {
		digits = strings.Repeat("0", pad) + digits
	}
	if scale > 0 {
		point := len(digits) - scale
		digits = digits[:point] + "." + digits[point:]
	}
	if unscaled.Sign() < 0 {
		return "-" + digits
	}
	return digits
}

func instant(v any) any {
	t, ok := v.(time.Time)
	if !ok {
		return text(v)
	}
	return t.UTC()
}

func timeText(v any) any     { return clockText(v, "15:04:05.000") }
func timeZoneText(v any) any { return clockText(v, "15:04:05.000-07:00") }

func clockText(v any, layout string) any {
	t, ok := v.(time.Time)
	if !ok {
		return text(v)
	}
	return t.Format(layout)
}

// intervalText writes an interval as Athena does: 1-2 for months, else days and
// time, such as 2 03:04:05.000.
func intervalText(v any) any {
	i, ok := v.(duckdb.Interval)
	if !ok {
		return text(v)
	}
	sign, months, micros := "", int64(i.Months), int64(i.Days)*day+i.Micros
	if months < 0 || micros < 0 {
		sign, months, micros = "-", -months, -micros
	}
	span := fmt.Sprintf("%d %s", micros/day, time.UnixMicro(micros%day).UTC().Format("15:04:05.000"))
	switch years := fmt.Sprintf("%s%d-%d", sign, months/12, months%12); {
	case months != 0 && micros != 0: // only DuckDB has both in one
		return years + " " + span
	case months != 0:
		return years
	}
	return sign + span
}

const day = int64(24 * time.Hour / time.Microsecond)

func uuidText(v any) any {
	b, ok := v.([]byte)
	if !ok || len(b) != 16 {
		return text(v)
	}
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func bitText(v any) any {
	if b, ok := v.(duckdb.Bit); ok {
		return b.String()
	}
	return text(v)
}

func unionText(v any) any {
	if u, ok := v.(duckdb.Union); ok {
		return text(u.Value)
	}
	return text(v)
}

// nestedJSON writes JSON within other types, which the driver decodes. Columns
// of JSON are read as text.
func nestedJSON(v any) any {
	if v == nil {
		return nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return text(v)
	}
	return string(b)
}

func listOf(convert converter) converter {
	return func(v any) any {
		list, ok := v.([]any)
		if !ok {
			return text(v)
		}
		out := make([]any, len(list))
		for i := range list {
			out[i] = convert(list[i])
		}
		return out
	}
}

func mapOf(key, value converter) converter {
	return func(v any) any {
		m, ok := v.(duckdb.OrderedMap)
		if !ok {
			return text(v)
		}
		keys, values := m.Keys(), m.Values()
		out := make(query.Pairs, len(keys))
		for i := range keys {
			out[i] = query.Pair{Key: key(keys[i]), Value: value(values[i])}
		}
		return out
	}
}

func rowOf(names []string, fields []converter) converter {
	return func(v any) any {
		m, ok := v.(map[string]any)
		if !ok {
			return text(v)
		}
		out := make(query.Pairs, len(names))
		for i, name := range names {
			out[i] = query.Pair{Key: name, Value: fields[i](m[name])}
		}
		return out
	}
}
