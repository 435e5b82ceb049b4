package event

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTrimCutsEachColumn(t *testing.T) {
	for _, c := range columns {
		if c.Type != String {
			continue
		}
		r := &Record{}
		s, _ := c.at(r).(*string)
		*s = long(c.Limit)
		r.Trim()
		if len(*s) != c.Limit || r.Truncated {
			t.Errorf("%s: %d bytes within the limit became %d, truncated %v", c.Name, c.Limit, len(*s), r.Truncated)
		}
		*s = long(c.Limit-1) + "€"
		r.Trim()
		if *s != long(c.Limit-1) || !r.Truncated {
			t.Errorf("%s: cut to %d bytes, truncated %v", c.Name, len(*s), r.Truncated)
		}
	}
}

func TestTrimParams(t *testing.T) {
	r := &Record{}
	for range MaxParams {
		r.Params = append(r.Params, Param{long(MaxParamKey), long(MaxParamValue)})
	}
	if r.Trim(); r.Truncated || len(r.Params) != MaxParams {
		t.Fatalf("cut within the limits to %d entries", len(r.Params))
	}
	r.Params = append(r.Params, Param{"k", "v"})
	if r.Trim(); !r.Truncated || len(r.Params) != MaxParams {
		t.Errorf("%d entries, truncated %v", len(r.Params), r.Truncated)
	}
	for _, p := range []Param{{long(MaxParamKey + 1), ""}, {"", long(MaxParamValue + 1)}} {
		r := &Record{Params: []Param{p}}
		r.Trim()
		if got := r.Params[0]; !r.Truncated || len(got.Key) > MaxParamKey || len(got.Value) > MaxParamValue {
			t.Errorf("key %d, value %d bytes, truncated %v", len(got.Key), len(got.Value), r.Truncated)
		}
	}
}

func TestTrimKeepsTruncated(t *testing.T) {
	r := &Record{Truncated: true}
	if r.Trim(); !r.Truncated {
		t.Error("Trim took back what the beacon had set")
	}
}

func TestTrimAllocatesNothing(t *testing.T) {
	r := browserHit()
	if n := testing.AllocsPerRun(100, r.Trim); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if r.Truncated {
		t.Error("a usual hit is cut")
	}
}

func TestHead(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{
		{"abc", 3, "abc"},
		{"abc", 2, "ab"},
		{"abc", 0, ""},
		{"a€b", 4, "a€"},
		{"a€b", 3, "a"},
		{"a€b", 2, "a"},
		{"😀", 3, ""},
		{"\x80\x80\x80\x80\x80\x80", 5, "\x80\x80\x80\x80\x80"},
		{"\x80\x80", 1, "\x80"},
		{"\x80", 0, ""},
	} {
		if got := Head(c.in, c.n); got != c.want {
			t.Errorf("Head(%q, %d) is %q, want %q", c.in, c.n, got, c.want)
		}
	}
	for s, n := strings.Repeat("ä€😀", 20), 0; n < 180; n++ {
		if got := Head(s, n); !utf8.ValidString(got) || n-len(got) >= utf8.UTFMax {
			t.Errorf("head at %d gives %d bytes", n, len(got))
		}
	}
}

func BenchmarkTrim(b *testing.B) {
	r := browserHit()
	b.ReportAllocs()
	for b.Loop() {
		r.Trim()
	}
}
