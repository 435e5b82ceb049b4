package event

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with testdata/name.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; -update writes it anew. got:\n%s", file, got)
	}
}

// browserHit is what a browser sends from a page with campaign parameters.
func browserHit() *Record {
	return &Record{
		SchemaVersion: SchemaVersion,
		EventID:       "0198d1f2-7c3a-7b10-9a51-3f0c55aa9b01",
		ReceivedAt:    1_783_242_245_123, // 2026-07-05 09:04:05.123
		Event:         DefaultEvent,
		Site:          "shop",
		ClientClass:   ClassUnknown,
		UserID:        "u-1842",
		Label:         "newsletter-27",
		PageURL:       "https://www.example.com/hotels/lisbon?utm_source=news&utm_medium=email",
		PageHost:      "www.example.com",
		PagePath:      "/hotels/lisbon",
		PageQuery:     "utm_source=news&utm_medium=email",
		UTMSource:     "news",
		UTMMedium:     "email",
		IP:            "203.0.113.0",
		IPMode:        IPTruncated,
		UserAgent:     "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36",
		Language:      "en-GB",
		Status:        StatusRecorded,
		Method:        "GET",
		Host:          "127.0.0.1:8080",
		Path:          "/p.gif",
		Params:        []Param{{"theme", "dark"}},
		Collector:     "pixelctl/0.1.0 local",
	}
}

// filled returns a record with every value present and s in every string.
func filled(s string) *Record {
	r := &Record{}
	for i := range columns {
		switch v := columns[i].at(r).(type) {
		case *string:
			*v = s
		case *Millis:
			*v = minMillis
		case *bool:
			*v = true
		case *int32:
			*v = -1 << 31
		case *Opt[bool]:
			*v = Some(false)
		case *Opt[int32]:
			*v = Some[int32](-1 << 31)
		case *Opt[float64]:
			*v = Some(-2.2250738585072014e-308)
		case *[]Param:
			*v = []Param{{s, s}}
		}
	}
	return r
}

// decode reads a record's JSON with encoding/json.
func decode(t *testing.T, line []byte) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(line, &m); err != nil {
		t.Fatalf("%v in %.300q", err, line)
	}
	return m
}

// field returns the value that s has in r's JSON as user_id.
func field(t *testing.T, s string) any {
	t.Helper()
	return decode(t, (&Record{UserID: s}).AppendJSON(nil))["user_id"]
}

// long returns n bytes.
func long(n int) string { return strings.Repeat("x", n) }
