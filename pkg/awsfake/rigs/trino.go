package rigs

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/awsfake/athena/trino"
)

// Trino is a running Trino and a client of it.
type Trino struct {
	*trino.Client
	Lake string // directory of the tables' files, local:/// to Trino; used when there is no S3
}

// catalog is the name of Trino's catalog: Athena's, which views carry.
const catalog = "awsdatacatalog"

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
	r := &Trino{Client: &trino.Client{URL: p.line(t), User: "rig", Catalog: catalog}, Lake: filepath.Join(dir, "lake")}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for !r.ready(t.Context(), name) {
		select {
		case <-p.done:
			t.Fatalf("Trino ended:\n%s", p.log.String())
		case <-t.Context().Done():
			t.Fatal("Trino: the test ended before it was ready")
		case <-tick.C:
		}
	}
	return r
}

// ready says whether the server takes work, and is the one of this name:
// another process may have taken the port.
func (t *Trino) ready(ctx context.Context, name string) bool {
	var info struct {
		Environment string
		Starting    bool
	}
	if err := get(ctx, t.URL+"/v1/info", &info); err != nil || info.Environment != name || info.Starting {
		return false
	}
	// It says so before it knows of a worker that has the catalogs.
	for _, sql := range []string{
		"CREATE SCHEMA IF NOT EXISTS probe.rig", "CREATE TABLE IF NOT EXISTS probe.rig.probe AS SELECT 1 AS x", "SELECT x FROM probe.rig.probe",
	} {
		if _, err := t.Ask(ctx, "", sql); err != nil {
			return false
		}
	}
	return true
}

func get(ctx context.Context, url string, out any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close() //nolint:errcheck // nothing is lost: it was read
	return json.NewDecoder(answer.Body).Decode(out)
}

// Ask runs a statement in a schema, which Athena calls a database.
func (t *Trino) Ask(ctx context.Context, schema, sql string) (trino.Answer, error) {
	return t.Query(ctx, sql, trino.Session{Schema: schema})
}
