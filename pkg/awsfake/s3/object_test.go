package s3_test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pixelctl/pkg/awsfake/s3"
	"pixelctl/pkg/awsfake/wire"
)

func TestGetObject(t *testing.T) {
	r := start(t)
	r.put("a/b.txt", "0123456789")
	for label, c := range map[string]struct {
		in   sdk.GetObjectInput
		body string
		code string
	}{
		"whole":        {in: sdk.GetObjectInput{ChecksumMode: types.ChecksumModeEnabled}, body: "0123456789"},
		"range":        {in: sdk.GetObjectInput{Range: aws.String("bytes=2-4")}, body: "234"},
		"suffix":       {in: sdk.GetObjectInput{Range: aws.String("bytes=-3")}, body: "789"},
		"past the end": {in: sdk.GetObjectInput{Range: aws.String("bytes=10-")}, code: "InvalidRange"},
		"match":        {in: sdk.GetObjectInput{IfMatch: aws.String(`"781e5e245d69b566979b86e28d23f2c7"`)}, body: "0123456789"},
		"no match":     {in: sdk.GetObjectInput{IfMatch: aws.String(`"00"`)}, code: "PreconditionFailed"},
		"no key":       {in: sdk.GetObjectInput{Key: aws.String("a")}, code: "NoSuchKey"},
		"no bucket":    {in: sdk.GetObjectInput{Bucket: aws.String("nobody")}, code: "NoSuchBucket"},
		"no version":   {in: sdk.GetObjectInput{VersionId: aws.String("x")}, code: "NoSuchVersion"},
	} {
		t.Run(label, func(t *testing.T) {
			r := &rig{t, r.clock, r.server, r.client}
			if c.in.Bucket == nil {
				c.in.Bucket = aws.String(name)
			}
			if c.in.Key == nil {
				c.in.Key = aws.String("a/b.txt")
			}
			out, err := r.client.GetObject(t.Context(), &c.in)
			if c.code != "" {
				r.fails(err, c.code)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := out.Body.Close(); err != nil {
					t.Error(err)
				}
			}()
			body, err := io.ReadAll(out.Body)
			if err != nil || string(body) != c.body {
				t.Errorf("body %q, %v", body, err)
			}
			if c.body == "234" && aws.ToString(out.ContentRange) != "bytes 2-4/10" {
				t.Errorf("content range %v", aws.ToString(out.ContentRange))
			}
		})
	}
}

func TestHeadAndFile(t *testing.T) {
	r := start(t)
	key := "data/year=2026/x y+ü.json"
	_, err := r.client.PutObject(t.Context(), &sdk.PutObjectInput{
		Bucket: aws.String(name), Key: &key, Body: strings.NewReader("{}"), ContentType: aws.String("application/json"),
		Metadata: map[string]string{"digest": "abc"}, ContentEncoding: aws.String("gzip"), ChecksumAlgorithm: types.ChecksumAlgorithmSha256,
	})
	if err != nil {
		t.Fatal(err)
	}
	head, err := r.client.HeadObject(t.Context(), &sdk.HeadObjectInput{Bucket: aws.String(name), Key: &key, ChecksumMode: types.ChecksumModeEnabled})
	if err != nil {
		t.Fatal(err)
	}
	if head.Metadata["digest"] != "abc" || *head.ContentLength != 2 || *head.ContentType != "application/json" || *head.ContentEncoding != "gzip" || aws.ToString(head.ChecksumSHA256) == "" {
		t.Errorf("head: %+v", head)
	}
	body, err := os.ReadFile(filepath.Join(r.server.Path(name), filepath.FromSlash(key)))
	if err != nil || string(body) != "{}" {
		t.Errorf("plain file: %q, %v", body, err)
	}
	missing := "gone"
	_, err = r.client.HeadObject(t.Context(), &sdk.HeadObjectInput{Bucket: aws.String(name), Key: &missing})
	r.fails(err, "NotFound")
	if err := r.server.Put(name, "data", []byte("in the way of a directory")); err != nil {
		t.Error(err)
	}
	if got := strings.Join(r.server.List(name, "data"), ";"); got != "data;"+key {
		t.Errorf("list: %s", got)
	}
}

// A body that is not what its checksum says is refused, whether the checksum
// stands in a header or in a trailer.
func TestChecksums(t *testing.T) {
	r := start(t)
	wrong := "AAAAAA=="
	_, err := r.client.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: aws.String(name), Key: aws.String("k"), Body: strings.NewReader("x"), ChecksumCRC32: &wrong})
	r.fails(err, "BadDigest")
	for label, c := range map[string]struct {
		body   string
		status int
	}{
		"chunks":         {"3\r\nabc\r\n2;chunk-signature=0\r\nde\r\n0\r\nx-amz-checksum-crc32:hYfYZQ==\r\n\r\n", http.StatusOK},
		"wrong trailer":  {"5\r\nabcde\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", http.StatusBadRequest},
		"cut off":        {"5\r\nabc", http.StatusBadRequest},
		"no size":        {"abcde", http.StatusBadRequest},
		"too short body": {"3\r\nabc\r\n0\r\n\r\n", http.StatusBadRequest},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "http://"+name+".s3.us-east-1.amazonaws.com/chunked", strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Amz-Content-Sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
		req.Header.Set("X-Amz-Decoded-Content-Length", "5")
		if got := serve(r.server, req); got.code != c.status {
			t.Errorf("%s: %d %s", label, got.code, got.body.String())
		}
	}
	if body, err := r.server.Get(name, "chunked"); err != nil || string(body) != "abcde" {
		t.Errorf("chunked body: %q, %v", body, err)
	}
}

type answer struct {
	code   int
	header http.Header
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }
func (a *answer) WriteHeader(status int)      { a.code = status }
func serve(s *s3.Server, r *http.Request) *answer {
	a := &answer{code: http.StatusOK, header: http.Header{}}
	s.ServeHTTP(a, r)
	return a
}

func TestConditionalPutAndCopy(t *testing.T) {
	r := start(t).versioned()
	first := r.put("a", "one")
	_, err := r.client.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: aws.String(name), Key: aws.String("a"), Body: strings.NewReader("two"), IfNoneMatch: aws.String("*")})
	r.fails(err, "PreconditionFailed")
	r.put("a", "two")
	copied, err := r.client.CopyObject(t.Context(), &sdk.CopyObjectInput{Bucket: aws.String(name), Key: aws.String("b c"), CopySource: aws.String(name + "/a?versionId=" + first)})
	if err != nil {
		t.Fatal(err)
	}
	if aws.ToString(copied.CopySourceVersionId) != first || aws.ToString(copied.VersionId) == "" || !strings.HasPrefix(*copied.CopyObjectResult.ETag, `"`) {
		t.Errorf("copy: %+v", copied)
	}
	if body, err := r.server.Get(name, "b c"); err != nil || string(body) != "one" {
		t.Errorf("copied body %q, %v", body, err)
	}
	_, err = r.client.CopyObject(t.Context(), &sdk.CopyObjectInput{Bucket: aws.String(name), Key: aws.String("a"), CopySource: aws.String(name + "/a")})
	r.fails(err, "InvalidRequest")
	_, err = r.client.CopyObject(t.Context(), &sdk.CopyObjectInput{Bucket: aws.String(name), Key: aws.String("x"), CopySource: aws.String(name + "/none")})
	r.fails(err, "NoSuchKey")
}

func TestBuckets(t *testing.T) {
	r := start(t)
	in := &sdk.CreateBucketInput{Bucket: aws.String("another")}
	if _, err := r.client.CreateBucket(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if _, err := r.client.CreateBucket(t.Context(), in); err != nil {
		t.Errorf("again in us-east-1: %v", err)
	}
	if err := r.server.CreateBucket("another"); wire.AsError(err).Code != "BucketAlreadyOwnedByYou" {
		t.Errorf("again: %v", err)
	}
	in.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: "us-east-1"}
	_, err := r.client.CreateBucket(t.Context(), in)
	r.fails(err, "InvalidLocationConstraint")
	if err := r.server.CreateBucket("Not_Valid"); wire.AsError(err).Code != "InvalidBucketName" {
		t.Errorf("name: %v", err)
	}
	buckets, err := r.client.ListBuckets(t.Context(), &sdk.ListBucketsInput{})
	if err != nil || len(buckets.Buckets) != 2 || *buckets.Buckets[0].Name != "another" {
		t.Errorf("list: %+v, %v", buckets, err)
	}
	where, err := r.client.GetBucketLocation(t.Context(), &sdk.GetBucketLocationInput{Bucket: aws.String("another")})
	if err != nil || where.LocationConstraint != "" {
		t.Errorf("location: %+v, %v", where, err)
	}
	head, err := r.client.HeadBucket(t.Context(), &sdk.HeadBucketInput{Bucket: aws.String("another")})
	if err != nil || aws.ToString(head.BucketRegion) != "us-east-1" {
		t.Errorf("head: %+v, %v", head, err)
	}
	_, err = r.client.HeadBucket(t.Context(), &sdk.HeadBucketInput{Bucket: aws.String("nobody")})
	r.fails(err, "NotFound")
	if _, err := r.client.DeleteBucket(t.Context(), &sdk.DeleteBucketInput{Bucket: aws.String("another")}); err != nil {
		t.Error(err)
	}
	_, err = r.client.DeleteBucket(t.Context(), &sdk.DeleteBucketInput{Bucket: aws.String("another")})
	r.fails(err, "NoSuchBucket")
}

func TestBucketSettings(t *testing.T) {
	r := start(t)
	_, err := r.client.GetBucketTagging(t.Context(), &sdk.GetBucketTaggingInput{Bucket: aws.String(name)})
	r.fails(err, "NoSuchTagSet")
	tags := &types.Tagging{TagSet: []types.Tag{{Key: aws.String("pixelctl:stack"), Value: aws.String("pixel")}}}
	if _, err := r.client.PutBucketTagging(t.Context(), &sdk.PutBucketTaggingInput{Bucket: aws.String(name), Tagging: tags}); err != nil {
		t.Fatal(err)
	}
	got, err := r.client.GetBucketTagging(t.Context(), &sdk.GetBucketTaggingInput{Bucket: aws.String(name)})
	if err != nil || len(got.TagSet) != 1 || *got.TagSet[0].Value != "pixel" {
		t.Errorf("tags: %+v, %v", got, err)
	}
	for _, want := range []types.BucketVersioningStatus{"", "Enabled", "Suspended"} {
		if want != "" {
			in := &sdk.PutBucketVersioningInput{Bucket: aws.String(name), VersioningConfiguration: &types.VersioningConfiguration{Status: want}}
			if _, err := r.client.PutBucketVersioning(t.Context(), in); err != nil {
				t.Fatal(err)
			}
		}
		got, err := r.client.GetBucketVersioning(t.Context(), &sdk.GetBucketVersioningInput{Bucket: aws.String(name)})
		if err != nil || got.Status != want {
			t.Errorf("versioning %q, %v, want %q", got.Status, err, want)
		}
	}
	_, err = r.client.GetBucketEncryption(t.Context(), &sdk.GetBucketEncryptionInput{Bucket: aws.String(name)})
	r.fails(err, "NotImplemented")
}

func TestBucketPolicy(t *testing.T) {
	r := start(t)
	get := func() (*sdk.GetBucketPolicyOutput, error) {
		return r.client.GetBucketPolicy(t.Context(), &sdk.GetBucketPolicyInput{Bucket: aws.String(name)})
	}
	_, err := get()
	r.fails(err, "NoSuchBucketPolicy")
	const policy = `{"Version":"2012-10-17","Statement":[]}`
	if _, err := r.client.PutBucketPolicy(t.Context(), &sdk.PutBucketPolicyInput{Bucket: aws.String(name), Policy: aws.String(policy)}); err != nil {
		t.Fatal(err)
	}
	if got, err := get(); err != nil || *got.Policy != policy {
		t.Errorf("%v, %v", got, err)
	}
	_, err = r.client.PutBucketPolicy(t.Context(), &sdk.PutBucketPolicyInput{Bucket: aws.String(name), Policy: aws.String("{")})
	r.fails(err, "MalformedPolicy")
	if _, err := r.client.DeleteBucketPolicy(t.Context(), &sdk.DeleteBucketPolicyInput{Bucket: aws.String(name)}); err != nil {
		t.Fatal(err)
	}
	_, err = get()
	r.fails(err, "NoSuchBucketPolicy")
}
