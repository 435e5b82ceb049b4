package policy

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"pixelctl/pkg/cloud"
	"pixelctl/pkg/event"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
	"pixelctl/pkg/spec"
)

func (w *world) deploy() (d pipeline.Deployment) {
	w.Helper()
	w.must(Deploy, func(ctx context.Context, target *cloud.Target) (err error) {
		d, err = target.Deploy(ctx, pipeline.DeployOptions{Spec: w.spec}, nil)
		return err
	})
	return d
}

// deploys makes the stack, then again, with other code each time, so that code
// which no rollback needs is swept, and with it an upload that never ended. One
// of them changes the crawler.
func (w *world) deploys() {
	zip := w.zip
	w.deploy()
	bucket := w.bucket("artifactbucket")
	w.begin(bucket, w.fake.S3.List(bucket, "beacon/")[0])
	for range 2 {
		w.zip = append(slices.Clone(w.zip), 0)
		w.deploy()
	}
	w.zip = zip
	w.want.CrawlSchedule = new("cron(15 3 * * ? *)")
	w.deploy()
	w.want.CrawlSchedule = nil
	w.must(Deploy, func(ctx context.Context, target *cloud.Target) error {
		_, err := target.Deploy(ctx, pipeline.DeployOptions{DryRun: true, Buffer: 2 * time.Minute}, nil)
		return err
	})
}

// bucket is the one with a part in its name.
func (w *world) bucket(part string) string {
	w.Helper()
	for _, b := range w.fake.S3.Buckets() {
		if strings.Contains(b, part) {
			return b
		}
	}
	w.Fatalf("no %s", part)
	return ""
}

// begin begins an upload and leaves it.
func (w *world) begin(bucket, key string) {
	w.Helper()
	if _, err := w.s3.CreateMultipartUpload(w.Context(), &s3.CreateMultipartUploadInput{Bucket: &bucket, Key: &key}); err != nil {
		w.Fatal(err)
	}
}

// hit leaves a row in the lake.
func (w *world) hit(endpoint string) {
	w.Helper()
	w.ask(endpoint)
	w.fake.Clock().Advance(16 * time.Minute)
}

// ask asks for the pixel.
func (w *world) ask(endpoint string, parameters ...string) {
	w.Helper()
	url := endpoint + "/p.gif?" + strings.Join(parameters, "&")
	req, err := http.NewRequestWithContext(w.Context(), http.MethodGet, url, nil)
	if err != nil {
		w.Fatal(err)
	}
	resp, err := w.fake.Client().Do(req)
	if err != nil {
		w.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
		w.Fatalf("hit: %s, %v", resp.Status, err)
	}
}

// query reads more rows than a page of Athena's API holds.
func (w *world) query() {
	w.must(Query, func(ctx context.Context, target *cloud.Target) error {
		rows, err := target.Query(ctx, pipeline.QueryOptions{SQL: "SELECT n FROM tp_hits, UNNEST(sequence(1, 3000)) AS t (n)"}, nil)
		if err != nil {
			return err
		}
		return rows.Close()
	})
}

// queries has the table grow in between, by so many fields that no request
// carries the template.
func (w *world) queries() {
	w.hit(w.deploy().Endpoint)
	w.query()
	w.spec = &spec.Spec{Privacy: spec.Privacy{IP: spec.Hash}}
	for i := range event.MaxFields {
		w.spec.Fields = append(w.spec.Fields, spec.Field{
			Name: fmt.Sprintf("field_%d", i), Type: event.String, Description: strings.Repeat("what a guest chose ", 10),
			Sources: []spec.Source{{Kind: spec.FromQuery, Names: []string{fmt.Sprintf("q%d", i)}}},
		})
	}
	w.deploy()
	w.must(Operate, func(ctx context.Context, target *cloud.Target) error {
		_, err := target.Kept(ctx)
		return err
	})
	w.fake.Clock().Advance(time.Hour)
	w.hit(w.deploy().Endpoint)
	w.query()
}

func (w *world) setBuffer(interval time.Duration) func(ctx context.Context, target *cloud.Target) error {
	return func(ctx context.Context, target *cloud.Target) error {
		_, err := target.SetBuffer(ctx, pipeline.BufferOptions{Interval: interval}, nil)
		return err
	}
}

func repair(o pipeline.RepairOptions) func(ctx context.Context, target *cloud.Target) error {
	return func(ctx context.Context, target *cloud.Target) error {
		_, err := target.Repair(ctx, o, nil)
		return err
	}
}

func (w *world) operates() {
	w.hit(w.deploy().Endpoint)
	w.must(Operate, func(ctx context.Context, target *cloud.Target) error { _, err := target.Status(ctx); return err })
	w.must(Operate, func(ctx context.Context, target *cloud.Target) error { _, err := target.Buffer(ctx); return err })
	w.must(Operate, w.setBuffer(2*time.Minute))
	w.must(Operate, func(ctx context.Context, target *cloud.Target) error {
		_, err := target.Crawl(ctx, pipeline.CrawlOptions{}, nil)
		return err
	})
	w.must(Operate, func(ctx context.Context, target *cloud.Target) error {
		_, err := target.Usage(ctx, query.Window{})
		return err
	})
	w.fake.Clock().Advance(time.Hour)
	w.hit(w.deploy().Endpoint)
	w.must(Operate, repair(pipeline.RepairOptions{}))
	w.must(Operate, repair(pipeline.RepairOptions{MSCK: true}))
	bucket := w.bucket("databucket")
	for _, key := range w.fake.S3.List(bucket, "data/") {
		if _, err := w.s3.DeleteObject(w.Context(), &s3.DeleteObjectInput{Bucket: &bucket, Key: &key}); err != nil {
			w.Fatal(err)
		}
	}
	w.must(Operate, repair(pipeline.RepairOptions{Prune: true}))
}

// purges removes rows from the middle of an hour on, with a line that did not
// become one, and then all.
func (w *world) purges() {
	endpoint := w.deploy().Endpoint
	purge := func(o pipeline.PurgeOptions) {
		w.Helper()
		w.must(Purge, func(ctx context.Context, target *cloud.Target) error {
			_, err := target.Purge(ctx, o, nil)
			return err
		})
	}
	now := w.fake.Clock().Now()
	w.fake.Clock().Advance(now.Truncate(time.Hour).Add(time.Hour).Sub(now))
	line := func() {
		if err := w.fake.Firehose.Put(w.fake.Firehose.Streams()[0], []byte("no record\n")); err != nil {
			w.Fatal(err)
		}
	}
	line()
	w.ask(endpoint)
	w.fake.Clock().Advance(10 * time.Second)
	since := w.fake.Clock().Now()
	line()
	w.hit(endpoint)
	purge(pipeline.PurgeOptions{Window: query.Window{Since: since}})
	w.erases(endpoint)
	for range 2 {
		w.hit(endpoint)
	}
	w.fake.Clock().Advance(2 * time.Hour)
	w.query()
	w.must(Purge, func(ctx context.Context, target *cloud.Target) error {
		r, err := target.Compact(ctx, pipeline.CompactOptions{Until: w.fake.Clock().Now()}, nil)
		if err == nil && len(r.Partitions) == 0 {
			err = errors.New("nothing to compact")
		}
		return err
	})
	w.begin(w.bucket("databucket"), "data/x")
	purge(pipeline.PurgeOptions{All: true})
}

// erases finds a person, whose rows lie beside those of others, reads them and
// takes the person out of them: the deployed spec says which fields are personal.
func (w *world) erases(endpoint string) {
	w.Helper()
	w.ask(endpoint)
	w.ask(endpoint, "uid=anna")
	anna := pipeline.Subject{Column: "user_id", Value: "anna"}
	w.must(Purge, func(ctx context.Context, target *cloud.Target) error {
		_, err := target.EraseSubject(ctx, pipeline.EraseOptions{Subject: anna, Anonymise: true}, nil)
		return err
	})
	w.must(Purge, func(ctx context.Context, target *cloud.Target) error {
		_, err := target.FindSubject(ctx, anna, nil)
		return err
	})
	w.must(Purge, func(ctx context.Context, target *cloud.Target) error {
		rows, err := target.ExportSubject(ctx, anna, nil)
		if err != nil {
			return err
		}
		return rows.Close()
	})
}

// recovers finds an update whose rollback failed, in each task that changes the
// stack.
func (w *world) recovers() {
	for i, then := range []func(){
		func() { w.deploy() },
		func() { w.must(Operate, w.setBuffer(10*time.Minute)) },
		w.destroys,
	} {
		if i > 0 {
			w.deploy()
		}
		w.fake.CloudFormation.Break("DeliveryStream", "update", 1, "no")
		w.fake.CloudFormation.Break("DeliveryStream", "rollback", 1, "no again")
		w.fails(Operate, w.setBuffer(time.Duration(3+i)*time.Minute))
		then()
	}
}

func (w *world) destroy(o pipeline.DestroyOptions) {
	w.Helper()
	w.must(Destroy, func(ctx context.Context, target *cloud.Target) error {
		_, err := target.Inventory(ctx)
		return err
	})
	w.must(Destroy, func(ctx context.Context, target *cloud.Target) error {
		_, err := target.Destroy(ctx, o, nil)
		return err
	})
}

func (w *world) destroys() {
	w.begin(w.bucket("databucket"), "data/x")
	w.destroy(pipeline.DestroyOptions{})
}

// keeps destroys a stack, reads its data, and destroys that later.
func (w *world) keeps() {
	w.hit(w.deploy().Endpoint)
	w.destroy(pipeline.DestroyOptions{KeepData: true})
	w.query()
	w.must(Operate, repair(pipeline.RepairOptions{}))
	w.must(Purge, func(ctx context.Context, target *cloud.Target) error {
		_, err := target.Purge(ctx, pipeline.PurgeOptions{All: true}, nil)
		return err
	})
	w.destroy(pipeline.DestroyOptions{})
}

// replaces deletes a stack whose first create failed.
func (w *world) replaces() {
	w.fake.CloudFormation.Break("ArtifactBucket", "create", 1, "no")
	w.fails(Deploy, func(ctx context.Context, target *cloud.Target) error {
		_, err := target.Deploy(ctx, pipeline.DeployOptions{}, nil)
		return err
	})
	w.deploy()
}
