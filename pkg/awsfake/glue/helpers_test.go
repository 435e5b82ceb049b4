package glue_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/smithy-go"

	"pixelctl/pkg/awsfake/glue"
	"pixelctl/pkg/awsfake/wire"
	"pixelctl/pkg/cloud/session"
)

// rig is a fake catalog and the real client before it.
type rig struct {
	*testing.T
	clock  *wire.Clock
	server *glue.Server
	client *sdk.Client
	keys   lister
}

// lister is the keys of one bucket, sorted.
type lister struct{ keys *[]string }

func (l lister) List(bucket, prefix string) []string {
	var found []string
	for _, key := range *l.keys {
		if bucket == "pixel-data" && strings.HasPrefix(key, prefix) {
			found = append(found, key)
		}
	}
	return found
}

const (
	db  = "pixelctl"
	tab = "tp_hits"
)

// properties are those of a template, around the table's own.
const properties = `{"CatalogId":"123456789012","DatabaseName":"pixelctl","TableInput":{
  "Name":"TP_Hits","TableType":"EXTERNAL_TABLE","Retention":"7","Parameters":{"classification":"parquet"},
  "PartitionKeys":[{"Name":"year","Type":"int"},{"Name":"month","Type":"int"},{"Name":"day","Type":"int"},{"Name":"hour","Type":"int"}],
  "StorageDescriptor":{"Location":"s3://pixel-data/data/","Compressed":"false","Columns":[{"Name":"event_id","Type":"string"}],
   "SerdeInfo":{"SerializationLibrary":"org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"}}}}`

func start(t *testing.T) *rig {
	t.Helper()
	clock := wire.NewClock(time.Date(2026, 7, 5, 9, 0, 0, 0, time.UTC))
	r := &rig{T: t, clock: clock, server: glue.New(clock), keys: lister{&[]string{}}}
	r.server.SetLister(r.keys)
	web := httptest.NewServer(protocol(t, r.server.Operations()))
	t.Cleanup(web.Close)
	r.client = sdk.New(sdk.Options{
		Region: "us-east-1", BaseEndpoint: &web.URL, HTTPClient: session.Whole(web.Client()), Retryer: aws.NopRetryer{},
		Credentials: credentials.NewStaticCredentialsProvider("AKID", "secret", ""),
	})
	return r
}

// protocol answers AWS JSON.
func protocol(t *testing.T, operations map[string]wire.Operation) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, name, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		body, err := io.ReadAll(r.Body)
		if err != nil || operations[name] == nil {
			t.Errorf("operation %q: %v", name, err)
		}
		out, err := operations[name](r.Context(), body)
		if err != nil {
			e := wire.AsError(err)
			w.WriteHeader(e.Status)
			out = map[string]string{"__type": e.Code, "message": e.Message}
		}
		if err := json.NewEncoder(w).Encode(out); err != nil {
			t.Error(err)
		}
	})
}

// stocked has the database, the table and a crawler of it.
func stocked(t *testing.T) *rig {
	t.Helper()
	r := start(t)
	var table glue.Table
	if err := json.Unmarshal([]byte(properties), &table); err != nil {
		t.Fatal(err)
	}
	crawler := glue.Crawler{
		Name: "hits", Role: "role", SchemaChangePolicy: &glue.SchemaChangePolicy{UpdateBehavior: "LOG", DeleteBehavior: "LOG"},
		Targets: glue.Targets{CatalogTargets: []glue.CatalogTarget{{DatabaseName: db, Tables: []string{tab}}}},
	}
	for _, err := range []error{r.server.CreateDatabase(glue.Database{Name: "Pixelctl"}), r.server.CreateTable(db, table), r.server.CreateCrawler(crawler)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func (r *rig) fails(err error, code string) {
	r.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != code {
		r.Errorf("error %v, want %s", err, code)
	}
}
