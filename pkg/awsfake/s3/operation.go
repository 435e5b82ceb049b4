package s3

import (
	"net/http"
	"net/url"
	"strings"
)

// Limits of the API: bytes of a key, keys of one page or one DeleteObjects,
// and bytes of a request body, which the fake holds in memory.
const (
	maxKey  = 1_024
	maxKeys = 1_000
	maxBody = 256 << 20
)

// route tells an operation by its method, level and query parameter. The first
// that fits is taken.
type route struct {
	method string
	level  string // service, bucket or object
	param  string // must be in the query; "" always fits
	name   string
}

var routes = []route{
	{"GET", "service", "", "ListBuckets"},
	{"GET", "bucket", "versions", "ListObjectVersions"},
	{"GET", "bucket", "uploads", "ListMultipartUploads"},
	{"GET", "bucket", "location", "GetBucketLocation"},
	{"GET", "bucket", "versioning", "GetBucketVersioning"},
	{"GET", "bucket", "tagging", "GetBucketTagging"},
	{"GET", "bucket", "list-type", "ListObjectsV2"},
	{"GET", "bucket", "policy", "GetBucketPolicy"},
	{"GET", "bucket", "encryption", "GetBucketEncryption"},
	{"GET", "bucket", "lifecycle", "GetBucketLifecycleConfiguration"},
	{"GET", "bucket", "publicAccessBlock", "GetPublicAccessBlock"},
	{"GET", "bucket", "", "ListObjects"},
	{"HEAD", "bucket", "", "HeadBucket"},
	{"PUT", "bucket", "versioning", "PutBucketVersioning"},
	{"PUT", "bucket", "tagging", "PutBucketTagging"},
	{"PUT", "bucket", "policy", "PutBucketPolicy"},
	{"PUT", "bucket", "encryption", "PutBucketEncryption"},
	{"PUT", "bucket", "lifecycle", "PutBucketLifecycleConfiguration"},
	{"PUT", "bucket", "publicAccessBlock", "PutPublicAccessBlock"},
	{"PUT", "bucket", "", "CreateBucket"},
	{"POST", "bucket", "delete", "DeleteObjects"},
	{"DELETE", "bucket", "tagging", "DeleteBucketTagging"},
	{"DELETE", "bucket", "policy", "DeleteBucketPolicy"},
	{"DELETE", "bucket", "lifecycle", "DeleteBucketLifecycle"},
	{"DELETE", "bucket", "", "DeleteBucket"},
	{"GET", "object", "uploadId", "ListParts"},
	{"GET", "object", "tagging", "GetObjectTagging"},
	{"GET", "object", "attributes", "GetObjectAttributes"},
	{"GET", "object", "", "GetObject"},
	{"HEAD", "object", "", "HeadObject"},
	{"PUT", "object", "uploadId", "UploadPart"},
	{"PUT", "object", "tagging", "PutObjectTagging"},
	{"PUT", "object", "", "PutObject"},
	{"POST", "object", "uploads", "CreateMultipartUpload"},
	{"POST", "object", "uploadId", "CompleteMultipartUpload"},
	{"POST", "object", "restore", "RestoreObject"},
	{"DELETE", "object", "uploadId", "AbortMultipartUpload"},
	{"DELETE", "object", "tagging", "DeleteObjectTagging"},
	{"DELETE", "object", "", "DeleteObject"},
}

// Operation gives the API's name of a request, such as ListObjectVersions, or
// "" for one that S3 does not have.
func (s *Server) Operation(r *http.Request) string {
	bucket, key := address(r)
	level := "object"
	switch {
	case bucket == "":
		level = "service"
	case key == "":
		level = "bucket"
	}
	query := r.URL.Query()
	for _, o := range routes {
		if o.method == r.Method && o.level == level && (o.param == "" || query.Has(o.param)) {
			return copied(r, o.name)
		}
	}
	return ""
}

// copied tells copies, which differ by a header only.
func copied(r *http.Request, name string) string {
	if r.Header.Get("X-Amz-Copy-Source") == "" {
		return name
	}
	switch name {
	case "PutObject":
		return "CopyObject"
	case "UploadPart":
		return "UploadPartCopy"
	default:
		return name
	}
}

// address gives bucket and key of a request, path style or by host name.
func address(r *http.Request) (bucket, key string) {
	path := strings.TrimPrefix(r.URL.EscapedPath(), "/")
	host := r.Host
	if at := max(strings.Index(host, ".s3."), strings.Index(host, ".s3-")); at > 0 {
		return host[:at], unescape(path)
	}
	bucket, key, _ = strings.Cut(path, "/")
	return unescape(bucket), unescape(key)
}

func unescape(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}
