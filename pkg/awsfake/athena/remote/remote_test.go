package remote_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdkglue "github.com/aws/aws-sdk-go-v2/service/glue"
	sdks3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"pixelctl/pkg/awsfake/athena/remote"
	"pixelctl/pkg/awsfake/glue"
	"pixelctl/pkg/awsfake/s3"
	"pixelctl/pkg/awsfake/wire"
	"pixelctl/pkg/cloud/session"
)

const (
	db  = "pixel"
	tab = "tp_hits"
)

func clock() *wire.Clock { return wire.NewClock(time.Date(2026, 7, 5, 9, 0, 0, 0, time.UTC)) }

// catalog is a fake Glue behind the real client.
func catalog(t *testing.T) (*glue.Server, remote.Catalog) {
	t.Helper()
	server := glue.New(clock())
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, name, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		out, err := server.Operations()[name](r.Context(), body)
		if err != nil {
			e := wire.AsError(err)
			w.WriteHeader(e.Status)
			out = map[string]string{"__type": e.Code, "message": e.Message}
		}
		if err := json.NewEncoder(w).Encode(out); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(web.Close)
	client := sdkglue.New(sdkglue.Options{
		Region: "us-east-1", BaseEndpoint: &web.URL, HTTPClient: session.Whole(web.Client()), Retryer: aws.NopRetryer{},
		Credentials: credentials.NewStaticCredentialsProvider("AKID", "secret", ""),
	})
	return server, remote.Catalog{Glue: client}
}

func TestTheCatalogOfAnEndpoint(t *testing.T) {
	server, c := catalog(t)
	table := glue.Table{
		Name: tab, TableType: "EXTERNAL_TABLE", Parameters: map[string]string{"projection.enabled": "false"},
		PartitionKeys: []glue.Column{{Name: "year", Type: "int"}, {Name: "hour", Type: "int", Comment: "of the day"}},
		StorageDescriptor: &glue.StorageDescriptor{
			Location: "s3://b/data/", InputFormat: "in", OutputFormat: "out", Columns: []glue.Column{{Name: "event_id", Type: "string"}},
			SerdeInfo: &glue.SerDeInfo{SerializationLibrary: "serde", Parameters: map[string]string{"a": "b"}},
		},
	}
	for _, err := range []error{
		server.CreateDatabase(glue.Database{Name: db}), server.CreateTable(db, table),
		server.CreateTable(db, glue.Table{Name: "hits", TableType: "VIRTUAL_VIEW", ViewOriginalText: "/* Presto View: x */"}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	got, err := c.Table(ctx, db, tab)
	want, wantErr := server.Table(db, tab)
	want.CatalogID, want.VersionID, want.CreateTime, want.UpdateTime = "", "", 0, 0
	if err != nil || wantErr != nil || text(got) != text(want) {
		t.Errorf("got %s, %v\nwant %s", text(got), err, text(want))
	}
	if list, err := c.Tables(ctx, db); err != nil || len(list) != 2 || list[0].ViewOriginalText != "/* Presto View: x */" {
		t.Errorf("tables %+v, %v", list, err)
	}
	if _, err := c.Table(ctx, db, "nowhere"); wire.AsError(err).Code != "EntityNotFoundException" {
		t.Errorf("a table that is not there: %v", err)
	}
	partition := glue.Partition{Values: []string{"2026", "9"}, Location: "s3://b/data/year=2026/hour=9/", StorageDescriptor: &glue.StorageDescriptor{
		Location: "s3://b/data/year=2026/hour=9/", InputFormat: "in", Columns: table.StorageDescriptor.Columns, SerdeInfo: table.StorageDescriptor.SerdeInfo,
	}}
	if err := c.AddPartition(ctx, db, tab, partition); err != nil {
		t.Fatal(err)
	}
	if err := c.AddPartition(ctx, db, tab, partition); wire.AsError(err).Code != "AlreadyExistsException" {
		t.Errorf("a second time: %v", err)
	}
	list, err := c.Partitions(ctx, db, tab)
	if err != nil || len(list) != 1 || text(list[0]) != text(partition) || list[0].Location != partition.Location {
		t.Errorf("partitions %s, %v\nwant %s", text(list), err, text(partition))
	}
	if err := c.DropPartition(ctx, db, tab, partition.Values); err != nil || len(server.Partitions(db, tab)) != 0 {
		t.Errorf("drop: %v", err)
	}
	if err := c.DropPartition(ctx, db, tab, partition.Values); wire.AsError(err).Code != "EntityNotFoundException" {
		t.Errorf("drop again: %v", err)
	}
}

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func TestTheObjectsOfAnEndpoint(t *testing.T) {
	server := s3.New(clock(), t.TempDir())
	if err := server.CreateBucket("pixel-data"); err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	store := remote.Store{S3: sdks3.New(sdks3.Options{
		Region: "us-east-1", BaseEndpoint: &web.URL, UsePathStyle: true, HTTPClient: session.Whole(web.Client()),
		Credentials: credentials.NewStaticCredentialsProvider("AKID", "secret", ""), Retryer: aws.NopRetryer{},
	})}
	ctx := t.Context()
	for i := range 1002 { // more than a page
		if err := server.Put("pixel-data", fmt.Sprintf("a/%04d", i), nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Put(ctx, "pixel-data", "b/x y", []byte("hello")); err != nil {
		t.Fatal(err)
	}
	if body, err := store.Get(ctx, "pixel-data", "b/x y"); err != nil || string(body) != "hello" {
		t.Errorf("%q, %v", body, err)
	}
	if keys, err := store.List(ctx, "pixel-data", "a/"); err != nil || len(keys) != 1002 || keys[1001] != "a/1001" {
		t.Errorf("%d keys, %v", len(keys), err)
	}
	if _, err := store.Get(ctx, "pixel-data", "c"); wire.AsError(err).Code != "NoSuchKey" {
		t.Errorf("a key that is not there: %v", err)
	}
	if err := store.Put(ctx, "elsewhere", "c", nil); wire.AsError(err).Code != "NoSuchBucket" {
		t.Errorf("a bucket that is not there: %v", err)
	}
}
