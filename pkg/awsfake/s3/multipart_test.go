package s3_test

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// key is that of the upload that is completed.
const key = "big/one.zip"

func (r *rig) begin(key string) *string {
	r.Helper()
	out, err := r.client.CreateMultipartUpload(r.Context(), &sdk.CreateMultipartUploadInput{Bucket: aws.String(name), Key: &key})
	if err != nil {
		r.Fatal(err)
	}
	return out.UploadId
}

func (r *rig) part(key string, id *string, number int32, body []byte) types.CompletedPart {
	r.Helper()
	out, err := r.client.UploadPart(r.Context(), &sdk.UploadPartInput{Bucket: aws.String(name), Key: &key, UploadId: id, PartNumber: &number, Body: bytes.NewReader(body)})
	if err != nil {
		r.Fatal(err)
	}
	return types.CompletedPart{ETag: out.ETag, PartNumber: &number, ChecksumCRC32: out.ChecksumCRC32}
}

func (r *rig) complete(id *string, parts ...types.CompletedPart) (*sdk.CompleteMultipartUploadOutput, error) {
	return r.client.CompleteMultipartUpload(r.Context(), &sdk.CompleteMultipartUploadInput{
		Bucket: aws.String(name), Key: aws.String(key), UploadId: id, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
	})
}

func TestMultipart(t *testing.T) {
	r := start(t)
	id, full := r.begin(key), bytes.Repeat([]byte("x"), 5<<20)
	first, second := r.part(key, id, 1, full), r.part(key, id, 2, []byte("end"))
	small := r.part(key, id, 3, []byte("small"))
	parts, err := r.client.ListParts(t.Context(), &sdk.ListPartsInput{Bucket: aws.String(name), Key: aws.String(key), UploadId: id, MaxParts: aws.Int32(2)})
	if err != nil || len(parts.Parts) != 2 || !*parts.IsTruncated || *parts.NextPartNumberMarker != "2" {
		t.Errorf("parts: %+v, %v", parts, err)
	}
	_, err = r.complete(id, first, second, small)
	r.fails(err, "EntityTooSmall")
	_, err = r.complete(id, small, first)
	if err == nil {
		t.Error("parts in the wrong order")
	}
	_, err = r.complete(id, types.CompletedPart{ETag: aws.String(`"00"`), PartNumber: aws.Int32(1)})
	r.fails(err, "InvalidPart")
	done, err := r.complete(id, first, second)
	if err != nil || !strings.HasSuffix(*done.ETag, `-2"`) {
		t.Fatalf("complete: %+v, %v", done, err)
	}
	if body, err := r.server.Get(name, key); err != nil || len(body) != len(full)+3 {
		t.Errorf("body: %d, %v", len(body), err)
	}
	_, err = r.complete(id, first)
	r.fails(err, "NoSuchUpload")
}

// Unfinished uploads are paged by key and start, and are not in the way of
// deleting the bucket.
func TestUploads(t *testing.T) {
	r := start(t)
	var ids []*string
	for n := range 5 {
		ids = append(ids, r.begin(fmt.Sprintf("k%d", n/2)))
	}
	seen := map[string]int{}
	pages := 0
	p := sdk.NewListMultipartUploadsPaginator(r.client, &sdk.ListMultipartUploadsInput{Bucket: aws.String(name), MaxUploads: aws.Int32(2)})
	for p.HasMorePages() {
		page, err := p.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		pages++
		for _, u := range page.Uploads {
			seen[*u.Key]++
		}
	}
	if fmt.Sprint(seen) != "map[k0:2 k1:2 k2:1]" || pages != 3 {
		t.Errorf("uploads: %v on %d pages", seen, pages)
	}
	abort := &sdk.AbortMultipartUploadInput{Bucket: aws.String(name), Key: aws.String("k0"), UploadId: ids[0]}
	if _, err := r.client.AbortMultipartUpload(t.Context(), abort); err != nil {
		t.Fatal(err)
	}
	_, err := r.client.AbortMultipartUpload(t.Context(), abort)
	r.fails(err, "NoSuchUpload")
	if _, err := r.client.DeleteBucket(t.Context(), &sdk.DeleteBucketInput{Bucket: aws.String(name)}); err != nil {
		t.Error(err)
	}
}

func TestOperation(t *testing.T) {
	r := start(t)
	for target, want := range map[string]string{
		"GET /":                               "ListBuckets",
		"GET /b?versions":                     "ListObjectVersions",
		"GET /b?list-type=2&prefix=x":         "ListObjectsV2",
		"GET /b/k?x-id=GetObject":             "GetObject",
		"POST /b?delete=":                     "DeleteObjects",
		"PUT /b/k?partNumber=1&uploadId=x":    "UploadPart",
		"PUT /b/k":                            "PutObject",
		"DELETE /b/k?uploadId=x":              "AbortMultipartUpload",
		"HEAD /b":                             "HeadBucket",
		"PATCH /b":                            "",
		"GET http://b.s3.amazonaws.com/k":     "GetObject",
		"GET http://s3.us-east-1.example.org": "ListBuckets",
	} {
		method, url, _ := strings.Cut(target, " ")
		if got := r.server.Operation(httptest.NewRequest(method, url, nil)); got != want {
			t.Errorf("%s: %q, want %q", target, got, want)
		}
	}
}
