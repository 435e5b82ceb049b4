package local_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/local"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/privacy/privacytest"
	"pixelctl/pkg/spec"
)

// fields makes a spec of text columns that come from parameters.
func fields(names ...string) spec.Spec {
	var s spec.Spec
	for _, name := range names {
		s.Fields = append(s.Fields, spec.Field{
			Name: name, Type: event.String, Sources: []spec.Source{{Kind: spec.FromQuery, Names: []string{name}}},
		})
	}
	return s
}

func (s stack) deploySpec(t *testing.T, l *local.Target, want spec.Spec) pipeline.Deployment {
	t.Helper()
	d, err := l.Deploy(t.Context(), pipeline.DeployOptions{Spec: &want}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A running server takes a spec between two hits: none that was answered is
// lost, and the new column is filled from the end of deploy on, also after a
// crash.
func TestSpecWhileHitsCome(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	target := s.targetBy(commandArg) // converts in a process of its own
	endpoint := s.deploySpec(t, target, fields("hotel")).Endpoint
	pid := s.pid(t)
	client := s.client(t)
	stop := make(chan struct{})
	var wait sync.WaitGroup
	var mu sync.Mutex
	var answered []string
	for range 4 {
		wait.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				got := answeredIDs(fetch(t, client, endpoint+"/p.gif?hotel=ritz&room=blue&storey=2"))
				mu.Lock()
				answered = append(answered, got...)
				mu.Unlock()
			}
		})
	}
	for _, want := range []spec.Spec{fields("hotel", "room"), fields("hotel", "room", "storey")} {
		if d := s.deploySpec(t, target, want); d.Action != pipeline.Updated || d.Endpoint != endpoint {
			t.Errorf("deployed %+v", d)
		}
		s.flush(t)
	}
	close(stop)
	wait.Wait()
	if s.pid(t) != pid {
		t.Error("the server started anew")
	}
	last := s.hit(t, endpoint+"/p.gif?hotel=ritz&room=blue&storey=2")
	if err := s.kill(t.Context()); err != nil {
		t.Fatal(err)
	}
	d, err := target.Deploy(t.Context(), pipeline.DeployOptions{}, nil)
	if err != nil || d.Action != pipeline.Started {
		t.Fatalf("%+v, %v", d, err)
	}
	after := s.hit(t, d.Endpoint+"/p.gif?hotel=ritz&room=blue&storey=2")
	s.flush(t)
	s.wantIDs(t, append(answered, last, after)...)
	full := s.ask(t, target, fmt.Sprintf("SELECT count(*) FROM hits WHERE event_id IN ('%s', '%s') AND hotel = 'ritz' AND room = 'blue' AND storey = '2'", last, after), nil)
	lost := s.ask(t, target, "SELECT count(*) FROM hits WHERE hotel IS NULL OR room IS NULL AND element_at(params, 'room') IS NULL OR storey IS NULL AND element_at(params, 'storey') IS NULL", nil)
	if full[0][0] != int64(2) || lost[0][0] != int64(0) {
		t.Errorf("%v hits of the new spec have its columns, want 2; in %v a value is lost", full[0][0], lost[0][0])
	}
}

// Spec, catalog and table have the same columns, in one order.
func TestColumnsAgree(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	target := s.target()
	for _, want := range []spec.Spec{{}, fields("hotel"), fields("hotel", "room"), fields("room")} {
		s.deploySpec(t, target, want)
		kept, err := target.Kept(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		deployed := kept.Spec
		b, err := os.ReadFile(filepath.Join(s.dir, "catalog.json"))
		if err != nil {
			t.Fatal(err)
		}
		c, err := lake.DecodeCatalog(b)
		if err != nil || !reflect.DeepEqual(c.Columns, lake.Columns(deployed.Schema())) {
			t.Errorf("catalog has %v, %v; the spec %v", c.Columns, err, deployed.Schema().Names())
		}
		rows, err := target.Query(t.Context(), pipeline.QueryOptions{SQL: "SELECT * FROM tp_hits"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, column := range rows.Columns() {
			names = append(names, column.Name)
		}
		drain(t, rows)
		if !slices.Equal(names, append(deployed.Schema().Names(), "year", "month", "day", "hour")) {
			t.Errorf("the table has %v", names)
		}
	}
}

// The columns of kept data stay in the table of the stack that comes after, and
// keep their types.
func TestSpecOfKeptData(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	target := s.target()
	s.hit(t, s.deploySpec(t, target, fields("hotel")).Endpoint+"/p.gif?hotel=ritz")
	if _, err := target.Destroy(t.Context(), pipeline.DestroyOptions{KeepData: true}, nil); err != nil {
		t.Fatal(err)
	}
	if rows := s.ask(t, target, "SELECT hotel FROM hits", nil); len(rows) != 1 || rows[0][0] != "ritz" {
		t.Errorf("kept rows %v", rows)
	}
	number := fields("hotel")
	number.Fields[0].Type = event.Int
	_, err := target.Deploy(t.Context(), pipeline.DeployOptions{Spec: &number}, nil)
	wantFault(t, err, fault.Usage, "hotel")
	s.deploySpec(t, target, fields("room"))
	if rows := s.ask(t, target, "SELECT hotel, room FROM hits", nil); !reflect.DeepEqual(rows, [][]any{{"ritz", nil}}) {
		t.Errorf("kept rows %v", rows)
	}
}

// Hits that are dropped and yet leave a row count as dropped, by reason.
func TestDroppedRowsCount(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	want := spec.Spec{Sites: []string{"shop"}, Privacy: spec.Privacy{GPC: spec.DropHit, DNT: spec.DropHit, Consent: spec.Consent{Require: "gdpr_consent", Without: spec.DropHit}}}
	endpoint := s.deploySpec(t, s.target(), want).Endpoint
	client := s.client(t)
	for url, header := range map[string][]string{
		"/shop/a.gif?gdpr_consent=x": nil, "/other/a.gif?gdpr_consent=x": nil, "/shop/a.gif": nil,
		"/shop/b.gif?gdpr_consent=x": {"Sec-GPC", "1"}, "/shop/c.gif?gdpr_consent=x": {"DNT", "1"},
	} {
		fetch(t, client, endpoint+url, header...)
	}
	status, err := s.target().Status(t.Context())
	dropped := map[string]int64{"site": 1, "consent": 1, "gpc": 1, "dnt": 1}
	if err != nil || status.Hits.Received != 5 || status.Hits.Recorded != 1 || !reflect.DeepEqual(status.Hits.Dropped, dropped) {
		t.Errorf("hits %+v, %v", status.Hits, err)
	}
	if rows := s.ask(t, s.target(), "SELECT status FROM tp_hits ORDER BY 1", nil); len(rows) != 5 {
		t.Errorf("rows %v, want one of each", rows)
	}
}

// Keys are of the stack: listed, and gone with it.
func TestKeysAreInventoried(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	target := s.target()
	hashed := spec.Spec{Privacy: spec.Privacy{IP: spec.Hash}}
	s.deploySpec(t, target, hashed)
	keys := filepath.Join(s.dir, "keys.json")
	listed := func() bool {
		inv, err := target.Inventory(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(inv.Items, func(i pipeline.Item) bool { return i.Kind == "keys" && i.Name == keys })
	}
	if _, err := os.Stat(keys); err != nil || !listed() {
		t.Errorf("keys: %v, listed %v", err, listed())
	}
	if s.deploySpec(t, target, spec.Spec{}); listed() {
		t.Error("keys that nobody needs are still there")
	}
	s.deploySpec(t, target, hashed)
	r, err := target.Destroy(t.Context(), pipeline.DestroyOptions{KeepData: true}, nil)
	gone := slices.ContainsFunc(r.Items, func(i pipeline.Item) bool { return i.Kind == "keys" && i.Gone && !i.Kept })
	if _, statErr := os.Stat(keys); err != nil || !gone || !os.IsNotExist(statErr) {
		t.Errorf("%+v, %v; the file: %v", r.Items, err, statErr)
	}
}

// Lines that do not convert, and the server's log, hold no more of a person
// than rows do.
func TestErrorsHoldNoPerson(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	strict := privacytest.Cases()[len(privacytest.Cases())-1]
	endpoint := s.deploySpec(t, s.target(), strict.Spec).Endpoint
	var headers []string
	for name, values := range strict.Header {
		headers = append(headers, name, values[0])
	}
	fetch(t, s.client(t), endpoint+strict.Target, headers...)
	segments := s.tree(t, "spool")
	line, err := os.ReadFile(segments[0])
	if err != nil {
		t.Fatal(err)
	}
	broken := bytes.Replace(line, []byte(`"dnt":false`), []byte(`"dnt":"no"`), 1)
	if err := s.corrupt(t.Context(), broken); err != nil || bytes.Equal(line, broken) {
		t.Fatalf("%v, %s", err, line)
	}
	s.flush(t)
	all, err := s.stored(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	failed := 0
	for name, body := range all {
		failed += strings.Count(name, "format-conversion-failed")
		var raw struct {
			RawData []byte `json:"rawData"`
		}
		if json.Unmarshal(body, &raw) == nil {
			body = append(body, raw.RawData...)
		}
		for _, text := range strict.Forbidden() {
			if bytes.Contains(body, []byte(text)) {
				t.Errorf("%s is stored in %s", text, name)
			}
		}
	}
	if failed != 1 {
		t.Errorf("%d error files, want 1: nothing was shown", failed)
	}
}

func TestKept(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	days := 30
	want := fields("hotel")
	want.Privacy.RetentionDays = &days
	d := s.deploySpec(t, s.target(), want)
	k, err := s.target().Kept(t.Context())
	if err != nil || k.Endpoint != d.Endpoint || k.RetentionDays != 30 || k.ErrorsDays != 30 || k.Location != s.dir || len(k.Readers) < 2 || !reflect.DeepEqual(k.Spec, want) {
		t.Errorf("%+v, %v", k, err)
	}
	other := 60
	_, err = s.with(local.Patch{RetentionDays: &other}).Deploy(t.Context(), pipeline.DeployOptions{Spec: &want}, nil)
	wantFault(t, err, fault.Usage, "retention")
}
