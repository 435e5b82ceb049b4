package bucket

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"pixelctl/pkg/fault"
)

// What other people's S3 makes of it: versions, markers, uploads and paging.
func TestRigEmpty(t *testing.T) {
	needRigs(t, "no bucket of versitygw is emptied")
	g := startGateway(t)
	g.makeBucket(t, "lake")
	g.fill(t, "lake", 600, 2)
	c := g.client(gatewaySecret)
	e := New(c)
	if err := e.Remove(t.Context(), "lake", []string{"data/year=2026/month=7/day=1/hour=0/part-0000000", "never/there"}); err != nil {
		t.Fatal(err)
	}
	bucket, key := "lake", "data/parts"
	if _, err := c.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: &bucket, Key: &key}); err != nil {
		t.Fatal(err)
	}
	before, err := e.Usage(t.Context(), "lake", "")
	// Versitygw lists a version under a delete marker twice.
	if err != nil || before.Versions < 1200 || before.Markers < 1 || before.Uploads != 1 || before.Bytes < 3600 {
		t.Errorf("before: %+v, %v", before, err)
	}
	got, err := e.Empty(t.Context(), "lake", "", nil)
	if err != nil || got.Versions < 1200 || got.Markers < 1 || got.Uploads != 1 {
		t.Errorf("emptied %+v, %v", got, err)
	}
	g.wantEmpty(t, "lake")
	if err := e.Delete(t.Context(), "lake", nil); err != nil {
		t.Error(err)
	}
	if there, err := e.Exists(t.Context(), "lake"); err != nil || there {
		t.Errorf("exists: %v, %v", there, err)
	}
}

// A bucket that is not empty is emptied on the way.
func TestRigDelete(t *testing.T) {
	needRigs(t, "no bucket of versitygw is deleted")
	g := startGateway(t)
	g.makeBucket(t, "lake")
	g.fill(t, "lake", 3, 2)
	if err := New(g.client(gatewaySecret)).Delete(t.Context(), "lake", nil); err != nil {
		t.Error(err)
	}
}

func TestRigUpload(t *testing.T) {
	needRigs(t, "nothing is uploaded to versitygw")
	g := startGateway(t)
	g.makeBucket(t, "artifacts")
	e := New(g.client(gatewaySecret))
	body := []byte(strings.Repeat("zip", 1000))
	for _, want := range []bool{true, false} {
		if uploaded, err := e.Upload(t.Context(), "artifacts", digestKey(body), body); err != nil || uploaded != want {
			t.Errorf("uploaded %v: %v", uploaded, err)
		}
	}
}

func TestRigSignature(t *testing.T) {
	needRigs(t, "no signature is checked")
	g := startGateway(t)
	g.makeBucket(t, "lake")
	g.fill(t, "lake", 2, 1)
	_, err := New(g.client("wrong")).Empty(t.Context(), "lake", "", nil)
	if fault.KindOf(err) != fault.Credentials {
		t.Errorf("kind %d of %v", fault.KindOf(err), err)
	}
	if u, err := New(g.client(gatewaySecret)).Usage(t.Context(), "lake", ""); err != nil || u.Versions != 2 {
		t.Errorf("left %+v, %v", u, err)
	}
}
