package rigs

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Trino is a running Trino. It is safe for concurrent use.
type Trino struct {
	URL  string // http://127.0.0.1 with a port
	Lake string // directory of the tables' files, local:/// to Trino; used when there is no S3
}

// Catalog is the name of Trino's one catalog, which is Athena's.
const Catalog = "awsdatacatalog"

// StartTrino starts Trino before Glue and S3 at the endpoint, or over files
// below Lake when there is none. It waits while another test has one.
func StartTrino(t testing.TB, endpoint string) *Trino {
	t.Helper()
	dir, name := t.TempDir(), "rig"+strings.ToLower(rand.Text())
	args := []string{dir, name}
	if endpoint != "" {
		args = append(args, endpoint)
	}
	p := start(t, "trino/start", args...)
	trino := &Trino{URL: p.line(t), Lake: filepath.Join(dir, "lake")}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for !trino.ready(t.Context(), name) {
		select {
		case <-p.done:
			t.Fatalf("Trino ended:\n%s", p.log.String())
		case <-t.Context().Done():
			t.Fatal("Trino: the test ended before it was ready")
		case <-tick.C:
		}
	}
	return trino
}

// ready says whether the server answers and is the one of this name: another
// process may have taken the port.
func (t *Trino) ready(ctx context.Context, name string) bool {
	var info struct {
		Environment string
		Starting    bool
	}
	err := t.call(ctx, http.MethodGet, t.URL+"/v1/info", "", "", &info)
	return err == nil && info.Environment == name && !info.Starting
}

// Answer is the answer to a statement.
type Answer struct {
	Columns []Column
	Rows    [][]any // JSON: nil, bool, json.Number, string, []any or map[string]any
	Read    int64   // rows read
	Splits  int64   // parts that the work was cut into
}

// Column is a column of an answer; Type is Trino's name for it.
type Column struct{ Name, Type string }

// TrinoError is how Trino refuses a statement. Line and Column count from 1
// and are 0 when it names no place.
type TrinoError struct {
	Name    string // such as COLUMN_NOT_FOUND
	Message string
	Line    int
	Column  int
}

func (e *TrinoError) Error() string {
	return fmt.Sprintf("%s at %d:%d: %s", e.Name, e.Line, e.Column, e.Message)
}

// page is a piece of an answer.
type page struct {
	NextURI string
	Columns []struct{ Name, Type string }
	Data    [][]any
	Stats   struct{ ProcessedRows, TotalSplits int64 }
	Error   *struct {
		ErrorName, Message string
		ErrorLocation      struct{ LineNumber, ColumnNumber int }
	}
}

// Query runs a statement in a schema, which Athena calls a database. A refusal
// is a *TrinoError.
func (t *Trino) Query(ctx context.Context, schema, sql string) (Answer, error) {
	var a Answer
	method, url := http.MethodPost, t.URL+"/v1/statement"
	for url != "" {
		var p page
		if err := t.call(ctx, method, url, schema, sql, &p); err != nil {
			return Answer{}, fmt.Errorf("ask Trino: %w", err)
		}
		if e := p.Error; e != nil {
			return Answer{}, &TrinoError{e.ErrorName, e.Message, e.ErrorLocation.LineNumber, e.ErrorLocation.ColumnNumber}
		}
		if len(p.Columns) > 0 && len(a.Columns) == 0 {
			for _, c := range p.Columns {
				a.Columns = append(a.Columns, Column(c))
			}
		}
		a.Rows = append(a.Rows, p.Data...)
		a.Read, a.Splits = p.Stats.ProcessedRows, p.Stats.TotalSplits
		method, url, sql = http.MethodGet, p.NextURI, ""
	}
	return a, nil
}

func (t *Trino) call(ctx context.Context, method, url, schema, body string, out any) error {
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	for name, value := range map[string]string{
		"X-Trino-User": "rig", "X-Trino-Time-Zone": "UTC", "X-Trino-Catalog": Catalog, "X-Trino-Schema": schema,
	} {
		r.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close() //nolint:errcheck // nothing is lost: it was read
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s", method, url, answer.Status)
	}
	d := json.NewDecoder(answer.Body)
	d.UseNumber()
	return d.Decode(out)
}
