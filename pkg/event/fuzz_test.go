package event

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// fuzzRecord spreads s over all strings, some of them repeated, so that one
// input covers short, cut and absent values.
func fuzzRecord(s string, times, params uint16, skip uint64, number int64, value float64) *Record {
	full := strings.Repeat(s, 1+int(times%3_000))
	full = full[:min(len(full), limitURL+400)] // longer than every limit
	r := filled(full)
	for i := range columns {
		switch v := columns[i].at(r).(type) {
		case *string:
			if skip>>(i%64)&1 == 1 {
				*v = s
			} else if skip>>((i+7)%64)&1 == 1 {
				*v = ""
			}
		case *Millis:
			*v = Millis(number)
		case *Opt[float64]:
			*v = Some(value)
		}
	}
	for i := range int(params % 64) {
		r.Params = append(r.Params, Param{fmt.Sprint(s, i%40), full[:len(full)/(i+1)]})
	}
	return r
}

func FuzzAppendLine(f *testing.F) {
	f.Add("news", uint16(0), uint16(2), uint64(0), int64(1_783_242_245_123), 12.5)
	f.Add("\x00\xff\u2028\"\\\n", uint16(700), uint16(63), uint64(0x5555), int64(-1), 1e300)
	f.Add("€😀", uint16(2_999), uint16(40), ^uint64(0), int64(1)<<62, -1e-9)
	f.Fuzz(func(t *testing.T, s string, times, params uint16, skip uint64, number int64, value float64) {
		r := fuzzRecord(s, times, params, skip, number, value)
		whole := r.AppendJSON(nil)
		before := decode(t, whole)
		line := r.AppendLine([]byte("kept"))
		rest, ok := bytes.CutPrefix(line, []byte("kept"))
		if !ok {
			t.Fatal("changed what was in dst")
		}
		after := checkLine(t, rest)
		if len(whole) <= MaxJSON {
			if !bytes.Equal(rest[:len(rest)-1], whole) {
				t.Error("a record that fits was changed")
			}
			return
		}
		if after["truncated"] != true {
			t.Error("cut, and not marked")
		}
		checkPrefixes(t, before, after)
	})
}

// checkPrefixes fails unless every text of after is a prefix of what it was.
func checkPrefixes(t *testing.T, before, after map[string]any) {
	t.Helper()
	for name, v := range after {
		cut, ok := v.(string)
		if was, _ := before[name].(string); ok && !strings.HasPrefix(was, cut) {
			t.Errorf("%s: %q is no prefix of %q", name, cut, was)
		}
	}
}

func FuzzQuote(f *testing.F) {
	f.Add("plain")
	f.Add("\x00\x1f\x7f\"\\/<>&\u2028\u2029\ufffd\xed\xa0\x80\xf0\x9f")
	f.Fuzz(func(t *testing.T, s string) {
		want := strings.ReplaceAll(string([]rune(s)), "\x00", "\uFFFD")
		if s != "" && field(t, s) != want {
			t.Errorf("%q is read back as %q", s, field(t, s))
		}
		if got := appendString(nil, s, len(s)); len(got) != quotedLen(s)+2 {
			t.Errorf("%d bytes, quotedLen %d", len(got), quotedLen(s))
		}
	})
}
