package cloud_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/awsfake"
	"pixelctl/pkg/cloud"
	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/pipeline"
)

const stackName = "test"

// account is one of the AWS fake and what a process finds on this machine.
type account struct {
	*testing.T
	fake     *awsfake.Fake
	template []byte
	zip      []byte
	mode     string // of retries; adaptive when it is empty
	version  string // of the program that deploys
	want     cloud.Patch

	processes int
}

func newAccount(t *testing.T) *account {
	t.Helper()
	read := func(name string) []byte {
		body, err := os.ReadFile(filepath.Join("..", "..", "embed", name))
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	return &account{T: t, fake: awsfake.Start(t), template: read("template.yaml"), zip: read("beacon.zip")}
}

// smallZip is a zip of a function that is soon uploaded.
func smallZip(t *testing.T, code string) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	f, err := w.Create("bootstrap")
	if err == nil {
		_, err = f.Write([]byte(code))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// env is the environment of a process with credentials.
func (a *account) env(key string) func(string) (string, bool) {
	vars := map[string]string{
		"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": awsfake.Region,
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_RETRY_MODE": a.mode,
	}
	return func(name string) (string, bool) { value, ok := vars[name]; return value, ok }
}

// target is what a new process makes of the stack's name; each has an access
// key of its own. Its waits move the fake's clock and take no time.
func (a *account) target() *cloud.Target {
	a.Helper()
	return a.targetBy(a.fake.Clock())
}

func (a *account) targetBy(clock session.Clock) *cloud.Target {
	a.Helper()
	a.processes++
	s, err := session.Open(a.Context(), session.Options{
		Endpoint: a.fake.URL(), Env: a.env(fmt.Sprintf("AKID%04d", a.processes)), Clock: clock,
		Backoff: func(int) time.Duration { return 0 },
	})
	if err != nil {
		a.Fatal(err)
	}
	return cloud.New(cloud.Options{
		Stack: stackName, Session: s, Template: a.template, Zip: a.zip, Version: a.version, Want: a.want, Flags: " --stack " + stackName,
		Confirm: func(context.Context, string) (bool, error) { return true, nil },
	})
}

// settle lets the stream's buffer run full.
func (a *account) settle(ctx context.Context) error {
	interval, err := a.target().Buffer(ctx)
	if err != nil {
		return err
	}
	a.fake.Clock().Advance(interval + time.Second)
	return nil
}

// shared is what all crawlers of an account log to.
const shared = "AWS::Logs::LogGroup /aws-glue/crawlers"

// remains lists what is left in the account but for what is no stack's.
func (a *account) remains(context.Context) ([]string, error) {
	return slices.DeleteFunc(a.fake.Left(), func(s string) bool { return s == shared }), nil
}

// corrupt puts a line into the stream as another producer might.
func (a *account) corrupt(_ context.Context, line []byte) error {
	return a.fake.Firehose.Put(a.fake.Firehose.Streams()[0], line)
}

// breakConversion has somebody change the table by which the stream converts.
func (a *account) breakConversion(context.Context) (mend func(context.Context) error, err error) {
	database := a.fake.Glue.Databases()[0]
	sound, err := a.fake.Glue.Table(database, "tp_hits")
	if err != nil {
		return nil, err
	}
	storage := *sound.StorageDescriptor
	storage.Columns = slices.Clone(storage.Columns)
	for i := range storage.Columns {
		if storage.Columns[i].Name == "hotel" {
			storage.Columns[i].Type = "int"
		}
	}
	broken := sound
	broken.StorageDescriptor = &storage
	return func(context.Context) error { return a.fake.Glue.UpdateTable(database, sound) }, a.fake.Glue.UpdateTable(database, broken)
}

func (a *account) deploy() pipeline.Deployment {
	a.Helper()
	d, err := a.target().Deploy(a.Context(), pipeline.DeployOptions{}, nil)
	if err != nil {
		a.Fatalf("deploy: %v", err)
	}
	return d
}

// hit asks for the pixel and wants it recorded.
func (a *account) hit(endpoint string) {
	a.Helper()
	a.get(endpoint + "/p.gif")
}

func (a *account) get(url string) {
	a.Helper()
	req, err := http.NewRequestWithContext(a.Context(), http.MethodGet, url, nil)
	if err != nil {
		a.Fatal(err)
	}
	resp, err := a.fake.Client().Do(req)
	if err != nil {
		a.Fatal(err)
	}
	defer resp.Body.Close()
	if status := resp.Header.Get("X-Pixel-Status"); resp.StatusCode != http.StatusOK || !strings.HasPrefix(status, "recorded") {
		a.Fatalf("hit: %s, %q", resp.Status, status)
	}
}
