package athena_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/smithy-go"

	"pixelctl/pkg/awsfake/athena"
	"pixelctl/pkg/awsfake/athena/duckdb"
	"pixelctl/pkg/awsfake/glue"
	"pixelctl/pkg/awsfake/s3"
	"pixelctl/pkg/awsfake/wire"
	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/local/duck"
)

const (
	bucket  = "pixel-data"
	results = "pixel-results"
	group   = "pixel"
	db      = "pixel_x"
)

// rig is a fake with its bucket, table and workgroup, and the real client
// before it.
type rig struct {
	*testing.T
	clock   *wire.Clock
	store   *s3.Server
	catalog *glue.Server
	backend *duckdb.Backend
	server  *athena.Server
	client  *sdk.Client
}

// properties are those of a template.
const properties = `{"DatabaseName":"pixel_x","TableInput":{"Name":"tp_hits","TableType":"EXTERNAL_TABLE",
  "Parameters":{"classification":"parquet","projection.enabled":"false",
   "projection.year.type":"integer","projection.year.range":"2026,2031","projection.month.type":"integer","projection.month.range":"1,12",
   "projection.day.type":"integer","projection.day.range":"1,31","projection.hour.type":"integer","projection.hour.range":"0,23"},
  "PartitionKeys":[{"Name":"year","Type":"int"},{"Name":"month","Type":"int"},{"Name":"day","Type":"int"},{"Name":"hour","Type":"int"}],
  "StorageDescriptor":{"Location":"s3://pixel-data/data/","Columns":[{"Name":"event_id","Type":"string","Comment":"unique id"},{"Name":"received_at","Type":"timestamp"}],
   "InputFormat":"in","OutputFormat":"out",
   "SerdeInfo":{"SerializationLibrary":"org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"}}}}`

const workgroup = `{"Name":"pixel","State":"ENABLED","RecursiveDeleteOption":"true","WorkGroupConfiguration":{
  "EnforceWorkGroupConfiguration":"true","BytesScannedCutoffPerQuery":"107374182400","EngineVersion":{"SelectedEngineVersion":"Athena engine version 3"},
  "ResultConfiguration":{"OutputLocation":"s3://pixel-results/results/","EncryptionConfiguration":{"EncryptionOption":"SSE_S3"}}}}`

func start(t *testing.T) *rig {
	t.Helper()
	clock := wire.NewClock(time.Date(2026, 7, 5, 12, 0, 0, 0, time.UTC))
	r := &rig{T: t, clock: clock, store: s3.New(clock, t.TempDir()), catalog: glue.New(clock)}
	catalog, store := athena.FakeCatalog{Glue: r.catalog}, athena.FakeStore{S3: r.store}
	r.backend = duckdb.New(catalog, store)
	r.server = athena.New(athena.Options{Clock: clock, Catalog: catalog, Store: store, Backend: r.backend})
	for _, err := range []error{
		r.store.CreateBucket(bucket), r.store.CreateBucket(results), r.catalog.CreateDatabase(glue.Database{Name: db}),
		r.catalog.CreateTable(db, decode[glue.Table](t, properties)), r.server.CreateWorkGroup(decode[athena.WorkGroup](t, workgroup)),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	r.client = clientOf(t, r.server)
	return r
}

func clientOf(t *testing.T, h http.Handler) *sdk.Client {
	web := httptest.NewServer(h)
	t.Cleanup(web.Close)
	return sdk.New(sdk.Options{
		Region: "us-east-1", BaseEndpoint: &web.URL, HTTPClient: session.Whole(web.Client()), Retryer: aws.NopRetryer{},
		Credentials: credentials.NewStaticCredentialsProvider("AKID", "secret", ""),
	})
}

func decode[T any](t *testing.T, text string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// line is a record as the beacon writes it.
func line(id, at, site, class, params string) string {
	return fmt.Sprintf(`{"schema_version":1,"event_id":%q,"received_at":%q,"event":"view","site":%q,"client_class":%q,"is_bot":false,"status":"recorded","value":12.5,"params":{%s}}`+"\n",
		id, at, site, class, params)
}

// parquet makes a file of some records of one hour.
func parquet(t *testing.T, lines string) []byte {
	t.Helper()
	dir := t.TempDir()
	source := filepath.Join(dir, "in.ndjson")
	if err := os.WriteFile(source, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := duck.Convert(t.Context(), duck.ConvertOptions{Source: source, Staging: dir, Name: "x"}); err != nil {
		t.Fatal(err)
	}
	var found []byte
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".parquet") {
			found, err = os.ReadFile(path)
		}
		return err
	})
	if err != nil || found == nil {
		t.Fatal(err, "no file")
	}
	return found
}

// hours puts n records into each of the hours 9, 10, … of 2026-07-05 and
// registers them. It gives the size of each object.
func (r *rig) hours(n, rows int) []int {
	r.Helper()
	sizes := make([]int, n)
	for i := range n {
		var lines string
		for j := range rows {
			lines += line(fmt.Sprintf("e%d-%d", i, j), fmt.Sprintf("2026-07-05 %02d:00:%02d.250", 9+i, j%60), "shop", "human", `"k":"v","a":"b"`)
		}
		body := parquet(r.T, lines+strings.Repeat(line(fmt.Sprint("bot", i), fmt.Sprintf("2026-07-05 %02d:30:00.000", 9+i), "shop", "bot", ""), i))
		sizes[i] = len(body)
		hour := lake.Hour{Year: 2026, Month: 7, Day: 5, Hour: 9 + i}
		r.put("data/"+hour.Path()+"/x.parquet", body)
		r.register(hour.Path())
	}
	return sizes
}

func (r *rig) put(key string, body []byte) {
	r.Helper()
	if err := r.store.Put(bucket, key, body); err != nil {
		r.Fatal(err)
	}
}

func (r *rig) register(dir string) {
	r.Helper()
	var values []string
	for part := range strings.SplitSeq(dir, "/") {
		_, v, _ := strings.Cut(part, "=")
		values = append(values, v)
	}
	if err := r.catalog.AddPartition(db, "tp_hits", glue.Partition{Values: values, Location: "s3://" + bucket + "/data/" + dir + "/"}); err != nil {
		r.Fatal(err)
	}
}

// views puts the views of the lake into the catalog, as the template does.
func (r *rig) view(name, sql string) {
	r.Helper()
	text, err := json.Marshal(map[string]string{"originalSql": sql})
	if err == nil {
		err = r.catalog.CreateTable(db, glue.Table{Name: name, TableType: "VIRTUAL_VIEW", ViewOriginalText: "/* Presto View: " + encoded(text) + " */"})
	}
	if err != nil {
		r.Fatal(err)
	}
}

func (r *rig) begin(sql string) string {
	r.Helper()
	out, err := r.client.StartQueryExecution(r.Context(), input(sql))
	if err != nil {
		r.Fatalf("%s: %v", sql, err)
	}
	return *out.QueryExecutionId
}

func input(sql string) *sdk.StartQueryExecutionInput {
	return &sdk.StartQueryExecutionInput{
		QueryString: &sql, WorkGroup: aws.String(group), QueryExecutionContext: &types.QueryExecutionContext{Database: aws.String(db)},
	}
}

func (r *rig) get(id string) *types.QueryExecution {
	r.Helper()
	out, err := r.client.GetQueryExecution(r.Context(), &sdk.GetQueryExecutionInput{QueryExecutionId: &id})
	if err != nil {
		r.Fatal(err)
	}
	return out.QueryExecution
}

// run runs a statement to its end.
func (r *rig) run(sql string) *types.QueryExecution {
	r.Helper()
	id := r.begin(sql)
	r.clock.Advance(time.Second)
	return r.get(id)
}

// succeed runs a statement that must succeed.
func (r *rig) succeed(sql string) *types.QueryExecution {
	r.Helper()
	e := r.run(sql)
	if e.Status.State != types.QueryExecutionStateSucceeded {
		r.Fatalf("%s: %s: %s", sql, e.Status.State, aws.ToString(e.Status.StateChangeReason))
	}
	return e
}

// object reads an object of the results.
func (r *rig) object(url string) string {
	r.Helper()
	at, key, _ := athena.SplitURL(url)
	body, err := r.store.Get(at, key)
	if err != nil {
		r.Fatalf("%s: %v", url, err)
	}
	return string(body)
}

// rows gives the rows of a page as text: NULL is <nil>.
func (r *rig) page(in *sdk.GetQueryResultsInput) (*sdk.GetQueryResultsOutput, []string) {
	r.Helper()
	out, err := r.client.GetQueryResults(r.Context(), in)
	if err != nil {
		r.Fatal(err)
	}
	var rows []string
	for _, row := range out.ResultSet.Rows {
		var cells []string
		for _, d := range row.Data {
			if d.VarCharValue == nil {
				cells = append(cells, "<nil>")
				continue
			}
			cells = append(cells, *d.VarCharValue)
		}
		rows = append(rows, strings.Join(cells, "|"))
	}
	return out, rows
}

func (r *rig) answer(sql string) string {
	r.Helper()
	_, rows := r.page(&sdk.GetQueryResultsInput{QueryExecutionId: r.succeed(sql).QueryExecutionId})
	return strings.Join(rows, "\n")
}

// fails wants an InvalidRequestException with a part of its message.
func (r *rig) fails(err error, part string) {
	r.Helper()
	var api *types.InvalidRequestException
	if !errors.As(err, &api) || !strings.Contains(api.ErrorMessage(), part) {
		r.Errorf("error %v, want InvalidRequestException: %s", err, part)
	}
}

// scripted is a back end with a set answer.
type scripted struct {
	result athena.Result
	err    error
	wait   func(ctx context.Context)
	asked  []athena.Statement
}

func (s *scripted) Check(context.Context, athena.Statement) error { return nil }

func (s *scripted) Run(ctx context.Context, ask athena.Statement) (athena.Result, error) {
	s.asked = append(s.asked, ask)
	if s.wait != nil {
		s.wait(ctx)
	}
	return s.result, s.err
}

func (s *scripted) Unload(context.Context, athena.Statement, athena.Unload) (athena.Unloaded, error) {
	return athena.Unloaded{}, s.err
}

var _ smithy.APIError = (*types.InvalidRequestException)(nil)
