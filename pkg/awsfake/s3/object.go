package s3

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"pixelctl/pkg/awsfake/wire"
)

// kept are the headers that come back as they were put.
var kept = []string{"Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Expires"}

func putObject(s *Server, w http.ResponseWriter, r *request) (any, error) {
	if err := s.precondition(r); err != nil {
		return nil, err
	}
	v := versionOf(r)
	if v.checksum = r.sum.header; v.checksum == "" {
		v.checksum = "X-Amz-Checksum-Crc64nvme" // what S3 adds when the client sent none
	}
	v.checksumText = sumOf(algorithms[v.checksum], r.body)
	if _, err := s.put(r.bucket, v, r.body); err != nil {
		return nil, err
	}
	v.describe(w.Header())
	w.Header().Set(v.checksum, v.checksumText)
	return nil, nil //nolint:nilnil // an empty answer
}

// versionOf reads key and headers of a new object.
func versionOf(r *request) *version {
	v := &version{key: r.key, contentType: r.Header.Get("Content-Type"), header: map[string]string{}}
	if v.contentType == "" {
		v.contentType = "binary/octet-stream"
	}
	for name := range r.Header {
		if strings.HasPrefix(name, "X-Amz-Meta-") {
			v.header[name] = r.Header.Get(name)
		}
	}
	for _, name := range kept {
		value := strings.Trim(strings.ReplaceAll(r.Header.Get(name), "aws-chunked", ""), ", ")
		if value != "" {
			v.header[name] = value
		}
	}
	return v
}

// describe sets the headers that every answer about a version has.
func (v *version) describe(h http.Header) {
	if v.etag != "" {
		h.Set("ETag", strconv.Quote(v.etag))
	}
	if v.id != nullVersion {
		h.Set("X-Amz-Version-Id", v.id)
	}
	if v.marker {
		h.Set("X-Amz-Delete-Marker", "true")
	}
}

// precondition holds a conditional write against the current object.
func (s *Server) precondition(r *request) error {
	match, none := r.Header.Get("If-Match"), r.Header.Get("If-None-Match")
	if match == "" && none == "" {
		return nil
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	b, err := s.bucket(r.bucket)
	if err != nil {
		return err
	}
	v, err := b.find(r.key, "")
	switch {
	case err != nil && match != "":
		return err
	case err == nil && (none == "*" || match != "" && !sameTag(match, v.etag)):
		return wire.Error{Code: "PreconditionFailed", Message: "At least one of the pre-conditions you specified did not hold", Status: http.StatusPreconditionFailed}
	default:
		return nil
	}
}

func sameTag(header, etag string) bool { return header == "*" || strings.Trim(header, `"`) == etag }

// getObject answers GetObject and HeadObject: net/http does ranges and
// conditions as RFC 9110 has them, which is what S3 does.
func getObject(s *Server, w http.ResponseWriter, r *request) (any, error) {
	v, err := s.lookup(r.bucket, r.key, r.query.Get("versionId"))
	if err != nil {
		if v != nil {
			v.describe(w.Header())
		}
		return nil, err
	}
	if tag := r.Header.Get("If-Match"); tag != "" && !sameTag(tag, v.etag) {
		return nil, wire.Error{Code: "PreconditionFailed", Message: "At least one of the pre-conditions you specified did not hold", Status: http.StatusPreconditionFailed}
	}
	if err := outOfRange(r.Header.Get("Range"), v.size); err != nil {
		return nil, err
	}
	file, err := os.Open(v.blob)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // it was only read
	v.describe(w.Header())
	w.Header().Set("Content-Type", v.contentType)
	for name, value := range v.header {
		w.Header().Set(name, value)
	}
	if v.checksum != "" && r.Header.Get("X-Amz-Checksum-Mode") == "ENABLED" && r.Header.Get("Range") == "" {
		w.Header().Set(v.checksum, v.checksumText)
	}
	if v.header["Content-Encoding"] != "" && r.Header.Get("Range") == "" {
		// net/http leaves the length out then, as something may encode the body.
		w.Header().Set("Content-Length", strconv.FormatInt(v.size, 10))
	}
	http.ServeContent(w, r.Request, "", v.modified.Truncate(time.Second), file)
	return written{}, nil
}

// lookup finds a version. A delete marker comes back together with its error,
// for its headers.
func (s *Server) lookup(bucket, key, id string) (*version, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	b, err := s.bucket(bucket)
	if err != nil {
		return nil, err
	}
	v, err := b.find(key, id)
	if versions := b.keys[key]; err != nil && v == nil && id == "" && len(versions) > 0 {
		v = versions[0]
	}
	return v, err
}

// outOfRange is S3's error for a range that starts past the end; net/http's
// has no XML.
func outOfRange(header string, size int64) error {
	from, _, ok := strings.Cut(strings.TrimPrefix(header, "bytes="), "-")
	first, err := strconv.ParseInt(from, 10, 64)
	if ok && err == nil && first >= size {
		return wire.Error{Code: "InvalidRange", Message: "The requested range is not satisfiable", Status: http.StatusRequestedRangeNotSatisfiable}
	}
	return nil
}

// copyResult is the answer of CopyObject.
type copyResult struct {
	XMLName      xml.Name `xml:"CopyObjectResult"`
	ETag         string
	LastModified string

	ChecksumSHA256 string `xml:",omitempty"`
}

func copyObject(s *Server, w http.ResponseWriter, r *request) (any, error) {
	source, rawQuery, _ := strings.Cut(strings.TrimPrefix(r.Header.Get("X-Amz-Copy-Source"), "/"), "?")
	bucket, key, _ := strings.Cut(unescape(source), "/")
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return nil, wire.Error{Code: "InvalidArgument", Message: "Invalid copy source"}
	}
	from, err := s.lookup(bucket, key, query.Get("versionId"))
	if err != nil {
		return nil, err
	}
	body, err := os.ReadFile(from.blob)
	if err != nil {
		return nil, err
	}
	v := versionOf(r)
	if r.Header.Get("X-Amz-Metadata-Directive") != "REPLACE" {
		if bucket == r.bucket && key == r.key && query.Get("versionId") == "" {
			return nil, wire.Error{Code: "InvalidRequest", Message: "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes."}
		}
		v.contentType, v.header = from.contentType, from.header
	}
	v.checksum, v.checksumText = from.checksum, from.checksumText
	var sha string
	if r.Header.Get("X-Amz-Checksum-Algorithm") == "SHA256" {
		v.checksum = "X-Amz-Checksum-Sha256"
		sha = sumOf(algorithms[v.checksum], body)
		v.checksumText = sha
	}
	if _, err := s.put(r.bucket, v, body); err != nil {
		return nil, err
	}
	v.describe(w.Header())
	w.Header().Del("ETag")
	if from.id != nullVersion {
		w.Header().Set("X-Amz-Copy-Source-Version-Id", from.id)
	}
	return copyResult{ETag: strconv.Quote(v.etag), LastModified: stamp(v.modified), ChecksumSHA256: sha}, nil
}

// stamp is a time in answers.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
