package event

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// checkLine fails unless line is one valid record line within the limit.
func checkLine(t *testing.T, line []byte) map[string]any {
	t.Helper()
	if len(line) > MaxJSON+1 {
		t.Errorf("%d bytes", len(line))
	}
	if bytes.IndexByte(line, '\n') != len(line)-1 {
		t.Errorf("no newline at the end, or one within: %.300q", line)
	}
	if !utf8.Valid(line) || bytes.IndexByte(line, 0) >= 0 || bytes.Contains(line, []byte(`\u0000`)) {
		t.Errorf("bytes an engine cannot store: %.300q", line)
	}
	return decode(t, line)
}

func TestAppendLineFits(t *testing.T) {
	r := browserHit()
	want := string(r.AppendJSON(nil)) + "\n"
	if got := string(r.AppendLine(nil)); got != want || r.Truncated {
		t.Errorf("truncated %v, got %s", r.Truncated, got)
	}
}

func TestAppendLineAtTheEdge(t *testing.T) {
	r := &Record{}
	room := MaxJSON - len(r.AppendJSON(nil)) - len(`,"page_url":""`)
	for over := range 3 {
		r := &Record{PageURL: long(room + over)}
		line := r.AppendLine(nil)
		checkLine(t, line)
		if r.Truncated != (over > 0) {
			t.Errorf("%d bytes over: truncated %v", over, r.Truncated)
		}
		if over == 0 && len(line) != MaxJSON+1 {
			t.Errorf("%d bytes, want all of %d", len(line), MaxJSON+1)
		}
	}
}

// A long page fills URL, path and query at once; ids and names must survive.
func TestAppendLineCutsTheLongest(t *testing.T) {
	r := browserHit()
	r.PageURL, r.PagePath, r.PageQuery = long(2_000), long(1_900), long(1_800)
	before := *browserHit()
	line := r.AppendLine([]byte("kept"))
	got := checkLine(t, bytes.TrimPrefix(line, []byte("kept")))
	if got["truncated"] != true {
		t.Error("not marked as truncated")
	}
	if n := len(line) - len("kept"); n < MaxJSON-16 {
		t.Errorf("%d bytes: cut far more than needed", n)
	}
	for name, want := range map[string]string{
		"event_id": before.EventID, "user_agent": before.UserAgent, "user_id": before.UserID, "site": before.Site,
	} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
}

func TestAppendLineOfAnything(t *testing.T) {
	huge := 10 << 20
	if testing.Short() {
		huge = 1 << 20
	}
	many := func(n int, key, value string) []Param {
		ps := make([]Param, n)
		for i := range ps {
			ps[i] = Param{fmt.Sprint(key, i), value}
		}
		return ps
	}
	for name, r := range map[string]*Record{
		"one huge value":    {UserAgent: long(huge)},
		"huge id":           {EventID: strings.Repeat("\x01", huge)},
		"huge everywhere":   filled(strings.Repeat("\x01", huge)),
		"huge runes":        filled(strings.Repeat("€", huge/3)),
		"huge and invalid":  filled(strings.Repeat("\x80", huge)),
		"10,000 params":     {Params: many(10_000, "k", "v")},
		"huge params":       {Params: many(40, long(huge/64), strings.Repeat("\n", huge/64))},
		"keys cut to one":   {Params: many(30, strings.Repeat("\x02", 120), strings.Repeat("\x02", 1_000))},
		"same key":          {Params: slices.Repeat([]Param{{"k", long(5_000)}}, 10_000)},
		"limits everywhere": atLimits("x"),
		"escapes at limits": atLimits("\x1f"),
	} {
		t.Run(name, func(t *testing.T) {
			line := r.AppendLine(nil)
			got := checkLine(t, line)
			if got["truncated"] != true || !r.Truncated {
				t.Error("not marked as truncated")
			}
			r.Trim() // all limits are kept, so this changes nothing
			if again := r.AppendLine(nil); !bytes.Equal(again, line) {
				t.Error("the record does not hold what its line says")
			}
			if cap(line) > 1<<20 {
				t.Errorf("took %d bytes of memory", cap(line))
			}
		})
	}
}

// What the JSON leaves out must not push out what it holds.
func TestAppendLineIgnoresRepeatedKeys(t *testing.T) {
	r := &Record{PageURL: long(limitURL), ReferrerURL: long(limitURL), Path: long(limitURL)}
	r.Params = append([]Param{{"k", "first"}}, slices.Repeat([]Param{{"k", long(MaxParamValue)}}, 20)...)
	line := r.AppendLine(nil)
	got := checkLine(t, line)
	if len(line) < MaxJSON-16 {
		t.Errorf("%d bytes: cut far more than needed", len(line))
	}
	if params, _ := got["params"].(map[string]any); params["k"] != "first" {
		t.Errorf("params %v", params)
	}
}

// Without its id a row cannot be told from a copy of it.
func TestAppendLineCutsIDsLast(t *testing.T) {
	r := atLimits("\x1f")
	r.EventID = long(100)
	checkLine(t, r.AppendLine(nil))
	if r.EventID != long(100) {
		t.Errorf("the id is cut to %d bytes", len(r.EventID))
	}
}

// atLimits is the longest record that Trim leaves as it is.
func atLimits(s string) *Record {
	r := filled(strings.Repeat(s, limitURL))
	r.Params = nil
	for i := range MaxParams {
		key := fmt.Sprint(i)
		r.Params = append(r.Params, Param{key + strings.Repeat(s, MaxParamKey), strings.Repeat(s, MaxParamValue)})
	}
	r.Trim()
	r.Truncated = false
	return r
}

// appendCut ends because a record without any text is short.
func TestRecordWithoutTextFits(t *testing.T) {
	r := filled("")
	for i := range MaxParams {
		r.Params = append(r.Params, Param{string(rune('a' + i)), ""})
	}
	sum := len(r.AppendJSON(nil))
	for _, c := range columns {
		sum += len(`,"":""`) + len(c.Name)
	}
	if sum > MaxJSON/2 {
		t.Errorf("%d bytes before any text", sum)
	}
}

func TestAppendLineAllocatesNothing(t *testing.T) {
	r, buf := browserHit(), make([]byte, 0, MaxJSON+1)
	if n := testing.AllocsPerRun(100, func() { buf = r.AppendLine(buf[:0]) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkAppendLine(b *testing.B) {
	worst := atLimits("\x1f")
	b.Run("browser", func(b *testing.B) {
		r, buf := browserHit(), make([]byte, 0, MaxJSON+1)
		b.ReportAllocs()
		for b.Loop() {
			buf = r.AppendLine(buf[:0])
		}
		b.SetBytes(int64(len(buf)))
	})
	b.Run("worst", func(b *testing.B) {
		buf := make([]byte, 0, MaxJSON+1)
		params := make([]Param, len(worst.Params))
		b.ReportAllocs()
		for b.Loop() {
			r := *worst
			r.Params = params[:copy(params, worst.Params)]
			buf = r.AppendLine(buf[:0])
		}
	})
}
