package event

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestFieldParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typ  Type
		text string
		want Value // Field is set by the test
	}{
		{String, "a b ", Value{Text: "a b "}},
		{Int, "0", Value{}},
		{Int, "007", Value{Int: 7}},
		{Int, "2147483647", Value{Int: math.MaxInt32}},
		{Int, "-2147483648", Value{Int: math.MinInt32}},
		{BigInt, "9223372036854775807", Value{Int: math.MaxInt64}},
		{BigInt, "-9223372036854775808", Value{Int: math.MinInt64}},
		{Double, "7", Value{Float: 7}},
		{Double, "-0.5", Value{Float: -0.5}},
		{Double, "1.5e-3", Value{Float: 0.0015}},
		{Double, "00.001E+5", Value{Float: 100}},
		{Double, "9.9e307", Value{Float: 9.9e307}},
		{Double, "1e-9999", Value{}},
		{Double, "0." + strings.Repeat("0", 300) + "1e400", Value{Float: 1e99}},
		{Double, "0", Value{}},
		{Boolean, "true", Value{Int: 1}},
		{Boolean, "Yes", Value{Int: 1}},
		{Boolean, "1", Value{Int: 1}},
		{Boolean, "FALSE", Value{}},
		{Boolean, "no", Value{}},
		{Boolean, "0", Value{}},
		{Timestamp, "1783242611123", Value{Int: 1783242611123}},
		{Timestamp, "-1", Value{Int: -1}},
		{Timestamp, "2026-07-05T09:10:11Z", Value{Int: 1783242611000}},
		{Timestamp, "2026-07-05T11:10:11.1239+02:00", Value{Int: 1783242611123}},
		{Timestamp, "2026-07-05T03:40:11.5-05:30", Value{Int: 1783242611500}},
		{Timestamp, "2026-07-05 09:10:11", Value{Int: 1783242611000}},
		{Timestamp, "2026-07-05 09:10:11.12", Value{Int: 1783242611120}},
		{Timestamp, "1969-12-31 23:59:59.999", Value{Int: -1}},
		{Date, "2026-07-05", Value{Int: 20639}},
		{Date, "1969-12-31", Value{Int: -1}},
		{Date, "2024-02-29", Value{Int: 19782}},
		{Date, "0001-01-01", Value{Int: -719162}},
		{Date, "9999-12-31", Value{Int: 2932896}},
	} {
		f := &Field{Name: "f", Type: c.typ}
		c.want.Field = f
		if got, ok := f.Parse(c.text); !ok || got != c.want {
			t.Errorf("%s %q: got %+v %v, want %+v", c.typ, c.text, got, ok, c.want)
		}
	}
}

func TestFieldParseRefuses(t *testing.T) {
	t.Parallel()
	for typ, texts := range map[Type][]string{
		String:    {""},
		Int:       {"", "-", "+1", "1.0", " 1", "1 ", "0x1", "1_000", "2147483648", "-2147483649", "٣", strings.Repeat("0", 21)},
		BigInt:    {"", "9223372036854775808", "-9223372036854775809", "99999999999999999999", "1e3"},
		Double:    {"", "-", ".5", "5.", "+1", "NaN", "Inf", "-inf", "0x1p4", "1_0", "1e", "1e+-5", "1e99999", "1e308", "1e0000309", "1,5", "1e5x", "12345" + strings.Repeat("0", 400)},
		Boolean:   {"", "2", "on", "off", "y", "yeſ", "falſe", "truee"},
		Timestamp: {"", "253402300800000", "-62135596800001", "2026-07-05", "2026-07-05T09:10:11", "2026-07-05 09:10:11Z", "2026-07-05 09:10", "2026-07-05T09:10:60Z", "2026-07-05T24:00:00Z", "2026-02-30T00:00:00Z", "2026-07-05T09:10:11.Z", "2026-07-05T09:10:11.1234567890Z", "2026-07-05T09:10:11+0200", "2026-07-05T09:10:11 02:00", "2026-07-05T09:10:11+24:00", "2026-07-05t09:10:11z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "0000-01-01 00:00:00", "2026-07-05X09:10:11", "2026-07-05 09:10:11,5"},
		Date:      {"", "2026-7-5", "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "0000-01-01", "2026-07-05 ", "05.07.2026", "2026/07/05"},
		Map:       {"", "a"},
		"struct":  {"a"},
	} {
		f := &Field{Name: "f", Type: typ}
		for _, text := range texts {
			if got, ok := f.Parse(text); ok || got != (Value{}) {
				t.Errorf("%s %q: got %+v %v", typ, text, got, ok)
			}
		}
	}
}

func TestFieldParseAllocates(t *testing.T) {
	for typ, texts := range map[Type][]string{
		String: {"a"}, Int: {"7", "x"}, BigInt: {"99999999999999999999"}, Double: {"1.5", "1e400", "1e-400", "x"},
		Boolean: {"yes", "x"}, Timestamp: {"2026-07-05T09:10:11Z", "2026-07-05T09:10:99Z"}, Date: {"2026-07-05", "2026-02-30"},
	} {
		f := &Field{Name: "f", Type: typ}
		for _, text := range texts {
			if n := testing.AllocsPerRun(100, func() { f.Parse(text) }); n != 0 {
				t.Errorf("%s %q: %v allocations", typ, text, n)
			}
		}
	}
}

var decimal = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,4})?$`)

// FuzzFieldParse holds each type against the standard library.
func FuzzFieldParse(f *testing.F) {
	for _, s := range []string{"", "a", "-7", "1e308", "0.001e310", "yes", "2026-07-05T11:10:11.123+02:00", "2026-07-05 09:10:11.5", "2024-02-29", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		parse := func(typ Type) (Value, bool) { return (&Field{Type: typ}).Parse(s) }
		if v, ok := parse(String); ok != (s != "") || v.Text != s {
			t.Errorf("string %q: %+v %v", s, v, ok)
		}
		n, err := strconv.ParseInt(s, 10, 64)
		if v, ok := parse(BigInt); v.Int != n && err == nil && ok || ok && err != nil || !ok && err == nil && s[0] != '+' && len(s) <= 20 {
			t.Errorf("bigint %q: %+v %v, strconv %d %v", s, v, ok, n, err)
		}
		x, err := strconv.ParseFloat(s, 64)
		known := err == nil && math.Abs(x) < 1e308 && decimal.MatchString(s) && len(s) <= 400
		if v, ok := parse(Double); ok && (!known || v.Float != x) || !ok && known && x != 0 {
			t.Errorf("double %q: %+v %v, strconv %v %v", s, v, ok, x, err)
		}
		sameTime(t, s, Date, time.DateOnly)
		sameTime(t, s, Timestamp, time.RFC3339)
		sameTime(t, s, Timestamp, time.DateTime)
	})
}

// sameTime fails unless package time reads what Parse reads in this layout,
// and writes it back.
func sameTime(t *testing.T, s string, typ Type, layout string) {
	t.Helper()
	v, ok := (&Field{Type: typ}).Parse(s)
	if _, err := strconv.ParseInt(s, 10, 64); err == nil && typ == Timestamp {
		return // milliseconds
	}
	isLayout := len(s) > 10 && s[10] == layout[min(10, len(layout)-1)] || layout == time.DateOnly
	if !ok || !isLayout {
		return
	}
	want, err := time.Parse(layout, s)
	got := want.UnixMilli()
	if typ == Date {
		got /= 1000 * secondsOfDay
	}
	if err != nil || got != v.Int {
		t.Errorf("%s %q: %d, package time %d %v", typ, s, v.Int, got, err)
	}
}
