package ui

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/query"
)

func errorScenes() map[string]error {
	long := "SELECT campaign, count(*) AS hits, count(DISTINCT visitor_id) AS visitors FROM tp_hits WHERE yaer = 2026 AND month = 7 GROUP BY 1 ORDER BY 2 DESC LIMIT 10"
	syntax := func(sql string, line, col int, msg string) error {
		e := &query.SyntaxError{SQL: sql, Line: line, Column: col, Message: msg}
		return fault.New(fault.Usage, "%w", e).WithHint("pixelctl fields show")
	}
	return map[string]error{
		"plain": errors.New("start server: listen on 127.0.0.1:8080: address already in use"),
		"hint": fault.New(fault.Busy, "lock /home/ada/.local/share/pixelctl/shop: held by process 4711").
			WithHint("pixelctl destroy --stack shop\npixelctl deploy --stack shop --dir /var/lib/pixelctl --addr 127.0.0.1:9090"),
		"left": fault.New(fault.Partial, "destroy stack shop: %w", fs.ErrPermission).
			WithLeft([]string{"data /srv/pixelctl/lake", "log /srv/pixelctl/server.log"}).WithHint("sudo pixelctl destroy --stack shop"),
		"syntax":         syntax("SELECT cout(*)\nFROM tp_hits", 1, 8, "function cout does not exist\ndid you mean count?"),
		"syntax_long":    syntax(long, 1, strings.Index(long, "yaer")+1, `column "yaer" not found`),
		"syntax_tabs":    syntax("SELECT 1,\n\tx,\ty\nFROM t", 2, 5, `column "y" not found`),
		"syntax_wide":    syntax("SELECT '漢字', bad FROM t", 1, 14, `column "bad" not found`),
		"syntax_end":     syntax("SELECT (1", 1, 10, "syntax error at end of input"),
		"syntax_nowhere": syntax("SELECT", 0, 0, "something"),
		"interrupted":    fmt.Errorf("query: %w", context.Canceled),
	}
}

func TestWriteError(t *testing.T) {
	for name, err := range errorScenes() {
		t.Run(name, func(t *testing.T) {
			text := forms(t, func(s *Streams) error { return WriteError(s, err, false) })
			s := newScreen("", TestOptions{})
			if werr := WriteError(s.Streams, err, true); werr != nil || s.out.Len() > 0 {
				t.Fatalf("%v, stdout %q", werr, s.out)
			}
			checkDocument(t, s.err.Bytes())
			golden(t, "error_"+name, text+"=== JSON\n"+s.err.String())
		})
	}
}

func TestErrorKinds(t *testing.T) {
	tests := map[fault.Kind]string{
		fault.Failed: "failed", fault.Usage: "usage", fault.Differences: "differences", fault.Credentials: "credentials",
		fault.NotDeployed: "not_deployed", fault.Busy: "busy", fault.Partial: "partial", fault.TimedOut: "timed_out", fault.Interrupted: "interrupted",
	}
	for k, want := range tests {
		s := newScreen("", TestOptions{})
		if err := WriteError(s.Streams, fault.New(k, "x"), true); err != nil {
			t.Fatal(err)
		}
		var doc struct{ Error errorJSON }
		if err := json.Unmarshal(s.err.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		if doc.Error.Kind != want || doc.Error.Code != int(k) {
			t.Errorf("got %s %d, want %s %d", doc.Error.Kind, doc.Error.Code, want, k)
		}
	}
}

// brokenPipe fails as a pipe does whose reader is gone.
type brokenPipe struct{ writes int }

func (b *brokenPipe) Write([]byte) (int, error) {
	b.writes++
	return 0, &fs.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.EPIPE}
}

func TestClosedPipeEndsQuietly(t *testing.T) {
	for _, f := range Formats() {
		var pipe brokenPipe
		s := newScreen("", TestOptions{})
		s.Out = newOutput(&pipe, f == FormatTable, func() (int, int) { return 80, 24 }, Settings{Env: env()})
		err := WriteRows(t.Context(), s.Streams, simple(), f)
		if !errors.Is(err, ErrClosedPipe) {
			t.Errorf("%s: got %v", f, err)
		}
		if _, again := s.Out.Write([]byte("x")); !errors.Is(again, ErrClosedPipe) || pipe.writes != 1 {
			t.Errorf("%s: %d writes, %v", f, pipe.writes, again)
		}
		if werr := WriteError(s.Streams, err, false); werr != nil || s.err.Len() > 0 {
			t.Errorf("%s: told %q", f, s.err)
		}
	}
}
