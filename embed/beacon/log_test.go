package main

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// What the stream did not take stands in the log byte for byte as it was sent,
// so that it can be sent again.
func TestLogReplay(t *testing.T) {
	t.Parallel()
	long := strings.Repeat(`<&>\"`, 300)
	for _, c := range []struct {
		name, event, status string
		refuse              func(int, []string) ([]int, error)
		lost                []int // of the first call's lines
	}{
		{"hit", event2("GET", "/p.gif", `,"rawQueryString":"title=%3Ca%3E%26%22%5C%C3%A9&x=%E2%80%A8"`), "dropped; reason=stream", down, []int{0}},
		{"batch", event2("POST", "/p.gif", `,"body":`+quote(`[{"a":"<`+long+`>"},{"b":"&"},{}]`)), "dropped; reason=stream", down, []int{0, 1, 2}},
		{"part of a batch", event2("POST", "/p.gif", `,"body":`+quote(`[{"a":"1"},{"b":"<2>"},{"c":"3"}]`)), "recorded; count=2; dropped=1; reason=stream", refuseOnly(`<2>`), []int{1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newTestFunction(&fake{refuse: c.refuse})
			a := f.invoke(t, c.event)
			if a.status() != c.status {
				t.Errorf("status %q, want %q", a.status(), c.status)
			}
			if len(f.fake.calls) != 2 {
				t.Errorf("%d calls, want 2", len(f.fake.calls))
			}
			var want []string
			for _, n := range c.lost {
				want = append(want, f.fake.calls[0].lines[n])
			}
			lines := f.logged(t)
			if len(lines) != 1 {
				t.Fatalf("%d lines: %s", len(lines), f.log)
			}
			l := lines[0]
			if got := replay(lines); !slices.Equal(got, want) {
				t.Errorf("replayed\n%q, want\n%q", got, want)
			}
			if _, err := time.Parse(time.RFC3339, l.Timestamp); err != nil || l.Level != "ERROR" || l.Reason != "stream" ||
				l.Attempts != 2 || l.RequestID != "JKJaXmPLvHcESHA=" || l.Error == "" {
				t.Errorf("logged %+v (%v)", l, err)
			}
		})
	}
}

// A large batch takes several lines, each below what CloudWatch Logs takes as
// one event, and loses no record.
func TestLogLargeBatch(t *testing.T) {
	t.Parallel()
	entries := make([]string, 400)
	for i := range entries {
		entries[i] = `{"event":"e` + strconv.Itoa(i) + `"}`
	}
	query := "title=" + strings.Repeat("t", 1000) + "&url=https://shop.example/" + strings.Repeat("u", 1500)
	f := newTestFunction(&fake{refuse: down})
	f.invoke(t, event2("POST", "/p.gif", `,"rawQueryString":"`+query+`","body":`+quote("["+strings.Join(entries, ",")+"]")))
	lines := f.logged(t)
	if len(lines) < 2 {
		t.Fatalf("%d lines of %d bytes: the case is too small", len(lines), f.log.Len())
	}
	for line := range strings.Lines(f.log.String()) {
		if len(line) > 256<<10-26 { // 26 bytes are counted for each event
			t.Errorf("a line of %d bytes", len(line))
		}
	}
	if got := replay(lines); !slices.Equal(got, f.fake.calls[0].lines) {
		t.Errorf("replayed %d records that are not the %d sent", len(got), len(f.fake.calls[0].lines))
	}
}

// replay gives the lines that were to be stored.
func replay(logged []logLine) []string {
	var out []string
	for _, l := range logged {
		for _, r := range l.Records {
			out = append(out, string(r)+"\n")
		}
	}
	return out
}

func refuseOnly(part string) func(int, []string) ([]int, error) {
	return func(_ int, lines []string) ([]int, error) {
		if i := slices.IndexFunc(lines, func(s string) bool { return strings.Contains(s, part) }); i >= 0 {
			return []int{i}, nil
		}
		return nil, nil
	}
}
