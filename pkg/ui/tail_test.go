package ui

import (
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

func tailed() pipeline.Tail {
	at := time.Date(2026, 7, 5, 9, 0, 0, 123e6, time.UTC)
	return pipeline.Tail{
		Columns: []query.Column{
			{Name: "received_at", Type: "timestamp(3)"},
			{Name: "client_class", Type: "varchar"},
			{Name: "site", Type: "varchar"},
			{Name: "event", Type: "varchar"},
			{Name: "page_host", Type: "varchar"},
			{Name: "page_path", Type: "varchar"},
			{Name: "label", Type: "varchar"},
			{Name: "utm_campaign", Type: "varchar"},
			{Name: "user_id", Type: "varchar"},
			{Name: "status", Type: "varchar"},
			{Name: "params", Type: "json"},
		},
		Rows: [][]any{
			{at, "human", "shop", "view", "example.com", "/rooms/sea-view", nil, "spring", "u-1", "recorded", query.Pairs{{Key: "colour", Value: "blue"}}},
			{at.Add(time.Second), "mail_proxy", "a-site-with-a-long-name", "open", nil, nil, "footer", nil, nil, "recorded", nil},
			{at.Add(2 * time.Second), "bot", "\x1b[31mred\u202e", "tab\there", "evil\r\n", "/", nil, nil, nil, "dropped:site", nil},
		},
		Newest: at, Age: 83 * time.Second, Dollars: 0.0000477, More: true,
	}
}

func TestTail(t *testing.T) {
	t.Parallel()
	text := forms(t, func(s *Streams) error { return WriteTail(s, tailed(), false) })
	text += "=== JSON lines\n"
	s := newScreen("", TestOptions{})
	if err := WriteTail(s.Streams, tailed(), true); err != nil {
		t.Fatal(err)
	}
	text += s.out.String() + "=== note\n" + TailNote(tailed()) + "\n"
	golden(t, "tail", text)
	screen, _, _ := strings.Cut(text, "=== piped")
	if strings.ContainsAny(screen, "\x1b\r\u202e") {
		t.Error("hostile characters reach the terminal")
	}
	if note := TailNote(pipeline.Tail{Rows: [][]any{{"x"}}}); note != "" {
		t.Errorf("nothing to say, and it said %q", note)
	}
	if note := TailNote(pipeline.Tail{}); note != "no record to show" {
		t.Errorf("of nothing it said %q", note)
	}
}
