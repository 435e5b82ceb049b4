package awsfake

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"pixelctl/pkg/awsfake/athena"
	"pixelctl/pkg/awsfake/athena/duckdb"
	"pixelctl/pkg/awsfake/firehose"
	"pixelctl/pkg/awsfake/glue"
	"pixelctl/pkg/awsfake/observe"
)

// startDelivery makes what carries records from the function to queries.
func (f *Fake) startDelivery() {
	f.Glue = glue.New(f.clock)
	f.Glue.SetLister(f.S3)
	f.Glue.SetLog(f.crawlerLog)
	f.Firehose = firehose.New(f.clock, f.S3, f.Glue)
	catalog, store := athena.FakeCatalog{Glue: f.Glue}, athena.FakeStore{S3: f.S3}
	f.Engine = duckdb.New(catalog, store)
	f.Athena = athena.New(athena.Options{Clock: f.clock, Catalog: catalog, Store: store, Backend: f.Engine, Scanned: f.scanned})
}

// scanned tells CloudWatch what a statement read.
func (f *Fake) scanned(group string, bytes int64) {
	f.Metrics.Put("AWS/Athena", "ProcessedBytes", float64(bytes), "WorkGroup", group)
}

// crawlerLog writes a line of a crawler, whose role may make the group that all
// crawlers share.
func (f *Fake) crawlerLog(group, stream, message string) {
	_ = f.Logs.CreateGroup(observe.Group{LogGroupName: group}) // it may be there
	f.Logs.Write(group, stream, message)
}

func (f *Fake) deliveryServices() map[string]*service {
	return map[string]*service{
		"glue":     {protocol: awsJSON, operations: f.Glue.Operations()},
		"firehose": {protocol: awsJSON, operations: f.Firehose.Operations()},
		"athena":   {protocol: awsJSON, operations: f.Athena.Operations()},
	}
}

// putRecord is the function's PutRecord.
func (f *Fake) putRecord(_ context.Context, stream string, data []byte) error {
	return f.inner("firehose", "PutRecord", func() error { return f.Firehose.Put(stream, data) })
}

// putRecords is the function's PutRecordBatch.
func (f *Fake) putRecords(_ context.Context, stream string, data [][]byte) (failed []error, err error) {
	err = f.inner("firehose", "PutRecordBatch", func() (err error) {
		failed, err = f.Firehose.PutBatch(stream, data)
		return err
	})
	return failed, err
}

// scheduled makes the call of a universal target, whose operation is written
// with a small first letter. As with the real one, nobody waits for its answer.
func (f *Fake) scheduled(name, operation, input string) {
	operation = strings.ToUpper(operation[:min(1, len(operation))]) + operation[min(1, len(operation)):]
	_ = f.inner(name, operation, func() error {
		s, ok := f.services[name]
		if !ok || s.operations[operation] == nil {
			return nil
		}
		ctx := context.Background() //nolint:forbidigo // the clock's hooks have no caller
		_, err := s.operations[operation](ctx, f.withToken(input))
		return err
	})
}

// withToken gives a call the token that an SDK fills in; Athena refuses to
// start a query without one.
func (f *Fake) withToken(input string) []byte {
	members := map[string]any{}
	if err := json.Unmarshal([]byte(input), &members); err != nil {
		return []byte(input) // the operation says what is wrong
	}
	if members["ClientRequestToken"] == nil {
		members["ClientRequestToken"] = fmt.Sprintf("00000000-0000-4000-9000-%012x", f.requests.Add(1))
	}
	return mustJSON(members)
}
