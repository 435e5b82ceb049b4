package firehose_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/awsfake/firehose"
	"pixelctl/pkg/awsfake/wire"
)

func TestRules(t *testing.T) {
	for label, c := range map[string]struct {
		change func(d *firehose.Destination)
		want   string // part of the message; "" is no error
	}{
		"as it is":           {nil, ""},
		"no error prefix":    {func(d *firehose.Destination) { d.ErrorOutputPrefix = "" }, "ErrorOutputPrefix is required"},
		"no error type":      {func(d *firehose.Destination) { d.ErrorOutputPrefix = "e/!{timestamp:yyyy}/" }, "must contain !{firehose:error-output-type}"},
		"static errors":      {func(d *firehose.Destination) { d.ErrorOutputPrefix = "errors/" }, ""},
		"error type in data": {func(d *firehose.Destination) { d.Prefix += "!{firehose:error-output-type}/" }, "Prefix cannot contain"},
		"unknown namespace":  {func(d *firehose.Destination) { d.Prefix = "!{time:yyyy}/" }, "is not valid"},
		"not closed":         {func(d *firehose.Destination) { d.Prefix = "!{timestamp:yyyy" }, "is not valid"},
		"unknown letter":     {func(d *firehose.Destination) { d.Prefix = "!{timestamp:yyyy-Q}/" }, "not known here"},
		"dynamic":            {func(d *firehose.Destination) { d.Prefix = "!{partitionKeyFromQuery:x}/" }, "no dynamic partitioning"},
		"long prefix":        {func(d *firehose.Destination) { d.Prefix = strings.Repeat("x", 1025) }, "less than or equal to 1024"},
		"63 MB":              {func(d *firehose.Destination) { d.BufferingHints = hints(63, 60) }, "at least 64"},
		"129 MB":             {func(d *firehose.Destination) { d.BufferingHints = hints(129, 60) }, "between 1 and 128"},
		"901 s":              {func(d *firehose.Destination) { d.BufferingHints = hints(64, 901) }, "between 0 and 900"},
		"0 s":                {func(d *firehose.Destination) { d.BufferingHints = hints(64, 0) }, ""},
		"half the hints":     {func(d *firehose.Destination) { d.BufferingHints.SizeInMBs = nil }, "both"},
		"gzip and Parquet":   {func(d *firehose.Destination) { d.CompressionFormat = "GZIP" }, "must be UNCOMPRESSED"},
		"zip":                {func(d *firehose.Destination) { plain(d); d.CompressionFormat = "ZIP" }, "the fake has UNCOMPRESSED and GZIP"},
		"no table": {func(d *firehose.Destination) {
			d.DataFormatConversionConfiguration.SchemaConfiguration.TableName = ""
		}, "TableName"},
		"two readers": {func(d *firehose.Destination) {
			d.DataFormatConversionConfiguration.InputFormatConfiguration.Deserializer.OpenXJSONSerDe = json.RawMessage("{}")
		}, "exactly one Deserializer"},
		"zstd": {func(d *firehose.Destination) {
			d.DataFormatConversionConfiguration.OutputFormatConfiguration.Serializer.ParquetSerDe.Compression = "ZSTD"
		}, "SNAPPY, GZIP, UNCOMPRESSED"},
		"orc": {func(d *firehose.Destination) {
			d.DataFormatConversionConfiguration.OutputFormatConfiguration.Serializer = firehose.Serializer{OrcSerDe: &firehose.ORC{}}
		}, ""},
		"gzip in orc": {func(d *firehose.Destination) {
			d.DataFormatConversionConfiguration.OutputFormatConfiguration.Serializer = firehose.Serializer{OrcSerDe: &firehose.ORC{Compression: "GZIP"}}
		}, "SNAPPY, ZLIB, NONE"},
		"zone":      {func(d *firehose.Destination) { d.CustomTimeZone = "Mars/Base" }, "CustomTimeZone"},
		"extension": {func(d *firehose.Destination) { d.FileExtension = "json" }, "FileExtension"},
		"no bucket": {func(d *firehose.Destination) { d.BucketARN = "pixel-data" }, "BucketARN"},
	} {
		err := start(t).server.Create(stream(t, c.change))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", label, err, c.want)
		}
	}
}

func TestNoORC(t *testing.T) {
	r := start(t).with(func(d *firehose.Destination) {
		d.DataFormatConversionConfiguration.OutputFormatConfiguration.Serializer = firehose.Serializer{OrcSerDe: &firehose.ORC{}}
	})
	r.put("{}")
	if err := r.server.Flush(hits); err == nil || len(r.store.List(bucket, "")) != 0 || r.server.Counters(hits).Freshness != 0 {
		t.Errorf("%v, %v", err, r.store.List(bucket, ""))
	}
	r.clock.Advance(time.Hour)
	if got := r.server.Counters(hits); got.Freshness != time.Hour || got.Out != 0 {
		t.Errorf("the record does not wait: %+v", got)
	}
}

func TestNames(t *testing.T) {
	r := start(t).with(nil)
	if err := r.server.Create(stream(t, nil)); wire.AsError(err).Code != "ResourceInUseException" {
		t.Errorf("again: %v", err)
	}
	for _, change := range []func(s *firehose.Stream){
		func(s *firehose.Stream) { s.DeliveryStreamName = "a b" },
		func(s *firehose.Stream) { s.DeliveryStreamType = "KinesisStreamAsSource" },
		func(s *firehose.Stream) { s.ExtendedS3DestinationConfiguration = nil },
	} {
		s := stream(t, nil)
		change(&s)
		if err := r.server.Create(s); wire.AsError(err).Code != "InvalidArgumentException" {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

// The evaluated prefix of one record that arrived 2026-07-05 09:59:30 UTC.
func TestPrefixes(t *testing.T) {
	for label, c := range map[string]struct{ prefix, zone, want string }{
		"hive":     {"data/year=!{timestamp:yyyy}/month=!{timestamp:M}/day=!{timestamp:d}/hour=!{timestamp:H}/", "", "data/year=2026/month=7/day=5/hour=9/"},
		"padded":   {"!{timestamp:yyyy/MM/dd/HH/}", "", "2026/07/05/09/"},
		"quoted":   {"!{timestamp:'year='yyyy'/month='MM/}", "", "year=2026/month=07/"},
		"a quote":  {"!{timestamp:yyyy''HH'o''clock'}/", "", "2026'09o'clock/"},
		"others":   {"!{timestamp:yy-MMM-DDD-mm-ss}/", "", "26-Jul-186-59-30/"},
		"nothing":  {"", "", "2026/07/05/09/"},
		"static":   {"data/", "", "data/2026/07/05/09/"},
		"zone":     {"!{timestamp:yyyy-MM-dd-HH}/", "Asia/Tokyo", "2026-07-05-18/"},
		"no clash": {"a!b{c}/!{timestamp:yyyy}/", "", "a!b{c}/2026/"},
	} {
		r := start(t).with(func(d *firehose.Destination) { plain(d); d.Prefix, d.CustomTimeZone = c.prefix, c.zone })
		r.put("{}")
		if err := r.server.Flush(hits); err != nil {
			t.Fatal(err)
		}
		key := r.store.List(bucket, "")[0]
		if folder, _, _ := strings.Cut(key, "hits-1-2026-"); folder != c.want {
			t.Errorf("%s: %s, want %s", label, key, c.want)
		}
	}
}

func TestRandomString(t *testing.T) {
	r := start(t).with(func(d *firehose.Destination) {
		plain(d)
		d.Prefix = "!{firehose:random-string}/!{firehose:random-string}/!{timestamp:yyyy}/"
	})
	r.put("{}")
	if err := r.server.Flush(hits); err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(r.store.List(bucket, "")[0], "/")
	if len(parts) != 4 || len(parts[0]) != 11 || len(parts[1]) != 11 || parts[0] == parts[1] {
		t.Errorf("key: %v", parts)
	}
}
