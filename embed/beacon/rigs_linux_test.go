package main

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pixelctl/pkg/spec"
)

// The zip's own binary under the Runtime API: every hit gets its image, every
// record arrives once, and what the stream does not take stands in the log.
func TestRigBinary(t *testing.T) {
	needRigs(t)
	d := newDeliveryStream(t)
	bootstrap := zipped(t, "pixelctl/embed/beacon")
	p := launch(t, d, filepath.Dir(bootstrap), bootstrap)

	for _, c := range []struct {
		name, event, status string
		mode                mode
		image               bool
		calls, stored, lost int
	}{
		{"hit", event2("GET", "/p.gif", `,"rawQueryString":"event=buy"`), "recorded", up, true, 1, 1, 0},
		{"batch", event2("POST", "/p.gif", `,"body":"[{},{},{}]"`), "recorded; count=3", up, false, 1, 3, 0},
		{"format 1.0", event1(""), "recorded", up, true, 1, 1, 0},
		{"no request", `{"key":"value"}`, "dropped; reason=event", up, true, 0, 0, 0},
		{"stream down", event2("GET", "/p.gif", `,"rawQueryString":"event=%3Cbuy%3E"`), "dropped; reason=stream", broken, true, 2, 0, 1},
		{"stream slow", event2("GET", "/p.gif", ""), "dropped; reason=stream", hanging, true, 2, 0, 1},
		{"batch, stream down", event2("POST", "/p.gif", `,"body":"[{},{}]"`), "dropped; reason=stream", broken, false, 2, 0, 2},
		{"stream up again", event2("GET", "/p.gif", ""), "recorded", up, true, 1, 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			d.set(c.mode)
			body, _ := p.invoke(t, c.event)
			a := readAnswer(t, []byte(body))
			if a.status() != c.status {
				t.Errorf("status %q, want %q", a.status(), c.status)
			}
			if c.image {
				a.isImage(t)
			}
			calls, lines := d.seen()
			if calls != c.calls || len(lines) != c.stored {
				t.Errorf("%d calls stored %d records, want %d and %d", calls, len(lines), c.calls, c.stored)
			}
			for _, line := range lines {
				parse(t, line)
			}
			if strings.HasPrefix(c.status, "dropped") {
				logged(t, p, c.lost)
			}
		})
	}
	if len(p.out) > 0 {
		t.Errorf("printed %s as well", <-p.out)
	}
}

// The zip's own binary with a spec beside it: own columns, and hashes whose keys
// come from the secret, which two processes agree on.
func TestRigSpec(t *testing.T) {
	needRigs(t)
	d := newDeliveryStream(t)
	bootstrap := zipped(t, "pixelctl/embed/beacon")
	wish := richSpec()
	wish.Privacy = spec.Privacy{User: spec.Hash}
	writeSpec(t, filepath.Join(filepath.Dir(bootstrap), specFile), string(wish.JSON()))
	event := eventNow(strings.Replace(browserEvent, "1783243800123", "NOW", 1))
	for range 2 {
		p := launch(t, d, filepath.Dir(bootstrap), bootstrap)
		for range 2 {
			body, _ := p.invoke(t, event)
			readAnswer(t, []byte(body)).isImage(t)
		}
		if len(p.out) > 0 {
			t.Errorf("printed %s", <-p.out)
		}
	}
	_, lines := d.seen()
	users := map[string]bool{}
	for _, line := range lines {
		rec := parse(t, line)
		user, _ := rec["user_id"].(string)
		users[user] = true
		if len(user) != 32 || rec["product"] != "42" || rec["theme"] != "dark" {
			t.Errorf("%v", rec)
		}
	}
	if want := []string{"GetSecretValue", "PutSecretValue", "GetSecretValue"}; len(lines) != 4 || len(users) != 1 || !slices.Equal(d.asked, want) {
		t.Errorf("%d records of users %v after %q", len(lines), users, d.asked)
	}
}

// A spec of no use is told once, and leaves the image.
func TestRigBrokenSpec(t *testing.T) {
	needRigs(t)
	d := newDeliveryStream(t)
	bootstrap := zipped(t, "pixelctl/embed/beacon")
	writeSpec(t, filepath.Join(filepath.Dir(bootstrap), specFile), "<html>")
	p := launch(t, d, filepath.Dir(bootstrap), bootstrap)
	if line := wait(t, "a line of the log", p.out); !strings.Contains(line, `"reason":"spec"`) {
		t.Errorf("printed %s", line)
	}
	body, _ := p.invoke(t, browserEvent)
	readAnswer(t, []byte(body)).isImage(t)
	_, lines := d.seen()
	if len(lines) != 1 || strings.Contains(lines[0], "u-4711") || len(d.asked) > 0 {
		t.Errorf("put %s after %q", lines, d.asked)
	}
}

// logged wants one line on stdout that holds n records.
func logged(t *testing.T, p *process, n int) {
	t.Helper()
	var l logLine
	if err := json.Unmarshal([]byte(wait(t, "a line of the log", p.out)), &l); err != nil {
		t.Fatal(err)
	}
	lines := replay([]logLine{l})
	if len(lines) != n || l.Level != "ERROR" {
		t.Errorf("logged %+v, want %d records", l, n)
	}
	for _, line := range lines {
		parse(t, line)
	}
}

// Hits one after the other all arrive, in order and once.
func TestRigManyHits(t *testing.T) {
	needRigs(t)
	d := newDeliveryStream(t)
	bootstrap := zipped(t, "pixelctl/embed/beacon")
	p := launch(t, d, filepath.Dir(bootstrap), bootstrap)
	var want, got []string
	for i := range 200 {
		id := "hit-" + strconv.Itoa(i)
		want = append(want, id)
		body, _ := p.invoke(t, strings.Replace(event2("GET", "/p.gif", ""), "JKJaXmPLvHcESHA=", id, 1))
		readAnswer(t, []byte(body)).isImage(t)
	}
	_, lines := d.seen()
	for _, line := range lines {
		id, _ := parse(t, line)["event_id"].(string)
		got = append(got, id)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%d records that are not the %d hits", len(got), len(want))
	}
}
