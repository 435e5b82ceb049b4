package event

import (
	"bytes"
	"math"
	"testing"
)

func TestAppendJSONMinimal(t *testing.T) {
	want := `{"schema_version":0,"event_id":"","received_at":"1970-01-01 00:00:00.000",` +
		`"event":"","site":"","client_class":"","dnt":false,"gpc":false,"status":"","truncated":false}`
	got := string((&Record{}).AppendJSON([]byte("kept ")))
	if got != "kept "+want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAppendJSONBrowserHit(t *testing.T) {
	golden(t, "browser_hit.json", string(browserHit().AppendJSON(nil))+"\n")
}

func TestAppendJSONFilled(t *testing.T) {
	got := decode(t, filled("v").AppendJSON(nil))
	for _, c := range columns {
		if _, ok := got[c.Name]; !ok {
			t.Errorf("%s is absent", c.Name)
		}
	}
	if len(got) != len(columns) {
		t.Errorf("%d keys for %d columns", len(got), len(columns))
	}
}

func TestAppendJSONStrings(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"quote and backslash", `a"b\c/`, `a\"b\\c/`},
		{"html stays", "<a href='x'>&amp;</a>", "<a href='x'>&amp;</a>"},
		{"short escapes", "\n\r\t", `\n\r\t`},
		{"controls", "\x01\x08\x0c\x1b\x1f\x7f", `\u0001\u0008\u000c\u001b\u001f` + "\x7f"},
		{"nul", "a\x00b", "a\uFFFDb"},
		{"line separators", "\u2027\u2028\u2029\u202a", "\u2027" + `\u2028\u2029` + "\u202a"},
		{"runes", "aä€😀z", "aä€😀z"},
		{"replacement character", "\uFFFD", "\uFFFD"},
		{"invalid bytes", "a\xff\xfeb", "a\uFFFD\uFFFDb"},
		{"cut rune", "\xe2\x82", "\uFFFD\uFFFD"},
		{"surrogate", "\xed\xa0\x80", "\uFFFD\uFFFD\uFFFD"},
		{"overlong", "\xc0\x80", "\uFFFD\uFFFD"},
		{"mixed", "ok\n€\x00\xff\u2028end", `ok\n€` + "\uFFFD\uFFFD" + `\u2028end`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := string(appendString(nil, c.in, math.MaxInt))
			if got != `"`+c.want+`"` {
				t.Errorf("got %s, want %q", got, c.want)
			}
			if n := quotedLen(c.in); n != len(c.want) {
				t.Errorf("quotedLen %d, want %d", n, len(c.want))
			}
		})
	}
}

func TestAppendStringEveryByte(t *testing.T) {
	for b := range 256 {
		in := "p" + string([]byte{byte(b)}) + "s"
		want := in
		if b == 0 || b >= 0x80 {
			want = "p\uFFFDs"
		}
		if got := field(t, in); got != want {
			t.Errorf("byte %#x: got %q, want %q", b, got, want)
		}
	}
}

func TestAppendJSONDoubles(t *testing.T) {
	for _, c := range []struct {
		in   float64
		want string // "" for absent
	}{
		{0, "0"},
		{math.Copysign(0, -1), "-0"},
		{12.5, "12.5"},
		{1e6, "1000000"},
		{1e20, "100000000000000000000"},
		{1e21, "1e+21"},
		{-1e-7, "-1e-07"},
		{math.MaxFloat64, "1.7976931348623157e+308"},
		{math.NaN(), ""},
		{math.Inf(1), ""},
		{math.Inf(-1), ""},
	} {
		want := ""
		if c.want != "" {
			want = `,"value":` + c.want
		}
		got := (&Record{Value: Some(c.in)}).AppendJSON(nil)
		if present := bytes.Contains(got, []byte(`"value"`)); present != (want != "") || !bytes.Contains(got, []byte(want)) {
			t.Errorf("%v: want %q in %s", c.in, want, got)
		}
	}
}

func TestAppendJSONOptional(t *testing.T) {
	got := decode(t, (&Record{
		IsBot:        Some(false),
		ScreenWidth:  Some[int32](0),
		ScreenHeight: Some[int32](math.MinInt32),
		Value:        Some(0.0),
		ClientTS:     -1,
	}).AppendJSON(nil))
	for name, want := range map[string]any{
		"is_bot": false, "screen_width": 0.0, "screen_height": float64(math.MinInt32),
		"value": 0.0, "client_ts": "1969-12-31 23:59:59.999",
	} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
}

func TestAppendJSONParams(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []Param
		want string
	}{
		{"order kept", []Param{{"b", "1"}, {"a", ""}}, `{"b":"1","a":""}`},
		{"later duplicate skipped", []Param{{"a", "1"}, {"b", "2"}, {"a", "3"}}, `{"a":"1","b":"2"}`},
		{"same once replaced", []Param{{"k\x00", "1"}, {"k\xff", "2"}, {"k\uFFFD", "3"}}, `{"k` + "\uFFFD" + `":"1"}`},
		{"empty key", []Param{{"", "1"}, {"", "2"}}, `{"":"1"}`},
		{"prefix is another key", []Param{{"ab", "1"}, {"a", "2"}, {"A", "3"}}, `{"ab":"1","a":"2","A":"3"}`},
		{"escaped", []Param{{`"`, `\`}}, `{"\"":"\\"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := (&Record{Params: c.in}).AppendJSON(nil)
			if !bytes.Contains(got, []byte(`,"params":`+c.want+`,`)) {
				t.Errorf("got %s, want params %s", got, c.want)
			}
		})
	}
	if got := (&Record{Params: []Param{}}).AppendJSON(nil); bytes.Contains(got, []byte("params")) {
		t.Errorf("empty params are written: %s", got)
	}
}

func BenchmarkAppendJSON(b *testing.B) {
	r, buf := browserHit(), make([]byte, 0, MaxJSON+1)
	b.ReportAllocs()
	for b.Loop() {
		buf = r.AppendJSON(buf[:0])
	}
	b.SetBytes(int64(len(buf)))
}
