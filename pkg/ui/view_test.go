package ui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/privacy/statement"
	"pixelctl/pkg/query"
	"pixelctl/pkg/spec"
	"pixelctl/pkg/traffic"
	"pixelctl/pkg/version"
)

type scene struct {
	name string
	view View
}

func scenes() []scene {
	return []scene{
		{"deploy", Deployment(pipeline.Deployment{
			Stack: "pixelctl", Target: "local", Endpoint: "http://127.0.0.1:8080", Action: pipeline.Created, Buffer: time.Minute,
		}).WithNext("pixelctl snippet --campaign spring", "pixelctl hit --count 10 --campaign spring")},
		{"deploy_plan", Deployment(pipeline.Deployment{
			Stack: "shop", Target: "local", Endpoint: "http://127.0.0.1:8080", Action: pipeline.Updated, Buffer: 15 * time.Minute, DryRun: true,
			Changes: []pipeline.Change{{Name: "buffer", From: "1m", To: "15m"}, {Name: "addr", To: "127.0.0.1:9090"}, {Name: "tls", From: "on"}},
		})},
		{"deploy_unchanged", Deployment(pipeline.Deployment{Stack: "shop", Target: "local", Endpoint: "http://127.0.0.1:8080", Action: pipeline.Unchanged})},
		{"deploy_fields", Deployment(pipeline.Deployment{
			Stack: "shop", Target: "local", Endpoint: "http://127.0.0.1:8080", Action: pipeline.Updated, Fields: fieldChanges(),
		})},
		{"fields_diff", FieldChanges(fieldChanges())},
		{"fields_same", FieldChanges(nil)},
		{"fields_check", SpecCheck("pixelctl.yaml", spec.Spec{Fields: []spec.Field{{Name: "hotel", Sources: []spec.Source{{Kind: spec.FromQuery, Names: []string{"uid", "d"}}}}, {Name: "old", Retired: true}}}, nil)},
		{"fields_wrong", SpecCheck("pixelctl.yaml", spec.Spec{}, []spec.Problem{
			{Place: "pixelctl.yaml:3:11", Message: "field a: unknown type \"strng\"", Hint: "did you mean \"string\"?"},
			{Place: "pixelctl.yaml:5:9", Message: "field b would hold the whole address", Hint: "leave the field out: column ip has the address as privacy.ip says; or set privacy.ip: full"},
			{Place: "pixelctl.yaml:9:3", Message: "privacy: unknown key \"gcp\""},
		})},
		{"fields_test", Explained(explained())},
		{"fields_show", Fields("| column |\n|---|\n| `hotel` |\n", []event.Column{
			{Name: "is_bot", Type: event.Boolean, Rule: event.Always, Doc: "true when client_class is prefetch or bot or synthetic; NULL before classification"},
			{Name: "hotel", Type: event.String, Rule: event.Present, Limit: 64, Doc: "which <b>house</b>\x1b[31m"},
			{Name: "nights", Type: event.Int, Rule: event.Present},
		})},
		{"fields_unknown_path", Explained(refused())},
		{"privacy_modes", Modes("| column | ip: hash |\n|---|---|\n", []Mode{
			{Name: "ip: hash", Effects: map[string][]string{"set": {"ip_mode"}, "hash": {"ip"}}},
			{Name: "strip", Effects: map[string][]string{"blank": {"user_id", "visitor_id", "network_id", "session_id", "client_event_id", "message_id"}}},
		})},
		{"privacy_check", Findings([]statement.Finding{{Setting: "privacy.ip", Now: "truncate", Strict: "none", Why: "an address cut to its network can still single out a household"}})},
		{"privacy_check_none", Findings(nil)},
		{"status", Status(fullStatus())},
		{"status_fresh", Status(pipeline.Status{Stack: "shop", Target: "local", State: pipeline.Stopped, Endpoint: "http://127.0.0.1:8080", Location: "/d", Buffer: time.Minute})},
		{"cost", Cost(forecast())},
		{"cost_local", Cost(localForecast())},
		{"verified", Verified(verified(true))},
		{"verified_stuck", Verified(verified(false))},
		{"estimate", Estimate(query.Estimate{Hours: 26, HoursTotal: 2160, Files: 312, FilesTotal: -1, Scans: 2, Bytes: 1_234_567_890, Dollars: 0.0056})},
		{"estimate_local", Estimate(query.Estimate{Hours: 3, HoursTotal: 24, Files: 3, FilesTotal: 30, Scans: 1, Bytes: 123_456, Waiting: 789})},
		{"estimate_unpriced", Estimate(query.Estimate{Hours: 3, HoursTotal: 24, Files: 3, FilesTotal: -1, Scans: 1, Bytes: 123_456, Unpriced: "eu-north-1"})},
		{"estimate_nothing", Estimate(query.Estimate{HoursTotal: 24})},
		{"query_saved", SavedQuery(Saved{Name: "top", File: "pixelctl.yaml", Action: "created", SQL: "SELECT 1"})},
		{"query_saved_plan", SavedQuery(Saved{Name: "top", File: "pixelctl.yaml", Action: "replaced", DryRun: true, SQL: "SELECT 1"})},
		{"crawl", Crawl(pipeline.CrawlResult{Found: 14, Added: hours(12), Elapsed: 0.0123})},
		{"crawl_plan", Crawl(pipeline.CrawlResult{Found: 2, Added: hours(1), Elapsed: 0.00034, DryRun: true})},
		{"crawl_nothing", Crawl(pipeline.CrawlResult{Found: 1, Elapsed: 0.00034})},
		{"repair", Repair(pipeline.RepairResult{Added: hours(2), Pruned: hours(1), Total: 170, Rebuilt: true})},
		{"repair_plan", Repair(pipeline.RepairResult{Added: hours(1), Total: 169, DryRun: true})},
		{"compact", Compact(pipeline.CompactResult{Looked: 30, Dollars: 0.0021, Partitions: []pipeline.CompactedPartition{
			{Partition: "year=2026/month=7/day=5/hour=9", FilesBefore: 60, FilesAfter: 1, BytesBefore: 6_000_000, BytesAfter: 1_234_567, Rows: 12345, Digest: "1"},
			{Partition: "year=2026/month=7/day=5/hour=10", FilesBefore: 59, FilesAfter: 2, BytesBefore: 9_000_000, BytesAfter: 2_345_678, Rows: 23456, Digest: "2 3"},
		}})},
		{"compact_plan", Compact(pipeline.CompactResult{Looked: 1, DryRun: true, Partitions: []pipeline.CompactedPartition{
			{Partition: "year=2026/month=7/day=5/hour=9", FilesBefore: 60, FilesAfter: 1, BytesBefore: 6_000_000, BytesAfter: -1, Rows: -1},
		}})},
		{"compact_nothing", Compact(pipeline.CompactResult{Looked: 30})},
		{"errors_list", ErrorList(errorReport())},
		{"errors_none", ErrorList(pipeline.ErrorReport{})},
		{"errors_show", ErrorRecords(errorReport())},
		{"errors_replay", Replay(pipeline.ReplayResult{Records: 1240, Replayed: 1228, Stored: 3, Earlier: 2, Refused: 1, Left: 6, Reasons: errorReport().Groups[1:]})},
		{"errors_replay_plan", Replay(pipeline.ReplayResult{
			Records: 12, Replayed: 12, DryRun: true, Notes: []string{"an earlier replay did not end: what it sent is looked for"},
			Calls: []string{"athena:StartQueryExecution looked for their rows already: 10485760 bytes, $0.00005", "firehose:PutRecordBatch shop-DeliveryStream-1x2y3z (12 records)"},
		})},
		{"errors_replay_nothing", Replay(pipeline.ReplayResult{})},
		{"buffer", Buffer(15 * time.Minute)},
		{"buffer_change", BufferChange(pipeline.BufferResult{From: time.Minute, To: 90 * time.Second, Changed: true})},
		{"buffer_same", BufferChange(pipeline.BufferResult{From: time.Minute, To: time.Minute})},
		{"inventory", Inventory(pipeline.Inventory{Stack: "shop", Target: "local", Items: items()})},
		{"destroy", Destroyed(pipeline.DestroyResult{Stack: "shop", Target: "local", Items: gone(items())})},
		{"destroy_keep", Destroyed(pipeline.DestroyResult{Stack: "shop", Target: "local", Items: items(), KeptData: "/home/ada/.local/share/pixelctl/shop/lake"})},
		{"destroy_plan", Destroyed(pipeline.DestroyResult{Stack: "shop", Target: "local", Items: items(), DryRun: true})},
		{"aws_deploy", Deployment(pipeline.Deployment{
			Stack: "shop", Target: "aws", Endpoint: "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com", Action: pipeline.Updated, Buffer: time.Minute,
			Changes: []pipeline.Change{{Name: "beacon", From: "0123456789ab", To: "ba9876543210"}}, Resources: resourceChanges(),
		})},
		{"aws_plan", Deployment(pipeline.Deployment{
			Stack: "shop", Target: "aws", Endpoint: "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com", Action: pipeline.Updated, Buffer: time.Minute, DryRun: true,
			Changes: []pipeline.Change{{Name: "retention", From: "never", To: "395 days"}}, Resources: resourceChanges(), Calls: awsCalls(),
		})},
		{"aws_status", Status(pipeline.Status{
			Stack: "shop", Target: "aws", State: pipeline.Running, Endpoint: "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com",
			Location: "account 123456789012, region eu-west-1", Hits: pipeline.Hits{Received: 1234567, Recorded: 1234500, Dropped: map[string]int64{"throttled": 67}},
			Spool: pipeline.Stored{Records: 130}, Data: pipeline.Stored{Files: 168, Bytes: 98 << 20, Records: 1233868}, Errors: pipeline.Stored{Files: 1, Bytes: 812, Records: 2},
			Partitions: pipeline.Partitions{Registered: 168, OnDisk: 169}, LastFlush: time.Date(2026, 7, 5, 9, 0, 12, 0, time.UTC), Buffer: time.Minute,
			Problems: []pipeline.Problem{{What: "objects with records that did not become rows: 1", Action: "look into s3://shop-databucket-1x2y3z/errors/"}},
		})},
		{"aws_destroy", Destroyed(pipeline.DestroyResult{Stack: "shop", Target: "aws", Items: gone(awsItems())})},
		{"aws_destroy_left", Destroyed(pipeline.DestroyResult{Stack: "shop", Target: "aws", Items: awsItems(), KeptData: "s3://shop-databucket-1x2y3z/data/"})},
		{"aws_destroy_plan", Destroyed(pipeline.DestroyResult{Stack: "shop", Target: "aws", Items: awsItems(), DryRun: true, Calls: awsCalls()})},
		{"aws_inventory", Inventory(pipeline.Inventory{Stack: "shop", Target: "aws", Items: awsItems()})},
		{"aws_crawl_started", Crawl(pipeline.CrawlResult{Found: 3, Note: "the crawler runs on in AWS; pixelctl crawl follows it"})},
		{"aws_crawl_changed", Crawl(pipeline.CrawlResult{Found: 3, Added: hours(1), Elapsed: 63, Note: "the crawler changed 1 tables: compare the columns with pixelctl fields show"})},
		{"aws_crawl_plan", Crawl(pipeline.CrawlResult{Found: 3, Added: hours(1), DryRun: true, Calls: []string{"glue:StartCrawler shop-Crawler-1x2y3z"}})},
		{"aws_repair_padded", Repair(pipeline.RepairResult{Added: hours(1), Total: 3, Padded: []string{"year=2026/month=07", "year=2026/month=08"}})},
		{"aws_repair_none", Repair(pipeline.RepairResult{Note: "not needed: the table projects its partitions, Athena asks the catalog for none"})},
		{"aws_repair_plan", Repair(pipeline.RepairResult{Added: hours(2), Total: 3, DryRun: true, Calls: []string{"glue:BatchCreatePartition 2 partitions"}})},
		{"aws_buffer_plan", BufferChange(pipeline.BufferResult{From: time.Minute, To: 15 * time.Minute, DryRun: true, Calls: []string{"cloudformation:CreateChangeSet stack shop (BufferSeconds=900)"}})},
		{"aws_purge_plan", Purge(pipeline.PurgeResult{Rows: 1, Bytes: 300, Rewritten: 1, DryRun: true, Calls: []string{"s3:DeleteObjects bucket shop-databucket-1x2y3z"}})},
		{"subject_find", Matches(someone())},
		{"subject_nothing", Matches(pipeline.SubjectMatches{Column: "ip", Values: []string{"203.0.113.77", "203.0.113.0"}, Spool: -1, Scanned: -1})},
		{"subject_erase", Erased(receipt())},
		{"subject_anonymise", Erased(pipeline.Receipt{Column: "ip", ValueHash: receipt().ValueHash, Anonymise: true, Files: receipt().Files[:1], Rows: 3})},
		{"subject_plan", Erased(pipeline.Receipt{DryRun: true, Matches: someone(), Calls: []string{"s3:PutObject bucket shop-databucket-1x2y3z"}})},
		{"template", Template("AWSTemplateFormatVersion: \"2010-09-09\"\n")},
		{"policy", Policies([]map[string]string{{"version": "2012-10-17"}, {"version": "<2>"}})},
		{"purge", Purge(pipeline.PurgeResult{Rows: 51234, Bytes: 3 << 20, Removed: 7, Rewritten: 1})},
		{"purge_plan", Purge(pipeline.PurgeResult{Rows: 1, Bytes: 300, Rewritten: 1, DryRun: true})},
		{"hits", Hits(sent())},
		{"version", Version(version.Info{Version: "v1.2.3", Commit: "0123456789abcdef", Date: "2026-07-05T09:00:00Z", Dirty: true, Go: "go1.26.8", OS: "linux", Arch: "amd64", DuckDB: "v1.5.6", Beacon: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"})},
		{"ready", Ready("http://127.0.0.1:8787", 4711)},
		{"bars", Bars("hits by campaign", campaigns())},
		{"timechart", TimeChart("hits", week())},
		{"timechart_day", TimeChart("hits", Series{Start: week().Start, Step: time.Hour, Values: week().Values[:24]})},
		{"timechart_empty", TimeChart("hits", Series{Step: time.Hour})},
	}
}

// someone is a person with a hostile name who is found everywhere.
func someone() pipeline.SubjectMatches {
	m := pipeline.SubjectMatches{
		Column: "user_id", Values: []string{"ada\x1b[31m"}, Rows: 14, Bytes: 14 << 20, Scanned: 81234, Spool: 2, Errors: 1, Results: 3,
		Notes: []string{"only column user_id is compared: the value may also stand in params, page_url, referrer_url or own columns of other rows"},
	}
	for _, h := range hours(14) {
		m.Files = append(m.Files, pipeline.SubjectFile{Name: "data/" + h + "/0198-4c1d-00000000000000000001.parquet", Rows: 1, Bytes: 1 << 20})
	}
	return m
}

func receipt() pipeline.Receipt {
	digest := strings.Repeat("0123456789abcdef", 4)
	return pipeline.Receipt{
		Column: "user_id", ValueHash: digest, Rows: 1233, Spool: 2, Errors: 1, Notes: someone().Notes,
		Files: []pipeline.ErasedFile{
			{Name: someone().Files[0].Name, RowsBefore: 20000, RowsAfter: 18768, Changed: 1232, SHA256: digest},
			{Name: someone().Files[1].Name, RowsBefore: 1, Changed: 1},
		},
	}
}

// sent is a summary with an outcome that a hostile collector named.
func sent() traffic.Summary {
	return traffic.Summary{
		Sent: 12000, Seconds: 2.345, Rate: 5117.3, Seed: 7, FirstID: "synthetic-7-1", LastID: "synthetic-7-12000",
		Outcomes: map[string]int{"recorded": 11990, "dropped: rate": 7, "http 429": 3, "dropped: \x1b[31mred": 1},
		Latency:  traffic.Latency{P50: 1.04, P90: 2.5, P99: 9.96, Max: 31.27},
	}
}

func TestViews(t *testing.T) {
	for _, sc := range scenes() {
		t.Run(sc.name, func(t *testing.T) {
			text := forms(t, func(s *Streams) error { return Show(s, sc.view, false) })
			s := newScreen("", tty(80))
			if err := Show(s.Streams, sc.view, true); err != nil {
				t.Fatal(err)
			}
			checkDocument(t, s.out.Bytes())
			if s.err.Len() > 0 {
				t.Errorf("JSON form also wrote %q", s.err)
			}
			golden(t, sc.name, text+"=== JSON\n"+s.out.String())
		})
	}
}

// checkDocument holds the rules of every JSON form: one document, a line feed,
// snake_case keys, no null.
func checkDocument(t *testing.T, doc []byte) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(doc))
	var v any
	if err := dec.Decode(&v); err != nil || dec.More() || !bytes.HasSuffix(doc, []byte("\n")) {
		t.Errorf("no single document with a line feed: %v\n%s", err, doc)
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case nil:
			t.Errorf("null in %s", doc)
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for k, e := range v {
				if k != strings.ToLower(k) {
					t.Errorf("key %q is not snake_case", k)
				}
				walk(e)
			}
		}
	}
	walk(v)
}

func TestQuietShowsOnlyData(t *testing.T) {
	for _, sc := range scenes() {
		o := tty(80)
		o.Quiet = true
		s := newScreen("", o)
		if err := Show(s.Streams, sc.view, false); err != nil {
			t.Fatal(err)
		}
		if s.err.Len() > 0 || sc.view.news && s.out.Len() > 0 || !sc.view.news && s.out.Len() == 0 {
			t.Errorf("%s: stdout %q, stderr %q", sc.name, s.out, s.err)
		}
	}
}

func fullStatus() pipeline.Status {
	return pipeline.Status{
		Stack: "shop", Target: "local", State: pipeline.Running, PID: 4711,
		Endpoint: "http://127.0.0.1:8080", Location: "/home/ada/.local/share/pixelctl/shop",
		Hits:       pipeline.Hits{Received: 1234567, Recorded: 1234000, Dropped: map[string]int64{"storage": 500, "rate": 67}},
		Spool:      pipeline.Stored{Files: 1, Bytes: 52000, Records: 130},
		Data:       pipeline.Stored{Files: 168, Bytes: 98 << 20, Records: 1233868},
		Errors:     pipeline.Stored{Files: 1, Bytes: 812, Records: 2},
		Partitions: pipeline.Partitions{Registered: 168, OnDisk: 169},
		LastFlush:  time.Date(2026, 7, 5, 9, 0, 12, 0, time.UTC), Buffer: time.Minute,
		Problems: []pipeline.Problem{
			{What: "1 partition lies in the lake and is not registered", Action: "pixelctl repair --stack shop"},
			{What: "the disk had no room between 08:12 and 08:15; 500 hits were answered but not stored"},
		},
	}
}

func hours(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("year=2026/month=7/day=5/hour=%d", i)
	}
	return out
}

func items() []pipeline.Item {
	return []pipeline.Item{
		{Kind: "server", Name: "pid 4711 on http://127.0.0.1:8080", Files: 1, Bytes: 64, Gone: true},
		{Kind: "data", Name: "/home/ada/.local/share/pixelctl/shop/lake/data", Files: 168, Bytes: 98 << 20, Rows: 1233868, Kept: true},
		{Kind: "spool", Name: "/home/ada/.local/share/pixelctl/shop/spool", Files: 1, Bytes: 52000, Rows: -1, Gone: true},
		{Kind: "log", Name: "/home/ada/.local/share/pixelctl/shop/server.log", Files: 1, Bytes: 1200, Rows: -1, Reason: "permission denied"},
	}
}

func gone(list []pipeline.Item) []pipeline.Item {
	for i := range list {
		list[i].Gone, list[i].Kept, list[i].Reason = true, false, ""
	}
	return list
}

func campaigns() []Bar {
	return []Bar{
		{"spring-newsletter-2026-for-returning-customers", 1234}, {"launch", 617}, {"プロモーション", 90}, {"tiny", 1}, {"none", 0}, {"ratio", 12.3456},
	}
}

// week is 168 hours from a Sunday at 05:00 with a day and a night.
func week() Series {
	v := make([]float64, 168)
	for i := range v {
		v[i] = math.Round(60 + 55*math.Sin(float64(i-4)/24*2*math.Pi) + float64(i%5))
	}
	v[100] = 400
	return Series{Start: time.Date(2026, 7, 5, 5, 0, 0, 0, time.UTC), Step: time.Hour, Values: v}
}
