package embed

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/beacon"
	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
)

// TestBufferFitsTheFormat: with format conversion Firehose wants a buffer of
// 64 MiB or more (record-format-conversion, Amazon Data Firehose manual), and
// never takes more than 128. No linter knows.
func TestBufferFitsTheFormat(t *testing.T) {
	formats := mapping(t, parse(t), "Mappings", "Formats")
	for _, name := range items(at(parse(t), "Parameters", "Format", "AllowedValues")) {
		format := mapping(t, formats, fmt.Sprint(name))
		size, _ := format["BufferMiB"].(int)
		least, compression := 64, "UNCOMPRESSED"
		if name == "json" {
			least, compression = 1, "GZIP"
		}
		if size < least || size > 128 {
			t.Errorf("%s: buffer of %d MiB", name, size)
		}
		if format["Compression"] != compression {
			t.Errorf("%s: objects are %v; conversion compresses inside of the file", name, format["Compression"])
		}
	}
	hints := mapping(t, destination(t), "BufferingHints")
	if want := "[Formats map[Ref:Format] BufferMiB]"; fmt.Sprint(at(hints, "SizeInMBs", "Fn::FindInMap")) != want {
		t.Errorf("buffer size is %v", hints["SizeInMBs"])
	}
	if at(hints, "IntervalInSeconds", "Ref") != "BufferSeconds" {
		t.Errorf("buffer interval is %v", hints["IntervalInSeconds"])
	}
}

func destination(t *testing.T) object {
	t.Helper()
	return mapping(t, properties(t, "DeliveryStream"), "ExtendedS3DestinationConfiguration")
}

// TestPrefixIsTheDirectoryOfTheHour evaluates the prefix as Firehose does.
func TestPrefixIsTheDirectoryOfTheHour(t *testing.T) {
	prefix := text(t, destination(t), "Prefix")
	for _, at := range []time.Time{
		time.Date(2026, 7, 5, 9, 59, 59, 0, time.UTC), time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		got := strings.NewReplacer(
			"!{timestamp:yyyy}", at.Format("2006"), "!{timestamp:M}", at.Format("1"),
			"!{timestamp:d}", at.Format("2"), "!{timestamp:H}", fmt.Sprint(at.Hour()),
		).Replace(prefix)
		if want := lake.DataPrefix + "/" + lake.HourOf(event.MillisOf(at)).Path() + "/"; got != want {
			t.Errorf("rows of %s lie in %q, want %q", at, got, want)
		}
	}
}

// TestErrorsLieOutsideTheTable: Athena reads everything below the location.
func TestErrorsLieOutsideTheTable(t *testing.T) {
	location := text(t, properties(t, "Table"), "TableInput", "StorageDescriptor", "Location", "Fn::Sub")
	if location != "s3://${DataBucket}/"+lake.DataPrefix+"/" {
		t.Errorf("table lies in %s", location)
	}
	prefix := text(t, destination(t), "ErrorOutputPrefix")
	if !strings.HasPrefix(prefix, lake.ErrorPrefix+"/") || strings.HasPrefix(prefix, lake.DataPrefix+"/") {
		t.Errorf("errors go to %q", prefix)
	}
	if !strings.Contains(prefix, "!{firehose:error-output-type}") {
		t.Errorf("Firehose wants the kind of error in %q", prefix)
	}
	if at(destination(t), "BucketARN", "Fn::GetAtt") != "DataBucket.Arn" {
		t.Errorf("the stream writes to %v", destination(t)["BucketARN"])
	}
}

// TestStreamReadsTimestamps holds the converter's pattern, and that of the
// JSON table, to the form in which records are written.
func TestStreamReadsTimestamps(t *testing.T) {
	java := strings.NewReplacer("2006", "yyyy", "01", "MM", "02", "dd", "15", "HH", "04", "mm", "05", "ss", "000", "SSS").Replace(event.TimeLayout)
	conversion := items(at(destination(t), "DataFormatConversionConfiguration", "Fn::If"))
	if len(conversion) != 3 || conversion[0] != "FormatIsJson" || at(conversion[1], "Enabled") != false || at(conversion[2], "Enabled") != true {
		t.Fatalf("conversion is %v", conversion)
	}
	got := items(at(conversion[2], "InputFormatConfiguration", "Deserializer", "HiveJsonSerDe", "TimestampFormats"))
	if !slices.Equal(got, []any{java}) {
		t.Errorf("the converter reads timestamps as %v, want %s", got, java)
	}
	serde := items(at(properties(t, "Table"), "TableInput", "StorageDescriptor", "SerdeInfo", "Parameters", "Fn::If"))
	if len(serde) != 3 || serde[0] != "FormatIsJson" || at(serde[1], "timestamp.formats") != java {
		t.Errorf("the JSON table reads timestamps by %v, want %s", serde, java)
	}
}

// TestRoutesAreTheBeacons asks the beacon which methods it answers on which
// path, and wants a route for each of these and for no other.
func TestRoutesAreTheBeacons(t *testing.T) {
	paths := map[string]string{
		"/p.gif": "/p.gif", "/i.gif": "/i.gif", "/{site}/{label}": "/shop/footer.gif",
		"/robots.txt": "/robots.txt", "/health": "/health", "/": "/", "/{site}": "/shop",
	}
	methods := []string{"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}
	b, err := beacon.New(beacon.Options{Collector: "test"})
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for route, path := range paths {
		for _, method := range methods {
			var out beacon.Result
			b.Answer(&beacon.Request{Method: method, Path: path, ID: "a"}, &out)
			if out.Code < 400 {
				want = append(want, method+" "+route)
			}
		}
	}
	var got []string
	for id, r := range resources(t, "AWS::ApiGatewayV2::Route") {
		got = append(got, text(t, r, "Properties", "RouteKey"))
		if r["Condition"] != "ApiTakesHits" {
			t.Errorf("%s stays when the intake is closed", id)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("routes %q, the beacon answers %q", got, want)
	}
}

// TestThrottleIsTheStreamsQuota: requests a second of direct PUT, by region
// (Amazon Data Firehose quotas).
func TestThrottleIsTheStreamsQuota(t *testing.T) {
	quota := mapping(t, parse(t), "Mappings", "StreamQuota")
	if at(quota, "Large", "Requests") != 2000 || at(quota, "Other", "Requests") != 1000 {
		t.Errorf("quotas %v", quota)
	}
	var large []string
	for _, c := range items(at(parse(t), "Conditions", "RegionIsLarge", "Fn::Or")) {
		large = append(large, fmt.Sprint(items(at(c, "Fn::Equals"))[1]))
	}
	slices.Sort(large)
	if want := []string{"eu-west-1", "us-east-1", "us-west-2"}; !slices.Equal(large, want) {
		t.Errorf("large regions %v", large)
	}
	settings := mapping(t, properties(t, "ApiStage"), "DefaultRouteSettings")
	for _, key := range []string{"ThrottlingRateLimit", "ThrottlingBurstLimit"} {
		branch := items(at(settings, key, "Fn::If"))
		if len(branch) != 3 || branch[0] != "RegionIsLarge" || fmt.Sprint(branch[1]) != "map[Fn::FindInMap:[StreamQuota Large Requests]]" ||
			fmt.Sprint(branch[2]) != "map[Fn::FindInMap:[StreamQuota Other Requests]]" {
			t.Errorf("%s is %v", key, settings[key])
		}
	}
}
