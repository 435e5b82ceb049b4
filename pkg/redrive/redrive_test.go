package redrive

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
	"pixelctl/pkg/reject"
)

const sound = `{"event_id":"e-1","received_at":"2026-07-05 09:10:00.000"}`

func line(raw, message string) []byte {
	return reject.AppendErrorLine(nil, reject.ErrorLine{
		ArrivalTimestamp: 1783242600000, LastErrorCode: reject.MalformedData, LastErrorMessage: message, RawData: []byte(raw),
	})
}

func TestErrorLine(t *testing.T) {
	t.Parallel()
	r := NewReader(event.Schema{})
	for _, c := range []struct {
		name, raw, message string
		column, id         string
		fits               bool
	}{
		{"mended", sound, "site: not a int", "site", "e-1", true},
		{"with its newline", sound + "\n", "no such table", "", "e-1", true},
		{"does not fit", `{"event_id":"e-1","received_at":"2026-07-05 09:10:00.000","site":5}`, "", "site", "e-1", false},
		{"no JSON", "oops", "", "", "", false},
		{"no id", `{"received_at":"2026-07-05 09:10:00.000"}`, "", "event_id", "", false},
		{"an id that SQL would have to escape", `{"event_id":"a' OR '1'='1","received_at":"2026-07-05 09:10:00.000"}`, "", "event_id", "a' OR '1'='1", false},
		{"an id under another key", `{"event_id":"e-1","Event_ID":"e-2","received_at":"2026-07-05 09:10:00.000"}`, "", "", "e-1", true},
		{"two objects", sound + sound, "", "", "", false},
	} {
		got, ok := r.ErrorLine(line(c.raw, c.message), "file")
		if !ok || got.Column != c.column || got.EventID != c.id || got.Fits != c.fits || got.Reason != "MalformedData" || got.Source != "file" {
			t.Errorf("%s: %+v, %v", c.name, got, ok)
		}
	}
	for _, text := range []string{"", "oops", "{}", `{"arrivalTimestamp":1783242600000}`, `{"rawData":"eA=="}`, `{"arrivalTimestamp":1,"rawData":"!"}`} {
		if got, ok := r.ErrorLine([]byte(text), "file"); ok {
			t.Errorf("%q is an error line: %+v", text, got)
		}
	}
	other, ok := r.ErrorLine([]byte(`{"arrivalTimestamp":1783242600000,"errorCode":"Lambda.X","errorMessage":"m","rawData":"eA=="}`), "file")
	if !ok || other.Reason != "Lambda.X" || other.Message != "m" {
		t.Errorf("the other spelling: %+v, %v", other, ok)
	}
}

func TestTally(t *testing.T) {
	t.Parallel()
	var tally Tally
	r := NewReader(event.Schema{})
	for i := range 2 * mostGroups {
		rec, _ := r.ErrorLine(line("oops", "m"), "file")
		rec.Reason, rec.At = fmt.Sprint("r", i), rec.At.Add(-time.Duration(i)*time.Second)
		tally.Add(rec)
	}
	groups := tally.Groups()
	if len(groups) != mostGroups+1 || tally.Records != 2*mostGroups || groups[0].Reason != "other" || groups[0].Records != mostGroups {
		t.Errorf("%d groups of %d records, the largest %+v", len(groups), tally.Records, groups[0])
	}
	if g := groups[0]; !g.First.Before(g.Last) || g.Example != "oops" {
		t.Errorf("group %+v", g)
	}
}

// The ids of a lookup stay within what Athena takes, and prune by the hour.
func TestLookup(t *testing.T) {
	t.Parallel()
	var records []Record
	for i := range mostIDs + 1 {
		records = append(records, Record{
			Rejected: pipeline.Rejected{EventID: strings.Repeat("x", 124) + fmt.Sprintf("%04d", i)},
			Received: event.MillisOf(time.Date(2026, 7, 5, 9, 10, 0, 0, time.UTC)),
		})
	}
	var asked []string
	_, err := Stored(t.Context(), func(_ context.Context, sql string) (query.Rows, error) {
		asked = append(asked, sql)
		return nil, fmt.Errorf("enough")
	}, records)
	if err == nil || len(asked) != 1 || len(asked[0]) > 262_144 {
		t.Fatalf("%d statements, %v", len(asked), err)
	}
	for _, want := range []string{"hour >= 7", "received_at <= TIMESTAMP '2026-07-05 09:10:00.000'", "received_at >= TIMESTAMP '2026-07-05 09:10:00.000'"} {
		if !strings.Contains(asked[0], want) {
			t.Errorf("%s is not in %.400s", want, asked[0])
		}
	}
}
