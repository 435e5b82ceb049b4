package athena

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"pixelctl/pkg/awsfake/wire"
	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/cost"
	"pixelctl/pkg/query"
)

const (
	queryID  = "0d1e2f30-1111-2222-3333-444455556666"
	location = "s3://results/results/" + queryID + ".csv"
)

type call struct {
	name string
	in   map[string]any
}

// script answers the calls of Athena and S3 with what a test says.
type script struct {
	t     testing.TB
	clock *wire.Clock
	url   string

	mu      sync.Mutex
	answers map[string]func(in map[string]any) any // wire.Error is an error
	calls   []call
	object  []byte // what S3 has at location
	etag    string
	cut     func(from, to int64) int64 // bytes of a range that are sent; nil sends all
	denied  *wire.Error                // what S3 answers instead
	ranges  []string
	delay   time.Duration // before every answer, for benchmarks
}

func newScript(t testing.TB) *script {
	t.Helper()
	s := &script{
		t: t, clock: wire.NewClock(time.Date(2026, 7, 5, 9, 30, 0, 0, time.UTC)), answers: map[string]func(map[string]any) any{}, etag: `"one"`,
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	s.on("StartQueryExecution", map[string]any{"QueryExecutionId": queryID})
	s.on("StopQueryExecution", map[string]any{})
	s.on("GetQueryExecution", execution("SUCCEEDED", nil))
	return s
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.delay > 0 {
		<-time.After(s.delay)
	}
	_, name, athenas := strings.Cut(r.Header.Get("X-Amz-Target"), "AmazonAthena.")
	if !athenas {
		s.serveObject(w, r)
		return
	}
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
	s.mu.Unlock()
	var out any = wire.Error{Code: "NotScripted", Message: name}
	if answer != nil {
		out = answer(in)
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	if raw, ok := out.([]byte); ok {
		_, _ = w.Write(raw)
		return
	}
	if failure, ok := out.(wire.Error); ok {
		w.WriteHeader(http.StatusBadRequest)
		fields := map[string]any{"__type": failure.Code, "Message": failure.Message}
		if code, text, ok := strings.Cut(failure.Message, "|"); ok {
			fields["AthenaErrorCode"], fields["Message"] = code, text
		}
		out = fields
	}
	if err := json.NewEncoder(w).Encode(out); err != nil {
		s.t.Errorf("%s: %v", name, err)
	}
}

func (s *script) serveObject(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	object, etag, cut, denied := s.object, s.etag, s.cut, s.denied
	s.ranges = append(s.ranges, r.Header.Get("Range"))
	s.mu.Unlock()
	switch match := r.Header.Get("If-Match"); {
	case denied != nil:
		s.fail(w, http.StatusForbidden, *denied)
		return
	case r.URL.Path != "/results/results/"+queryID+".csv" || object == nil:
		s.fail(w, http.StatusNotFound, wire.Error{Code: "NoSuchKey", Message: "The specified key does not exist."})
		return
	case match != "" && match != etag:
		s.fail(w, http.StatusPreconditionFailed, wire.Error{Code: "PreconditionFailed", Message: "At least one of the pre-conditions did not hold"})
		return
	}
	from, to, err := byteRange(r.Header.Get("Range"), int64(len(object)))
	if err != nil {
		s.fail(w, http.StatusRequestedRangeNotSatisfiable, wire.Error{Code: "InvalidRange", Message: err.Error()})
		return
	}
	w.Header().Set("ETag", etag)
	w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to-1, len(object)))
	w.Header().Set("Content-Length", strconv.FormatInt(to-from, 10))
	w.WriteHeader(http.StatusPartialContent)
	end := to
	if cut != nil {
		end = from + min(cut(from, to), to-from)
	}
	_, _ = w.Write(object[from:end]) // a short body closes the connection
}

func byteRange(header string, size int64) (from, to int64, err error) {
	if _, err := fmt.Sscanf(header, "bytes=%d-%d", &from, &to); err != nil {
		return 0, 0, fmt.Errorf("range %q: %w", header, err)
	}
	if from >= size {
		return 0, 0, errors.New("out of range")
	}
	return from, min(to+1, size), nil
}

func (s *script) fail(w http.ResponseWriter, status int, e wire.Error) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<Error><Code>%s</Code><Message>%s</Message></Error>", e.Code, e.Message)
}

// on has an operation give one answer after the other, the last for ever.
func (s *script) on(name string, list ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[name] = func(map[string]any) any {
		s.mu.Lock()
		defer s.mu.Unlock()
		out := list[0]
		if len(list) > 1 {
			list = list[1:]
		}
		return out
	}
}

func (s *script) answer(name string, f func(in map[string]any) any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[name] = f
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

func (s *script) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.ranges)
}

func (s *script) engine(o Options) *Engine {
	o.Clock = s.clock
	if o.WorkGroup == "" {
		o.WorkGroup, o.Database = "pixel", "pixel_db"
	}
	if o.Region == "" {
		prices, err := cost.InRegion("us-east-1")
		if err != nil {
			s.t.Fatal(err)
		}
		o.Prices = &prices
	}
	via := session.Whole(&http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}})
	c := athena.New(athena.Options{
		HTTPClient: via, Region: "us-east-1", BaseEndpoint: &s.url, Credentials: credentials.NewStaticCredentialsProvider("AKID", "SECRET", ""),
		Retryer: retry.AddWithMaxAttempts(retry.NewStandard(), 1),
	})
	b := s3.New(s3.Options{
		HTTPClient: via, Region: "us-east-1", BaseEndpoint: &s.url, UsePathStyle: true, Credentials: credentials.NewStaticCredentialsProvider("AKID", "SECRET", ""),
		Retryer: retry.AddWithMaxAttempts(retry.NewStandard(), 1),
	})
	return New(c, b, o)
}

// execution is an answer of GetQueryExecution for a SELECT, with changes.
func execution(state string, change func(e map[string]any)) any {
	e := map[string]any{
		"QueryExecutionId": queryID, "StatementType": "DML", "SubstatementType": "SELECT",
		"Status": map[string]any{"State": state}, "Statistics": map[string]any{"DataScannedInBytes": 5 << 20},
		"ResultConfiguration": map[string]any{"OutputLocation": location},
	}
	if change != nil {
		change(e)
	}
	return map[string]any{"QueryExecution": e}
}

func scanned(state string, n int64) any {
	return execution(state, func(e map[string]any) { e["Statistics"] = map[string]any{"DataScannedInBytes": n} })
}

// because is an execution that ended for a reason.
func because(state, reason string, failure map[string]any) any {
	return execution(state, func(e map[string]any) {
		status := map[string]any{"State": state, "StateChangeReason": reason}
		if failure != nil {
			status["AthenaError"] = failure
		}
		e["Status"] = status
	})
}

func utility(sub string) any {
	return execution("SUCCEEDED", func(e map[string]any) {
		e["StatementType"], e["SubstatementType"] = "UTILITY", sub
		e["ResultConfiguration"] = map[string]any{"OutputLocation": strings.TrimSuffix(location, "csv") + "txt"}
	})
}

// null is a value of page that is not there.
const null = "\x00"

// page is an answer of GetQueryResults; columns are "name type".
func page(token string, columns []string, rows ...[]string) any {
	info, list := []any{}, []any{}
	for _, c := range columns {
		name, kind, _ := strings.Cut(c, " ")
		info = append(info, map[string]any{"Name": name, "Label": name, "Type": kind, "Precision": 12, "Scale": 2})
	}
	for _, r := range rows {
		data := []any{}
		for _, v := range r {
			if v == null {
				data = append(data, map[string]any{})
				continue
			}
			data = append(data, map[string]any{"VarCharValue": v})
		}
		list = append(list, map[string]any{"Data": data})
	}
	out := map[string]any{"UpdateCount": 0, "ResultSet": map[string]any{"Rows": list, "ResultSetMetadata": map[string]any{"ColumnInfo": info}}}
	if token != "" {
		out["NextToken"] = token
	}
	return out
}

func collect(ctx context.Context, r query.Rows) ([][]any, error) {
	var all [][]any
	for {
		row, err := r.Next(ctx)
		if err == io.EOF { //nolint:errorlint // Next documents io.EOF itself
			return all, nil
		}
		if err != nil {
			return all, err
		}
		all = append(all, slices.Clone(row))
	}
}

// ask runs sql and gives its rows and stats.
func ask(t *testing.T, e *Engine, sql string) ([][]any, query.Stats) {
	t.Helper()
	r, err := e.Query(t.Context(), sql)
	if err != nil {
		t.Fatal(err)
	}
	all, err := collect(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	stats := r.Stats()
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return all, stats
}
