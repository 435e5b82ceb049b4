package s3

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"

	"pixelctl/pkg/awsfake/wire"
)

// request is one call: its address, query, and body with the signing and
// checksum framing taken off.
type request struct {
	*http.Request
	bucket, key string
	query       url.Values
	body        []byte
	sum         checksum
}

// handle answers one operation: a value to marshal as XML, nil for an empty
// body. Handlers that stream write the answer themselves and return written.
type handle func(s *Server, w http.ResponseWriter, r *request) (any, error)

// written says that the handler wrote its answer itself.
type written struct{}

var handlers = map[string]handle{
	"ListBuckets":             listBuckets,
	"CreateBucket":            createBucket,
	"DeleteBucket":            deleteBucket,
	"HeadBucket":              headBucket,
	"GetBucketLocation":       getBucketLocation,
	"GetBucketVersioning":     getBucketVersioning,
	"PutBucketVersioning":     putBucketVersioning,
	"GetBucketTagging":        getBucketTagging,
	"PutBucketTagging":        putBucketTagging,
	"DeleteBucketTagging":     deleteBucketTagging,
	"GetBucketPolicy":         getBucketPolicy,
	"PutBucketPolicy":         putBucketPolicy,
	"DeleteBucketPolicy":      deleteBucketPolicy,
	"ListObjects":             listObjects,
	"ListObjectsV2":           listObjectsV2,
	"ListObjectVersions":      listObjectVersions,
	"GetObject":               getObject,
	"HeadObject":              getObject,
	"PutObject":               putObject,
	"CopyObject":              copyObject,
	"DeleteObject":            deleteObject,
	"DeleteObjects":           deleteObjects,
	"CreateMultipartUpload":   createUpload,
	"UploadPart":              uploadPart,
	"ListParts":               listParts,
	"CompleteMultipartUpload": completeUpload,
	"AbortMultipartUpload":    abortUpload,
	"ListMultipartUploads":    listUploads,
}

// ServeHTTP answers one request of the REST API. Operations that the fake does
// not have are NotImplemented.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.lock.Lock()
	id := fmt.Sprintf("%016X", s.next())
	s.lock.Unlock()
	w.Header().Set("X-Amz-Request-Id", id)
	w.Header().Set("X-Amz-Id-2", "fake/"+id)
	answer, err := s.answer(w, r)
	if err != nil {
		writeError(w, r, err, id)
		return
	}
	switch answer := answer.(type) {
	case written:
	case nil:
		if r.Method == http.MethodDelete {
			w.WriteHeader(http.StatusNoContent)
		}
	default:
		writeXML(w, http.StatusOK, answer)
	}
}

func (s *Server) answer(w http.ResponseWriter, r *http.Request) (any, error) {
	f := handlers[s.Operation(r)]
	if f == nil {
		return nil, wire.Error{Code: "NotImplemented", Message: "A header or query you provided implies functionality that is not implemented.", Status: http.StatusNotImplemented}
	}
	bucket, key := address(r)
	body, sum, err := readBody(r)
	if err != nil {
		return nil, err
	}
	return f(s, w, &request{Request: r, bucket: bucket, key: key, query: r.URL.Query(), body: body, sum: sum})
}

// writeError answers an error; to HEAD without a body, as S3 does.
func writeError(w http.ResponseWriter, r *http.Request, err error, id string) {
	e := wire.AsError(err)
	if e.Status == http.StatusNotModified || r.Method == http.MethodHead {
		w.WriteHeader(e.Status)
		return
	}
	type failure struct {
		XMLName   xml.Name `xml:"Error"`
		Code      string
		Message   string
		Resource  string
		RequestID string `xml:"RequestId"`
	}
	writeXML(w, e.Status, failure{Code: e.Code, Message: e.Message, Resource: r.URL.Path, RequestID: id})
}

func writeXML(w http.ResponseWriter, status int, v any) {
	body, err := xml.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/xml")
	wire.WriteBody(w, status, append([]byte(xml.Header), body...))
}

// decode reads the XML body of a request.
func decode(r *request, v any) error {
	if err := xml.Unmarshal(r.body, v); err != nil {
		return malformed()
	}
	return nil
}

func malformed() error {
	return wire.Error{Code: "MalformedXML", Message: "The XML you provided was not well-formed or did not validate against our published schema"}
}
