package s3_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"pixelctl/pkg/awsfake/s3"
	"pixelctl/pkg/awsfake/wire"
	"pixelctl/pkg/cloud/session"
)

const name = "pixel-data"

// rig is a fake with one bucket and the real client before it.
type rig struct {
	*testing.T
	clock  *wire.Clock
	server *s3.Server
	client *sdk.Client
}

func start(t *testing.T) *rig {
	t.Helper()
	clock := wire.NewClock(time.Date(2026, 7, 5, 9, 0, 0, 0, time.UTC))
	server := s3.New(clock, t.TempDir())
	if err := server.CreateBucket(name); err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	client := sdk.New(sdk.Options{
		Region: "us-east-1", BaseEndpoint: &web.URL, UsePathStyle: true, HTTPClient: session.Whole(web.Client()),
		Credentials: credentials.NewStaticCredentialsProvider("AKID", "secret", ""),
		Retryer:     aws.NopRetryer{},
	})
	return &rig{t, clock, server, client}
}

func (r *rig) versioned() *rig {
	if err := r.server.SetVersioning(name, true); err != nil {
		r.Fatal(err)
	}
	return r
}

// put stores a body with the real client and gives the version id.
func (r *rig) put(key, body string) string {
	r.Helper()
	out, err := r.client.PutObject(r.Context(), &sdk.PutObjectInput{Bucket: aws.String(name), Key: &key, Body: bytes.NewReader([]byte(body))})
	if err != nil {
		r.Fatal(err)
	}
	return aws.ToString(out.VersionId)
}

// fails holds an error to the code that AWS gives it.
func (r *rig) fails(err error, code string) {
	r.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != code {
		r.Errorf("error %v, want %s", err, code)
	}
}

// versions pages through a bucket: "key id" of each version, "!" before a
// delete marker; pages counts the calls.
func (r *rig) versions(in *sdk.ListObjectVersionsInput) (all []types.ObjectIdentifier, shown []string, pages int) {
	r.Helper()
	in.Bucket = aws.String(name)
	p := sdk.NewListObjectVersionsPaginator(r.client, in)
	for p.HasMorePages() {
		page, err := p.NextPage(r.Context())
		if err != nil {
			r.Fatal(err)
		}
		pages++
		for _, v := range page.Versions {
			all = append(all, types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
			shown = append(shown, fmt.Sprint(*v.Key, " ", *v.IsLatest))
		}
		for _, v := range page.DeleteMarkers {
			all = append(all, types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
			shown = append(shown, fmt.Sprint("!", *v.Key, " ", *v.IsLatest))
		}
	}
	return all, shown, pages
}
