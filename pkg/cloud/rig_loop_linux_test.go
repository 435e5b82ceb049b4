package cloud_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/firehose/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"pixelctl/pkg/cloud"
	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/traffic"
)

// The whole life of a stack, twice on one server: what the first life left
// would make the second fail.
func TestRigLoop(t *testing.T) {
	needRigs(t)
	t.Parallel()
	m := startMinistack(t)
	before := m.names(t)
	for range 2 {
		live(t, m, "loop")
		m.nothingLeft(t, before)
	}
}

func live(t *testing.T, m *ministack, stack string) {
	t.Helper()
	l := &life{T: t, m: m, stack: stack, target: m.target(t, stack, rigWish{})}
	l.deploy()
	l.hit()
	l.repair()
	l.query()
	l.buffer()
	l.undeliverable()
	l.deployUnchanged()
	l.deployWithoutZip()
	l.destroy()
}

// life is one stack from its deploy to its end.
type life struct {
	*testing.T
	m        *ministack
	stack    string
	target   *cloud.Target
	endpoint string
	out      map[string]string // outputs of the stack
	ids      []string          // event ids in the answers to hits
	rows     int               // that the hits must make
	lost     int               // hits of which the answer says that they were lost
}

func (l *life) deploy() {
	l.Helper()
	d, err := l.target.Deploy(l.Context(), pipeline.DeployOptions{}, nil)
	if err != nil || d.Action != pipeline.Created || d.Endpoint == "" {
		l.Fatalf("deploy: %+v, %v", d, err)
	}
	l.endpoint = d.Endpoint
	l.readOutputs()
}

func (l *life) readOutputs() {
	l.Helper()
	l.out = map[string]string{}
	for _, o := range l.describe().Outputs {
		l.out[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
	}
}

func (l *life) describe() stackDescription {
	l.Helper()
	out, err := cloudformation.NewFromConfig(l.m.config(rigKeys{})).DescribeStacks(l.Context(), &cloudformation.DescribeStacksInput{StackName: &l.stack})
	if err != nil || len(out.Stacks) != 1 {
		l.Fatalf("describe stack %s: %v", l.stack, err)
	}
	return out.Stacks[0]
}

var unpadded = regexp.MustCompile(`^data/year=20\d\d/month=([1-9]|1[0-2])/day=[1-9]\d?/hour=(0|[1-9]\d?)/[^/]+\.parquet$`)

// hit sends hits through the HTTP API. ministack delivers each record at once,
// so each is an object. On a busy machine a put may outlast the function's
// patience: then a record comes twice, or comes though its answer says lost.
func (l *life) hit() {
	l.Helper()
	client := l.m.client(l.T)
	for _, path := range []string{"/p.gif?event=buy&user=7", "/i.gif?userId=7&thirdPartyId=hotel", "/shop/spring.gif", "/p.gif?user=%F0%9F%98%80"} {
		l.ids = append(l.ids, l.recorded(http.MethodGet, path, ""))
	}
	batch := l.recorded(http.MethodPost, "/p.gif", `[{"event":"a"},{"event":"b"}]`)
	l.ids = append(l.ids, batch+"-1", batch+"-2")
	sum, err := traffic.Send(l.Context(), traffic.Options{Endpoint: l.endpoint, Count: 20, Concurrency: 1, Seed: 4, Client: client})
	if err != nil || sum.Recorded() < 10 {
		l.Fatalf("traffic: %+v, %v", sum, err)
	}
	l.rows, l.lost = len(l.ids)+sum.Recorded(), l.lost+sum.Sent-sum.Recorded()
	found := l.m.await(l.T, l.out["DataBucket"], "", l.rows)
	for _, key := range found {
		if !unpadded.MatchString(key) {
			l.Errorf("object %s is not under an unpadded hour", key)
		}
	}
	if body := l.object(found[0]); !bytes.HasPrefix(body, []byte("PAR1")) || !bytes.HasSuffix(body, []byte("PAR1")) {
		l.Errorf("%s is no Parquet file", found[0])
	}
	for _, off := range []string{"/", "/favicon.ico", "/p.gif/x/y"} {
		if status, _ := ask(l.T, client, http.MethodGet, l.endpoint+off, ""); status != http.StatusNotFound {
			l.Errorf("GET %s answered %d, want 404", off, status)
		}
	}
}

func (l *life) recorded(method, path, body string) string {
	l.Helper()
	id, lost := kept(l.T, l.m.client(l.T), method, l.endpoint+path, body)
	l.lost += lost
	return id
}

// recorded sends a hit until the answer says that it was kept, and gives its id.
func recorded(t *testing.T, client *http.Client, method, url, body string) string {
	t.Helper()
	id, _ := kept(t, client, method, url, body)
	return id
}

func kept(t *testing.T, client *http.Client, method, url, body string) (id string, lost int) {
	t.Helper()
	for {
		status, h := ask(t, client, method, url, body)
		said := h.Get("X-Pixel-Status")
		if status < http.StatusMultipleChoices && strings.HasPrefix(said, "recorded") {
			return h.Get("X-Pixel-Event"), lost
		}
		if lost++; said != "dropped; reason=stream" || lost > 20 {
			t.Fatalf("%s %s: %d, X-Pixel-Status %q", method, url, status, said)
		}
	}
}

func ask(t *testing.T, client *http.Client, method, url, body string) (int, http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header
}

func (l *life) object(key string) []byte {
	l.Helper()
	out, err := l.m.s3().GetObject(l.Context(), &s3.GetObjectInput{Bucket: aws.String(l.out["DataBucket"]), Key: &key})
	if err != nil {
		l.Fatal(err)
	}
	body, err := io.ReadAll(out.Body)
	if err != nil {
		l.Fatal(err)
	}
	return body
}

// repair registers each hour once. The hour may turn while hits are sent.
func (l *life) repair() {
	l.Helper()
	hours := map[string]bool{}
	for _, key := range l.m.objects(l.T, l.out["DataBucket"], "data/") {
		hours[strings.TrimPrefix(key[:strings.LastIndex(key, "/")], "data/")] = true
	}
	r, err := l.target.Repair(l.Context(), pipeline.RepairOptions{}, nil)
	if err != nil || len(r.Added) != len(hours) || len(r.Padded) > 0 {
		l.Fatalf("repair: %+v, %v; want %d hours", r, err, len(hours))
	}
	for _, hour := range r.Added {
		if !hours[hour] {
			l.Errorf("repair registered %s, which has no object", hour)
		}
	}
	if r, err = l.target.Repair(l.Context(), pipeline.RepairOptions{}, nil); err != nil || len(r.Added) > 0 || r.Total != len(hours) {
		l.Errorf("second repair: %+v, %v", r, err)
	}
}

// query finds every hit that was answered, by the id in its answer.
func (l *life) query() {
	l.Helper()
	found, err := rigRows(l.Context(), l.target, "SELECT event_id FROM tp_hits")
	if err != nil {
		l.Fatalf("query: %v", err)
	}
	have := map[any]int{}
	for _, row := range found {
		have[row[0]]++
	}
	for _, id := range l.ids {
		if have[id] == 0 {
			l.Errorf("hit %s is not there", id)
		}
	}
	if len(have) < l.rows || len(have) > l.rows+l.lost {
		l.Errorf("%d hits in %d rows, want %d, and %d that may be lost", len(have), len(found), l.rows, l.lost)
	}
}

func (l *life) buffer() {
	l.Helper()
	r, err := l.target.SetBuffer(l.Context(), pipeline.BufferOptions{Interval: 15 * time.Minute}, nil)
	if err != nil || !r.Changed || r.From != time.Minute {
		l.Fatalf("buffer 15m: %+v, %v", r, err)
	}
	if got := l.stream().BufferingHints; aws.ToInt32(got.IntervalInSeconds) != 900 || aws.ToInt32(got.SizeInMBs) != 128 {
		l.Errorf("the stream's buffer is %d s and %d MiB, want 900 and 128", aws.ToInt32(got.IntervalInSeconds), aws.ToInt32(got.SizeInMBs))
	}
	if d, err := l.target.Buffer(l.Context()); err != nil || d != 15*time.Minute {
		l.Errorf("buffer: %s, %v", d, err)
	}
	l.recorded(http.MethodGet, "/p.gif?after=buffer", "")
}

func (l *life) stream() *types.ExtendedS3DestinationDescription {
	l.Helper()
	out, err := firehose.NewFromConfig(l.m.config(rigKeys{})).DescribeDeliveryStream(l.Context(),
		&firehose.DescribeDeliveryStreamInput{DeliveryStreamName: aws.String(l.out["DeliveryStream"])})
	if err != nil {
		l.Fatal(err)
	}
	return out.DeliveryStreamDescription.Destinations[0].ExtendedS3DestinationDescription
}

// undeliverable puts what no beacon sends: it lands beside the table, whole.
func (l *life) undeliverable() {
	l.Helper()
	const broken = `{"schema_version":"no number","event_id":`
	_, err := firehose.NewFromConfig(l.m.config(rigKeys{})).PutRecord(l.Context(), &firehose.PutRecordInput{
		DeliveryStreamName: aws.String(l.out["DeliveryStream"]), Record: &types.Record{Data: []byte(broken + "\n")},
	})
	if err != nil {
		l.Fatal(err)
	}
	key := l.m.await(l.T, l.out["DataBucket"], "errors/", 1)[0]
	if !strings.HasPrefix(key, "errors/format-conversion-failed/year=") {
		l.Errorf("the record lies under %s", key)
	}
	var line struct{ RawData string }
	if err := json.Unmarshal(l.object(key), &line); err != nil {
		l.Fatalf("%s: %v", key, err)
	}
	if raw, err := base64.StdEncoding.DecodeString(line.RawData); err != nil || !strings.HasPrefix(string(raw), broken) {
		l.Errorf("%s holds %q, %v", key, raw, err)
	}
	s, err := l.target.Status(l.Context())
	if err != nil || s.Errors.Files != 1 || !slices.ContainsFunc(s.Problems, func(p pipeline.Problem) bool { return strings.Contains(p.Action, "errors list") }) {
		l.Errorf("status: %+v, %v; want the error object and where to look", s, err)
	}
}

func (l *life) deployUnchanged() {
	l.Helper()
	before := l.describe()
	d, err := l.target.Deploy(l.Context(), pipeline.DeployOptions{}, nil)
	if err != nil || d.Action != pipeline.Unchanged || len(d.Changes)+len(d.Resources) > 0 {
		l.Errorf("deploy again: %+v, %v", d, err)
	}
	if after := l.describe(); after.StackStatus != before.StackStatus || !timesEqual(after.LastUpdatedTime, before.LastUpdatedTime) {
		l.Errorf("deploy again changed the stack: %s, %s", after.StackStatus, after.LastUpdatedTime)
	}
	if got := aws.ToInt32(l.stream().BufferingHints.IntervalInSeconds); got != 900 {
		l.Errorf("deploy again set the buffer to %d s", got)
	}
}

// deployWithoutZip takes the new zip away as soon as the change set names it.
// CloudFormation fails, rolls back, and the old function answers.
func (l *life) deployWithoutZip() {
	l.Helper()
	end := len(l.m.zip) - 2 // the length of the archive's comment, which is empty
	other := append(slices.Clone(l.m.zip[:end]), 1, 0, '!')
	remove := func(c session.Call) {
		if c.Operation == "CreateChangeSet" && c.Err == nil {
			for _, key := range l.m.objects(l.T, l.out["ArtifactBucket"], "beacon/") {
				if !strings.Contains(key, l.digest()) {
					l.remove(key)
				}
			}
		}
	}
	_, err := l.m.target(l.T, l.stack, rigWish{zip: other, log: remove}).Deploy(l.Context(), pipeline.DeployOptions{}, nil)
	if err == nil || !strings.Contains(err.Error(), "Beacon") || !strings.Contains(err.Error(), "UPDATE_ROLLBACK_COMPLETE") {
		l.Errorf("deploy without zip: %v", err)
	}
	if got := l.describe().StackStatus; got != "UPDATE_ROLLBACK_COMPLETE" {
		l.Errorf("the stack is %s", got)
	}
	l.recorded(http.MethodGet, "/p.gif?after=rollback", "")
	if d, err := l.target.Deploy(l.Context(), pipeline.DeployOptions{}, nil); err != nil || d.Action != pipeline.Unchanged {
		l.Errorf("deploy after the rollback: %+v, %v", d, err)
	}
}

// digest names the function that is deployed.
func (l *life) digest() string {
	for _, p := range l.describe().Parameters {
		if aws.ToString(p.ParameterKey) == "ArtifactKey" {
			return aws.ToString(p.ParameterValue)
		}
	}
	l.Fatal("the stack has no ArtifactKey")
	return ""
}

func (l *life) remove(key string) {
	l.Helper()
	_, err := l.m.s3().DeleteObject(l.Context(), &s3.DeleteObjectInput{Bucket: aws.String(l.out["ArtifactBucket"]), Key: &key})
	if err != nil {
		l.Error(err)
	}
}

func (l *life) destroy() {
	l.Helper()
	r, err := l.target.Destroy(l.Context(), pipeline.DestroyOptions{}, nil)
	if err != nil || len(r.Items) < 30 {
		l.Fatalf("destroy: %d items, %v: %v", len(r.Items), err, fault.LeftOf(err))
	}
	for _, i := range r.Items {
		if !i.Gone {
			l.Errorf("%s %s is not gone", i.Kind, i.Name)
		}
	}
	if _, err := l.target.Destroy(l.Context(), pipeline.DestroyOptions{}, nil); fault.KindOf(err) != fault.NotDeployed {
		l.Errorf("destroy again: %v", err)
	}
}
