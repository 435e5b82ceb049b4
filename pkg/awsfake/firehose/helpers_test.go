package firehose_test

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
	sdk "github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/smithy-go"

	"pixelctl/pkg/awsfake/firehose"
	"pixelctl/pkg/awsfake/glue"
	"pixelctl/pkg/awsfake/s3"
	"pixelctl/pkg/awsfake/wire"
	"pixelctl/pkg/cloud/session"
)

const (
	bucket = "pixel-data"
	hits   = "hits"
)

// rig is a fake with its bucket and table, and the real client before it.
type rig struct {
	*testing.T
	clock   *wire.Clock
	store   *s3.Server
	catalog *glue.Server
	server  *firehose.Server
	client  *sdk.Client
}

func start(t *testing.T) *rig {
	t.Helper()
	clock := wire.NewClock(time.Date(2026, 7, 5, 9, 59, 30, 0, time.UTC))
	r := &rig{T: t, clock: clock, store: s3.New(clock, t.TempDir()), catalog: glue.New(clock)}
	r.server = firehose.New(clock, r.store, r.catalog)
	for _, err := range []error{
		r.store.CreateBucket(bucket), r.catalog.CreateDatabase(glue.Database{Name: "pixelctl"}),
		r.catalog.CreateTable("pixelctl", glue.Table{Name: "tp_hits"}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
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

// properties are those of a template: conversion on, a number as text.
const properties = `{"DeliveryStreamName":"hits","DeliveryStreamType":"DirectPut",
 "DeliveryStreamEncryptionConfigurationInput":{"KeyType":"AWS_OWNED_CMK"},
 "Tags":[{"Key":"pixelctl:stack","Value":"pixel"},{"Key":"a","Value":"b"}],
 "ExtendedS3DestinationConfiguration":{"RoleARN":"arn:aws:iam::123456789012:role/r","BucketARN":"arn:aws:s3:::pixel-data",
  "Prefix":"data/year=!{timestamp:yyyy}/month=!{timestamp:M}/day=!{timestamp:d}/hour=!{timestamp:H}/",
  "ErrorOutputPrefix":"errors/!{firehose:error-output-type}/",
  "BufferingHints":{"SizeInMBs":"64","IntervalInSeconds":"60"},
  "CloudWatchLoggingOptions":{"Enabled":true,"LogGroupName":"g","LogStreamName":"s"},
  "DataFormatConversionConfiguration":{"Enabled":"true",
   "SchemaConfiguration":{"RoleARN":"r","DatabaseName":"pixelctl","TableName":"tp_hits","Region":"us-east-1","VersionId":"LATEST"},
   "InputFormatConfiguration":{"Deserializer":{"HiveJsonSerDe":{}}},
   "OutputFormatConfiguration":{"Serializer":{"ParquetSerDe":{"Compression":"SNAPPY"}}}}}}`

// stream reads the properties; change alters the destination.
func stream(t *testing.T, change func(d *firehose.Destination)) firehose.Stream {
	t.Helper()
	var s firehose.Stream
	if err := json.Unmarshal([]byte(properties), &s); err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(s.ExtendedS3DestinationConfiguration)
	}
	return s
}

// plain takes the conversion off, with a buffer of 1 MB and a minute.
func plain(d *firehose.Destination) {
	d.DataFormatConversionConfiguration = nil
	d.BufferingHints = hints(1, 60)
}

func hints(size, interval glue.Int) *firehose.BufferingHints {
	return &firehose.BufferingHints{SizeInMBs: &size, IntervalInSeconds: &interval}
}

// with makes the stream.
func (r *rig) with(change func(d *firehose.Destination)) *rig {
	r.Helper()
	if err := r.server.Create(stream(r.T, change)); err != nil {
		r.Fatal(err)
	}
	return r
}

func (r *rig) put(data string) {
	r.Helper()
	if err := r.server.Put(hits, []byte(data)); err != nil {
		r.Fatal(err)
	}
}

// body gives the only object with the prefix, and its key.
func (r *rig) body(prefix string) (body []byte, key string) {
	r.Helper()
	keys := r.store.List(bucket, prefix)
	if len(keys) != 1 {
		r.Fatalf("objects below %s: %v of %v", prefix, keys, r.store.List(bucket, ""))
	}
	body, err := r.store.Get(bucket, keys[0])
	if err != nil {
		r.Fatal(err)
	}
	return body, keys[0]
}

func (r *rig) fails(err error, code string) {
	r.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != code {
		r.Errorf("error %v, want %s", err, code)
	}
}
