package rigs

import (
	"bytes"
	"fmt"
	"time"

	"pixelctl/pkg/event"
)

// Hits are records as the stream takes them, a JSON line each: hours of one
// and of two digits, a few events twice, every class of client, and the
// values over which engines and formats fall out.
func Hits() []byte {
	begin := time.Date(2026, 7, 5, 9, 0, 0, 7e6, time.UTC)
	var lines []byte
	for i, odd := range oddities() {
		r := hit(i, begin.Add(time.Duration(i)*7*time.Minute))
		odd(&r)
		lines = r.AppendLine(lines)
		if i%5 == 0 {
			r.ReceivedAt++ // the copy that a repeated put leaves
			lines = r.AppendLine(lines)
		}
	}
	last := hit(90, time.Date(2026, 12, 31, 23, 59, 59, 999e6, time.UTC))
	lines = last.AppendLine(lines)
	known := named(hit(92, begin.Add(22*time.Minute)))
	lines = known.AppendLine(lines)
	return append(lines, emptyMap(hit(91, begin))...)
}

// named is the record that the statements of pkg/cloud name by its values.
func named(r event.Record) event.Record {
	r.EventID, r.Site, r.PagePath = "it's one", "it's", "/a/b"
	r.Value, r.IsBot, r.Params = event.Some(1.5), event.Some(false), []event.Param{{Key: "a", Value: "b"}}
	return r
}

// emptyMap is a line as another program may put it: there is a map, but it is
// empty, and so is a text.
func emptyMap(r event.Record) []byte {
	line := r.AppendLine(nil)
	return bytes.Replace(line, []byte(`{`), []byte(`{"params":{},"user_id":"",`), 1)
}

func hit(i int, at time.Time) event.Record {
	classes := []string{event.ClassUnknown, event.ClassSynthetic, "human", "mail_proxy", "bot"}
	return event.Record{
		SchemaVersion: event.SchemaVersion, EventID: fmt.Sprintf("01J%023d", i), ReceivedAt: event.MillisOf(at),
		Event: event.DefaultEvent, Site: "shop", ClientClass: classes[i%len(classes)], VisitorID: fmt.Sprintf("v%d", i%3),
		UTMCampaign: []string{"", "spring", "sommer"}[i%3], IP: "203.0.113.0", IPMode: event.IPTruncated,
		Status: event.StatusRecorded, Method: "GET", Host: "127.0.0.1:8080", Path: "/p.gif", Collector: "rig",
	}
}

// oddities each make one record odd.
func oddities() []func(*event.Record) {
	text := func(s string) func(*event.Record) {
		return func(r *event.Record) {
			r.PageTitle, r.Params = s, []event.Param{{Key: s, Value: s}, {Key: "k", Value: ""}}
		}
	}
	number := func(v float64) func(*event.Record) {
		return func(r *event.Record) { r.Value = event.Some(v) }
	}
	moment := func(s string) func(*event.Record) {
		return func(r *event.Record) {
			if at, err := time.Parse(time.RFC3339Nano, s); err == nil {
				r.ClientTS = event.MillisOf(at)
			}
		}
	}
	return []func(*event.Record){
		func(*event.Record) {}, // all that may be absent is
		text(`"double", 'single', \back\slash`), text("line\nbreak\r\n\ttab"), text("Zürich – 東京 – 👩‍👩‍👧 – e\u0301"),
		text("\u2028\u2029\u0001\u007f"), text("NULL"), text("null"), text(`\N`), text(" spaces "), text(","), text("a,b;c|d"),
		text("$ { } [ ] : =`"), text("\ufeffBOM"), text("\U0010ffff"), text("ﬀ\u202eRTL"),
		number(0), number(0.1), number(-12.5), number(1e300), number(5e-324), number(123456789012345680),
		moment("1969-12-31T23:59:59.999Z"), moment("1970-01-01T00:00:00.001Z"), moment("2024-02-29T23:59:59.999Z"),
		moment("2026-03-29T01:30:00.5Z"), moment("1900-01-01T00:00:00Z"), moment("9999-12-31T23:59:59.999Z"),
		func(r *event.Record) { r.DNT, r.GPC, r.IsBot, r.Truncated = true, true, event.Some(true), true },
		func(r *event.Record) { r.IsBot = event.Some(false) },
		func(r *event.Record) {
			r.ScreenWidth, r.ScreenHeight = event.Some[int32](-1), event.Some[int32](1<<31-1)
		},
	}
}
