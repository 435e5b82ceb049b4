// Package s3 is a fake of Amazon S3 for tests: versions, delete markers,
// multipart uploads, checksums and paging as the API has them. Bodies lie on
// disk, so that DuckDB can read the current objects of a bucket.
package s3

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"time"

	"pixelctl/pkg/awsfake/wire"
)

// Server is one S3 with its buckets. It is safe for concurrent use.
type Server struct {
	clock *wire.Clock
	dir   string

	lock    sync.Mutex
	buckets map[string]*bucket
	serial  int // of versions, blobs and uploads; only rises
	fail    []string
}

type bucket struct {
	name       string
	created    time.Time
	versioning string // "", Enabled or Suspended
	tags       map[string]string
	policy     []byte                // JSON; empty: none
	keys       map[string][]*version // newest first; no entry is empty
	uploads    map[string]*upload
}

// version is an object version or a delete marker.
type version struct {
	key, id      string
	serial       int
	marker       bool
	modified     time.Time
	etag         string // without quotes
	size         int64
	blob         string // file of the body
	contentType  string
	header       map[string]string // x-amz-meta-… and the standard headers kept with an object
	checksum     string            // name of the header, such as X-Amz-Checksum-Crc32
	checksumText string
}

// bucketName is the rule of general purpose buckets, without the reserved
// prefixes.
const bucketName = `^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`

// New returns an S3 without buckets that keeps its files below dir.
func New(clock *wire.Clock, dir string) *Server {
	return &Server{clock: clock, dir: dir, buckets: map[string]*bucket{}}
}

// CreateBucket makes an empty, unversioned bucket. One that exists is
// BucketAlreadyOwnedByYou.
func (s *Server) CreateBucket(name string) error {
	if ok, err := regexp.MatchString(bucketName, name); err != nil || !ok {
		return wire.Error{Code: "InvalidBucketName", Message: "The specified bucket is not valid.", Status: 400}
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.buckets[name] != nil {
		return wire.Error{Code: "BucketAlreadyOwnedByYou", Message: "Your previous request to create the named bucket succeeded and you already own it.", Status: 409}
	}
	if err := os.MkdirAll(s.Path(name), 0o700); err != nil {
		return fmt.Errorf("create bucket %s: %w", name, err)
	}
	s.buckets[name] = &bucket{name: name, created: s.clock.Now(), keys: map[string][]*version{}, uploads: map[string]*upload{}}
	return nil
}

// SetVersioning enables or suspends versioning.
func (s *Server) SetVersioning(name string, on bool) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	b, err := s.bucket(name)
	if err != nil {
		return err
	}
	b.versioning = "Suspended"
	if on {
		b.versioning = "Enabled"
	}
	return nil
}

// SetTags replaces the tags of a bucket.
func (s *Server) SetTags(name string, tags map[string]string) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	b, err := s.bucket(name)
	if err != nil {
		return err
	}
	b.tags = tags
	return nil
}

// SetPolicy replaces the policy of a bucket; an empty one takes it away. The
// fake keeps policies and does not go by them.
func (s *Server) SetPolicy(name string, policy []byte) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	b, err := s.bucket(name)
	if err != nil {
		return err
	}
	b.policy = policy
	return nil
}

// Policy gives the policy of a bucket; NoSuchBucketPolicy when it has none.
func (s *Server) Policy(name string) ([]byte, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	b, err := s.bucket(name)
	if err == nil && len(b.policy) == 0 {
		err = wire.Error{Code: "NoSuchBucketPolicy", Message: "The bucket policy does not exist", Status: 404}
	}
	if err != nil {
		return nil, err
	}
	return b.policy, nil
}

// DeleteBucket removes an empty bucket. Any version or delete marker left is
// BucketNotEmpty; unfinished uploads are not in the way and go with it.
func (s *Server) DeleteBucket(name string) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	b, err := s.bucket(name)
	if err != nil {
		return err
	}
	if len(b.keys) > 0 {
		message := "The bucket you tried to delete is not empty"
		if b.versioning != "" {
			message += ". You must delete all versions in the bucket."
		}
		return wire.Error{Code: "BucketNotEmpty", Message: message, Status: 409}
	}
	delete(s.buckets, name)
	for _, dir := range []string{s.Path(name), s.blobs(name)} {
		if err := os.RemoveAll(dir); err != nil {
			return fmt.Errorf("delete bucket %s: %w", name, err)
		}
	}
	return nil
}

// Buckets lists the buckets, sorted.
func (s *Server) Buckets() []string {
	s.lock.Lock()
	defer s.lock.Unlock()
	return slices.Sorted(maps.Keys(s.buckets))
}

// Path is the directory in which each current object of the bucket is a plain
// file at its key. A key that is no path of a file (it ends in a slash, or
// another key is its directory) is not there.
func (s *Server) Path(bucket string) string { return filepath.Join(s.dir, bucket) }

// blobs is where the bodies of all versions and parts lie. No bucket has such
// a name.
func (s *Server) blobs(bucket string) string { return filepath.Join(s.dir, ".blobs", bucket) }

// FailKeys makes the next n entries of DeleteObjects come back as Errors with
// the code (InternalError, SlowDown, AccessDenied …) and stay where they are.
func (s *Server) FailKeys(n int, code string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	for range n {
		s.fail = append(s.fail, code)
	}
}

// bucket finds a bucket; the lock is held.
func (s *Server) bucket(name string) (*bucket, error) {
	if b := s.buckets[name]; b != nil {
		return b, nil
	}
	return nil, wire.Error{Code: "NoSuchBucket", Message: "The specified bucket does not exist", Status: 404}
}

func (s *Server) next() int {
	s.serial++
	return s.serial
}
