package s3_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pixelctl/pkg/awsfake/wire"
)

func (r *rig) delete(in *types.Delete) *sdk.DeleteObjectsOutput {
	r.Helper()
	out, err := r.client.DeleteObjects(r.Context(), &sdk.DeleteObjectsInput{Bucket: aws.String(name), Delete: in})
	if err != nil {
		r.Fatal(err)
	}
	return out
}

func TestDeleteMarkers(t *testing.T) {
	r := start(t).versioned()
	first := r.put("a", "one")
	out, err := r.client.DeleteObject(t.Context(), &sdk.DeleteObjectInput{Bucket: aws.String(name), Key: aws.String("a")})
	if err != nil || !aws.ToBool(out.DeleteMarker) || out.VersionId == nil {
		t.Fatalf("delete: %+v, %v", out, err)
	}
	_, err = r.client.GetObject(t.Context(), &sdk.GetObjectInput{Bucket: aws.String(name), Key: aws.String("a")})
	r.fails(err, "NoSuchKey")
	_, err = r.client.GetObject(t.Context(), &sdk.GetObjectInput{Bucket: aws.String(name), Key: aws.String("a"), VersionId: out.VersionId})
	r.fails(err, "MethodNotAllowed")
	if _, err = r.client.GetObject(t.Context(), &sdk.GetObjectInput{Bucket: aws.String(name), Key: aws.String("a"), VersionId: &first}); err != nil {
		t.Error(err)
	}
	if _, shown, _ := r.versions(&sdk.ListObjectVersionsInput{}); strings.Join(shown, ";") != "a false;!a true" {
		t.Errorf("versions: %v", shown)
	}
	if err := r.server.DeleteBucket(name); wire.AsError(err).Code != "BucketNotEmpty" {
		t.Errorf("bucket with a marker: %v", err)
	}
	// Without its marker the object is back.
	r.delete(&types.Delete{Objects: []types.ObjectIdentifier{{Key: aws.String("a"), VersionId: out.VersionId}}})
	if got := r.server.List(name, ""); !slices.Equal(got, []string{"a"}) {
		t.Errorf("after the marker went: %v", got)
	}
}

func TestSuspendedVersioning(t *testing.T) {
	r := start(t).versioned()
	r.put("a", "kept")
	if err := r.server.SetVersioning(name, false); err != nil {
		t.Fatal(err)
	}
	r.put("a", "null")
	r.put("a", "null again")
	all, _, _ := r.versions(&sdk.ListObjectVersionsInput{})
	if len(all) != 2 || *all[0].VersionId != "null" {
		t.Errorf("versions: %d", len(all))
	}
	if _, err := r.client.DeleteObject(t.Context(), &sdk.DeleteObjectInput{Bucket: aws.String(name), Key: aws.String("a")}); err != nil {
		t.Fatal(err)
	}
	if _, shown, _ := r.versions(&sdk.ListObjectVersionsInput{}); strings.Join(shown, ";") != "a false;!a true" {
		t.Errorf("after delete: %v", shown)
	}
}

// More versions than a page holds are listed once each, in order, and a page
// goes on where the last one ended though its versions are gone.
func TestManyVersions(t *testing.T) {
	r := start(t).versioned()
	const keys, each = 59, 17 // 1,003 versions
	for n := range each {
		for k := range keys {
			if err := r.server.Put(name, fmt.Sprintf("data/%02d", k), []byte{byte(n)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	all, _, pages := r.versions(&sdk.ListObjectVersionsInput{})
	seen := map[string]bool{}
	for _, v := range all {
		seen[*v.Key+*v.VersionId] = true
	}
	if len(all) != keys*each || len(seen) != len(all) || pages != 2 {
		t.Errorf("%d versions, %d different, %d pages", len(all), len(seen), pages)
	}
	if some, _, _ := r.versions(&sdk.ListObjectVersionsInput{Prefix: aws.String("data/0"), MaxKeys: aws.Int32(7)}); len(some) != 10*each {
		t.Errorf("with a prefix: %d", len(some))
	}
	_, err := r.client.DeleteObjects(t.Context(), &sdk.DeleteObjectsInput{Bucket: aws.String(name), Delete: &types.Delete{Objects: all}})
	r.fails(err, "MalformedXML")

	in := &sdk.ListObjectVersionsInput{Bucket: aws.String(name), MaxKeys: aws.Int32(100)}
	calls := 0
	for more := true; more; calls++ {
		page, err := r.client.ListObjectVersions(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		var doomed []types.ObjectIdentifier
		for _, v := range page.Versions {
			doomed = append(doomed, types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
		}
		if out := r.delete(&types.Delete{Objects: doomed, Quiet: aws.Bool(true)}); len(out.Deleted)+len(out.Errors) != 0 {
			t.Errorf("quiet: %+v", out)
		}
		in.KeyMarker, in.VersionIdMarker, more = page.NextKeyMarker, page.NextVersionIdMarker, *page.IsTruncated
	}
	if calls != 11 {
		t.Errorf("%d pages of 100", calls)
	}
	if err := r.server.DeleteBucket(name); err != nil {
		t.Error(err)
	}
}

func TestDeleteObjectsErrors(t *testing.T) {
	r := start(t)
	r.put("a", "1")
	r.put("b", "2")
	r.server.FailKeys(1, "SlowDown")
	entries := []types.ObjectIdentifier{{Key: aws.String("a")}, {Key: aws.String("b")}, {Key: aws.String("never was")}}
	out := r.delete(&types.Delete{Objects: entries, Quiet: aws.Bool(true)})
	if len(out.Errors) != 1 || *out.Errors[0].Code != "SlowDown" || *out.Errors[0].Key != "a" || len(out.Deleted) != 0 {
		t.Errorf("quiet: %+v", out)
	}
	out = r.delete(&types.Delete{Objects: entries})
	if len(out.Errors) != 0 || len(out.Deleted) != 3 {
		t.Errorf("again: %+v", out)
	}
	if left := r.server.List(name, ""); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestListObjects(t *testing.T) {
	r := start(t)
	for _, key := range []string{"a/1", "a/2", "b", "c/x/1", "c/y", "d e"} {
		r.put(key, "x")
	}
	for label, c := range map[string]struct {
		in   sdk.ListObjectsV2Input
		want string
	}{
		"all":         {want: "a/1 a/2 b c/x/1 c/y d e"},
		"pages":       {in: sdk.ListObjectsV2Input{MaxKeys: aws.Int32(1)}, want: "a/1|a/2|b|c/x/1|c/y|d e"},
		"prefix":      {in: sdk.ListObjectsV2Input{Prefix: aws.String("a/")}, want: "a/1 a/2"},
		"start after": {in: sdk.ListObjectsV2Input{StartAfter: aws.String("b")}, want: "c/x/1 c/y d e"},
		"delimiter":   {in: sdk.ListObjectsV2Input{Delimiter: aws.String("/")}, want: "b d e a/ c/"},
		"groups":      {in: sdk.ListObjectsV2Input{Delimiter: aws.String("/"), MaxKeys: aws.Int32(2)}, want: "b a/|d e c/"},
		"below":       {in: sdk.ListObjectsV2Input{Delimiter: aws.String("/"), Prefix: aws.String("c/")}, want: "c/y c/x/"},
		"encoded":     {in: sdk.ListObjectsV2Input{EncodingType: types.EncodingTypeUrl, Prefix: aws.String("d")}, want: "d+e"},
	} {
		c.in.Bucket = aws.String(name)
		var pages []string
		p := sdk.NewListObjectsV2Paginator(r.client, &c.in)
		for p.HasMorePages() {
			page, err := p.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var shown []string
			for _, o := range page.Contents {
				shown = append(shown, *o.Key)
			}
			for _, o := range page.CommonPrefixes {
				shown = append(shown, *o.Prefix)
			}
			if int(*page.KeyCount) != len(shown) {
				t.Errorf("%s: key count %d", label, *page.KeyCount)
			}
			pages = append(pages, strings.Join(shown, " "))
		}
		if got := strings.Join(pages, "|"); got != c.want {
			t.Errorf("%s: %s, want %s", label, got, c.want)
		}
	}
	_, err := r.client.ListObjectsV2(t.Context(), &sdk.ListObjectsV2Input{Bucket: aws.String(name), ContinuationToken: aws.String("%")})
	r.fails(err, "InvalidArgument")
	_, err = r.client.ListObjectVersions(t.Context(), &sdk.ListObjectVersionsInput{Bucket: aws.String(name), VersionIdMarker: aws.String("x")})
	r.fails(err, "InvalidArgument")
	if old, err := r.client.ListObjects(t.Context(), &sdk.ListObjectsInput{Bucket: aws.String(name), Marker: aws.String("c/y")}); err != nil || len(old.Contents) != 1 {
		t.Errorf("first version: %+v, %v", old, err)
	}
}
