package rigs

import (
	"encoding/json"
	"errors"
	"sync"
	"testing"
)

// Spark is a running Spark with Hive's DDL and its own metastore.
type Spark struct {
	lock sync.Mutex
	p    *process
}

// StartSpark starts Spark; it takes some seconds.
func StartSpark(t testing.TB) *Spark {
	t.Helper()
	p := start(t, "spark/start", t.TempDir())
	p.line(t) // it is ready
	return &Spark{p: p}
}

// Run answers a statement. Values are text as Spark's Python client prints
// them, nil is NULL; the error is Spark's refusal.
func (s *Spark) Run(t testing.TB, sql string) ([][]*string, error) {
	t.Helper()
	s.lock.Lock()
	defer s.lock.Unlock()
	if err := json.NewEncoder(s.p.in).Encode(map[string]string{"sql": sql}); err != nil {
		t.Fatalf("ask Spark: %v", err)
	}
	var answer struct {
		Rows  [][]*string
		Error string
	}
	if err := json.Unmarshal([]byte(s.p.line(t)), &answer); err != nil {
		t.Fatalf("read Spark's answer: %v", err)
	}
	if answer.Error != "" {
		return nil, errors.New(answer.Error)
	}
	return answer.Rows, nil
}
