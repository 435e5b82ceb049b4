package cloud_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"

	sdkathena "github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/glue"

	"pixelctl/pkg/awsfake/athena"
	"pixelctl/pkg/awsfake/athena/remote"
	"pixelctl/pkg/awsfake/athena/trino"
	"pixelctl/pkg/awsfake/rigs"
)

// trinoAthena is an Athena before ministack's catalog and objects: the wire is
// ours, SQL is Trino's, and every other service is ministack's own.
type trinoAthena struct {
	*ministack
	server  *athena.Server
	catalog remote.Catalog
	engine  *rigs.Trino
}

func startTrinoAthena(t *testing.T) *trinoAthena {
	t.Helper()
	m := startMinistack(t)
	engine := rigs.StartTrino(t, m.url)
	c := m.config(rigKeys{})
	store, catalog := remote.Store{S3: m.s3()}, remote.Catalog{Glue: glue.NewFromConfig(c)}
	a := &trinoAthena{ministack: m, engine: engine, catalog: catalog, server: athena.New(athena.Options{
		Catalog: catalog, Store: store, Backend: trino.New(engine.Client, store),
	})}
	target, err := url.Parse(m.url)
	if err != nil {
		t.Fatal(err)
	}
	others := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // by which ministack knows an API
	}}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case a.answers(r):
			a.server.ServeHTTP(w, r)
		case r.Header.Get("X-Amz-Target") == "AWSGlue.BatchDeletePartition":
			a.dropPartitions(w, r)
		default:
			others.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(front.Close)
	m.front = rig{address: front.Listener.Addr().String(), url: front.URL}
	return a
}

// answers says whether a request is about a statement. Workgroups are of the
// stack, so ministack's.
func (a *trinoAthena) answers(r *http.Request) bool {
	service, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	return service == "AmazonAthena" && slices.Contains(
		[]string{"StartQueryExecution", "GetQueryExecution", "GetQueryResults", "StopQueryExecution", "GetQueryRuntimeStatistics"}, operation)
}

// dropPartitions is BatchDeletePartition, which ministack lacks, by the call
// for one partition, which it has.
func (a *trinoAthena) dropPartitions(w http.ResponseWriter, r *http.Request) {
	var in struct {
		DatabaseName, TableName string
		PartitionsToDelete      []struct{ Values []string }
	}
	err := json.NewDecoder(r.Body).Decode(&in)
	for _, p := range in.PartitionsToDelete {
		err = errors.Join(err, a.catalog.DropPartition(r.Context(), in.DatabaseName, in.TableName, p.Values))
	}
	answer := `{"Errors":[]}`
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		answer = `{"__type":"InternalServiceException"}`
	}
	_, _ = io.WriteString(w, answer) // the client finds out
}

// adopt makes the stack's workgroup known where statements are answered.
func (a *trinoAthena) adopt(t *testing.T, name string) {
	t.Helper()
	got, err := sdkathena.NewFromConfig(a.config(rigKeys{})).GetWorkGroup(t.Context(), &sdkathena.GetWorkGroupInput{WorkGroup: &name})
	if err != nil {
		t.Fatal(err)
	}
	got.WorkGroup.CreationTime = nil // the wire has a number there, the client's type a text
	text, err := json.Marshal(got.WorkGroup)
	if err != nil {
		t.Fatal(err)
	}
	var w athena.WorkGroup
	if err := json.Unmarshal(text, &w); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if err := a.server.CreateWorkGroup(w); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
}
