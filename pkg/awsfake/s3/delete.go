package s3

import (
	"encoding/xml"
	"net/http"

	"pixelctl/pkg/awsfake/wire"
)

func deleteObject(s *Server, w http.ResponseWriter, r *request) (any, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	b, err := s.bucket(r.bucket)
	if err != nil {
		return nil, err
	}
	id := r.query.Get("versionId")
	if err := b.unchanged(r.key, r.Header.Get("If-Match")); err != nil {
		return nil, err
	}
	marker, err := s.remove(b, r.key, id)
	if err != nil {
		return nil, err
	}
	if marker != nil {
		marker.describe(w.Header())
	}
	if id != "" {
		w.Header().Set("X-Amz-Version-Id", id)
	}
	return nil, nil //nolint:nilnil // an empty answer
}

// unchanged holds a conditional delete against the current object (S3 user
// guide, "How to perform conditional deletes").
func (b *bucket) unchanged(key, match string) error {
	if match == "" {
		return nil
	}
	v, err := b.find(key, "")
	if err == nil && !sameTag(match, v.etag) {
		err = wire.Error{Code: "PreconditionFailed", Message: "At least one of the pre-conditions you specified did not hold", Status: http.StatusPreconditionFailed}
	}
	return err
}

// identifier is one object of a DeleteObjects request.
type identifier struct {
	Key       string
	VersionID string `xml:"VersionId,omitempty"`
}

type deletedEntry struct {
	identifier
	DeleteMarker          bool   `xml:",omitempty"`
	DeleteMarkerVersionID string `xml:"DeleteMarkerVersionId,omitempty"`
}

type failedEntry struct {
	identifier
	Code    string
	Message string
}

type deleteResult struct {
	XMLName xml.Name       `xml:"http://s3.amazonaws.com/doc/2006-03-01/ DeleteResult"`
	Deleted []deletedEntry `xml:"Deleted"`
	Errors  []failedEntry  `xml:"Error"`
}

// deleteObjects deletes at most 1,000 versions. Errors come on status 200,
// also in quiet mode, which leaves out the deleted ones only.
func deleteObjects(s *Server, _ http.ResponseWriter, r *request) (any, error) {
	if !r.sum.md5 && r.sum.header == "" {
		return nil, wire.Error{Code: "InvalidRequest", Message: "Missing required header for this request: Content-MD5 OR x-amz-checksum-*"}
	}
	var in struct {
		Object []identifier
		Quiet  bool
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if len(in.Object) == 0 || len(in.Object) > maxKeys {
		return nil, malformed()
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	b, err := s.bucket(r.bucket)
	if err != nil {
		return nil, err
	}
	var out deleteResult
	for _, o := range in.Object {
		done, failed := s.deleteEntry(b, o)
		if failed != nil {
			out.Errors = append(out.Errors, *failed)
		} else if !in.Quiet {
			out.Deleted = append(out.Deleted, done)
		}
	}
	return out, nil
}

func (s *Server) deleteEntry(b *bucket, o identifier) (deletedEntry, *failedEntry) {
	if len(s.fail) > 0 {
		code := s.fail[0]
		s.fail = s.fail[1:]
		return deletedEntry{}, &failedEntry{identifier: o, Code: code, Message: "We encountered an error. Please try again."}
	}
	marker, err := s.remove(b, o.Key, o.VersionID)
	if err != nil {
		return deletedEntry{}, &failedEntry{identifier: o, Code: "InternalError", Message: err.Error()}
	}
	done := deletedEntry{identifier: o}
	if marker != nil {
		done.DeleteMarker, done.DeleteMarkerVersionID = true, marker.id
	}
	return done, nil
}
