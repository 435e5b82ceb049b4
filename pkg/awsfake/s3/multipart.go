package s3

import (
	"crypto/md5" //nolint:gosec // the ETag of S3 is MD5
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"net/http"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"

	"pixelctl/pkg/awsfake/wire"
)

// minPart is the least size of every part but the last; maxPart the highest
// part number.
const (
	minPart = 5 << 20
	maxPart = 10_000
)

// upload is a multipart upload that is neither complete nor aborted.
type upload struct {
	id, key string
	started time.Time
	object  *version // headers of the object to be
	parts   map[int]part
}

type part struct {
	etag     string
	size     int64
	blob     string
	modified time.Time
}

type uploadStarted struct {
	XMLName  xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ InitiateMultipartUploadResult"`
	Bucket   string
	Key      string
	UploadID string `xml:"UploadId"`
}

func createUpload(s *Server, _ http.ResponseWriter, r *request) (any, error) {
	return s.with(r, func(b *bucket) (any, error) {
		u := &upload{id: fmt.Sprintf("upload%026x", s.next()), key: r.key, started: s.clock.Now(), object: versionOf(r), parts: map[int]part{}}
		b.uploads[u.id] = u
		return uploadStarted{Bucket: b.name, Key: u.key, UploadID: u.id}, nil
	})
}

// upload finds the upload of a request.
func (b *bucket) upload(r *request) (*upload, error) {
	u := b.uploads[r.query.Get("uploadId")]
	if u == nil || u.key != r.key {
		return nil, wire.Error{Code: "NoSuchUpload", Message: "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.", Status: http.StatusNotFound}
	}
	return u, nil
}

func uploadPart(s *Server, w http.ResponseWriter, r *request) (any, error) {
	number, err := strconv.Atoi(r.query.Get("partNumber"))
	if err != nil || number < 1 || number > maxPart {
		return nil, invalidArgument("Part number must be an integer between 1 and 10000, inclusive")
	}
	return s.with(r, func(b *bucket) (any, error) {
		u, err := b.upload(r)
		if err != nil {
			return nil, err
		}
		blob, err := s.writeBlob(b.name, r.body)
		if err != nil {
			return nil, err
		}
		sum := md5.Sum(r.body) //nolint:gosec // the ETag of S3 is MD5
		u.parts[number] = part{hex.EncodeToString(sum[:]), int64(len(r.body)), blob, s.clock.Now()}
		w.Header().Set("ETag", strconv.Quote(u.parts[number].etag))
		if r.sum.header != "" {
			w.Header().Set(r.sum.header, r.sum.text)
		}
		return nil, nil
	})
}

type uploadCompleted struct {
	XMLName  xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ CompleteMultipartUploadResult"`
	Location string
	Bucket   string
	Key      string
	ETag     string
}

type wantedPart struct {
	PartNumber int
	ETag       string
}

func completeUpload(s *Server, w http.ResponseWriter, r *request) (any, error) {
	var in struct{ Part []wantedPart }
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	var object version
	var body []byte
	if _, err := s.with(r, func(b *bucket) (any, error) {
		u, err := b.upload(r)
		if err != nil {
			return nil, err
		}
		object = *u.object
		body, object.etag, err = u.join(in.Part)
		return nil, err
	}); err != nil {
		return nil, err
	}
	stored, err := s.put(r.bucket, &object, body)
	if err != nil {
		return nil, err
	}
	if _, err := abortUpload(s, w, r); err != nil {
		return nil, err
	}
	stored.describe(w.Header())
	w.Header().Del("ETag")
	return uploadCompleted{Location: "/" + r.bucket + "/" + r.key, Bucket: r.bucket, Key: r.key, ETag: strconv.Quote(stored.etag)}, nil
}

// join puts the wanted parts together. The ETag is the MD5 of the parts' MD5s
// and their number.
func (u *upload) join(wanted []wantedPart) (body []byte, etag string, err error) {
	if len(wanted) == 0 {
		return nil, "", malformed()
	}
	var sums []byte
	for i, want := range wanted {
		p, ok := u.parts[want.PartNumber]
		switch {
		case !ok || p.etag != strings.Trim(want.ETag, `"`):
			return nil, "", wire.Error{Code: "InvalidPart", Message: "One or more of the specified parts could not be found."}
		case i > 0 && wanted[i-1].PartNumber >= want.PartNumber:
			return nil, "", wire.Error{Code: "InvalidPartOrder", Message: "The list of parts was not in ascending order. Parts must be ordered by part number."}
		case i < len(wanted)-1 && p.size < minPart:
			return nil, "", wire.Error{Code: "EntityTooSmall", Message: "Your proposed upload is smaller than the minimum allowed size"}
		}
		data, err := os.ReadFile(p.blob)
		if err != nil {
			return nil, "", err
		}
		sum, err := hex.DecodeString(p.etag)
		if err != nil {
			return nil, "", err
		}
		body, sums = append(body, data...), append(sums, sum...)
	}
	all := md5.Sum(sums) //nolint:gosec // the ETag of S3 is MD5
	return body, fmt.Sprintf("%x-%d", all, len(wanted)), nil
}

func abortUpload(s *Server, _ http.ResponseWriter, r *request) (any, error) {
	return s.with(r, func(b *bucket) (any, error) {
		u, err := b.upload(r)
		if err != nil {
			return nil, err
		}
		delete(b.uploads, u.id)
		for _, p := range u.parts {
			if err := ignoreMissing(os.Remove(p.blob)); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
}

// numbers lists the part numbers of an upload after one, sorted.
func (u *upload) numbers(after int) []int {
	var numbers []int
	for n := range u.parts {
		if n > after {
			numbers = append(numbers, n)
		}
	}
	sort.Ints(numbers)
	return numbers
}
