package catalog

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/glue"

	"pixelctl/pkg/awsfake/wire"
	"pixelctl/pkg/lake"
)

// script answers the calls of Glue with what a test says.
type script struct {
	t     *testing.T
	clock *wire.Clock
	url   string

	mu      sync.Mutex
	answers map[string]func(in map[string]any) any // wire.Error is an error
	calls   []call
}

type call struct {
	name string
	in   map[string]any
}

func newScript(t *testing.T) *script {
	t.Helper()
	s := &script{t: t, clock: wire.NewClock(time.Date(2026, 7, 5, 9, 30, 0, 0, time.UTC)), answers: map[string]func(map[string]any) any{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	s.on("GetTable", map[string]any{"Table": map[string]any{
		"Name": "tp_hits", "Parameters": map[string]any{"classification": "parquet"},
		"StorageDescriptor": map[string]any{
			"Location": "s3://lake/data/", "Columns": []any{map[string]any{"Name": "event", "Type": "string", "Comment": "what"}},
			"InputFormat": "in", "SerdeInfo": map[string]any{"SerializationLibrary": "serde"},
		},
	}})
	return s
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, name, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	body, err := io.ReadAll(r.Body)
	in := map[string]any{}
	if err == nil {
		err = json.Unmarshal(body, &in)
	}
	if err != nil {
		s.t.Errorf("%s: %v", name, err)
	}
	s.mu.Lock()
	s.calls = append(s.calls, call{name, in})
	answer := s.answers[name]
	var out any = wire.Error{Code: "NotScripted", Message: name}
	if answer != nil {
		out = answer(in)
	}
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	if failure, ok := out.(wire.Error); ok {
		w.WriteHeader(http.StatusBadRequest)
		out = map[string]any{"__type": failure.Code, "message": failure.Message}
	}
	if err := json.NewEncoder(w).Encode(out); err != nil {
		s.t.Errorf("%s: %v", name, err)
	}
}

// on has an operation give one answer after the other, the last for ever.
func (s *script) on(name string, list ...any) {
	s.answers[name] = func(map[string]any) any {
		out := list[0]
		if len(list) > 1 {
			list = list[1:]
		}
		return out
	}
}

func (s *script) made(name string) []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []map[string]any
	for _, c := range s.calls {
		if c.name == name {
			all = append(all, c.in)
		}
	}
	return all
}

func (s *script) engine() *Engine {
	c := glue.New(glue.Options{
		Region: "us-east-1", BaseEndpoint: &s.url, Credentials: credentials.NewStaticCredentialsProvider("AKID", "SECRET", ""),
		Retryer: retry.AddWithMaxAttempts(retry.NewStandard(), 1),
	})
	return New(c, Options{Database: "pixelctl", Table: "tp_hits", Clock: s.clock})
}

// partitions is an answer of GetPartitions.
func partitions(token string, paths ...string) any {
	list := []any{}
	for _, p := range paths {
		var values []string
		for part := range strings.SplitSeq(p, "/") {
			_, v, _ := strings.Cut(part, "=")
			values = append(values, v)
		}
		list = append(list, map[string]any{"Values": values, "StorageDescriptor": map[string]any{"Location": "s3://lake/data/" + p + "/"}})
	}
	out := map[string]any{"Partitions": list}
	if token != "" {
		out["NextToken"] = token
	}
	return out
}

// tree is a bucket of directories that counts its listings.
type tree struct {
	mu    sync.Mutex
	dirs  []string // below data/
	lists []string
}

func (b *tree) Prefixes(_ context.Context, prefix, after string) ([]string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lists = append(b.lists, prefix)
	var all []string
	for _, d := range b.dirs {
		key := "data/" + d + "/object"
		rest, under := strings.CutPrefix(key, prefix)
		if name, _, deeper := strings.Cut(rest, "/"); under && deeper && key > after {
			all = append(all, prefix+name+"/")
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

func hour(t *testing.T, path string) lake.Hour {
	t.Helper()
	h, _, err := lake.ParseHour(path)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func hours(t *testing.T, paths ...string) []lake.Hour {
	t.Helper()
	var all []lake.Hour
	for _, p := range paths {
		all = append(all, hour(t, p))
	}
	return all
}

const (
	july5h8 = "year=2026/month=7/day=5/hour=8"
	july5h9 = "year=2026/month=7/day=5/hour=9"
	july5h7 = "year=2026/month=7/day=5/hour=7"
	july4   = "year=2026/month=7/day=4/hour=23"
	october = "year=2026/month=10/day=1/hour=0"
	old     = "year=2025/month=12/day=31/hour=23"
	padded9 = "year=2026/month=07/day=05/hour=09"
	padded6 = "year=2026/month=07/day=05/hour=06"
)
