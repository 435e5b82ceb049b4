package s3

import (
	"crypto/md5" //nolint:gosec // the ETag of S3 is MD5
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"

	"pixelctl/pkg/awsfake/wire"
)

// nullVersion is the id of a version made while the bucket was not versioned.
const nullVersion = "null"

// Put stores an object, as PutObject does.
func (s *Server) Put(bucket, key string, body []byte) error {
	_, err := s.put(bucket, &version{key: key, contentType: "binary/octet-stream"}, body)
	return err
}

// Get returns the body of the current object; NoSuchKey when there is none.
func (s *Server) Get(bucket, key string) ([]byte, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	b, err := s.bucket(bucket)
	if err != nil {
		return nil, err
	}
	v, err := b.find(key, "")
	if err != nil {
		return nil, err
	}
	return os.ReadFile(v.blob)
}

// Versions returns the bodies of all versions in a bucket, by key and version,
// delete markers left out; none for a bucket that does not exist.
func (s *Server) Versions(bucket string) (map[string][]byte, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	all := map[string][]byte{}
	b := s.buckets[bucket]
	if b == nil {
		return all, nil
	}
	for key, versions := range b.keys {
		for _, v := range versions {
			if v.marker {
				continue
			}
			body, err := os.ReadFile(v.blob)
			if err != nil {
				return nil, err
			}
			all[key+" "+v.id] = body
		}
	}
	return all, nil
}

// List returns the keys of the current objects with the prefix, sorted; none
// for a bucket that does not exist.
func (s *Server) List(bucket, prefix string) []string {
	s.lock.Lock()
	defer s.lock.Unlock()
	b := s.buckets[bucket]
	if b == nil {
		return nil
	}
	return b.current(prefix)
}

// current lists the keys whose newest version is no delete marker.
func (b *bucket) current(prefix string) []string {
	var keys []string
	for key, versions := range b.keys {
		if strings.HasPrefix(key, prefix) && !versions[0].marker {
			keys = append(keys, key)
		}
	}
	sort.Strings(keys)
	return keys
}

// find gives the version of a key, the current one for an empty id.
func (b *bucket) find(key, id string) (*version, error) {
	versions := b.keys[key]
	if id == "" {
		if len(versions) == 0 || versions[0].marker {
			return nil, wire.Error{Code: "NoSuchKey", Message: "The specified key does not exist.", Status: 404}
		}
		return versions[0], nil
	}
	for _, v := range versions {
		if v.id != id {
			continue
		}
		if v.marker {
			return v, wire.Error{Code: "MethodNotAllowed", Message: "The specified method is not allowed against this resource.", Status: 405}
		}
		return v, nil
	}
	return nil, wire.Error{Code: "NoSuchVersion", Message: "The specified version does not exist.", Status: 404}
}

// put stores v, which has its key and headers, as the newest version.
func (s *Server) put(name string, v *version, body []byte) (*version, error) {
	if v.key == "" || len(v.key) > maxKey {
		return nil, wire.Error{Code: "KeyTooLongError", Message: "Your key is too long"}
	}
	sum := md5.Sum(body) //nolint:gosec // the ETag of S3 is MD5
	s.lock.Lock()
	defer s.lock.Unlock()
	b, err := s.bucket(name)
	if err != nil {
		return nil, err
	}
	if v.blob, err = s.writeBlob(name, body); err != nil {
		return nil, err
	}
	if v.etag == "" {
		v.etag = hex.EncodeToString(sum[:])
	}
	v.size = int64(len(body))
	return v, s.push(b, v)
}

// writeBlob writes a body to a file of its own; the lock is held.
func (s *Server) writeBlob(bucket string, body []byte) (string, error) {
	dir := s.blobs(bucket)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("store body: %w", err)
	}
	path := filepath.Join(dir, strconv.Itoa(s.next()))
	if err := os.WriteFile(path, body, 0o600); err != nil {
		return "", fmt.Errorf("store body: %w", err)
	}
	return path, nil
}

// push makes v the newest version of its key. Where versioning is not enabled
// it takes the place of the null version.
func (s *Server) push(b *bucket, v *version) error {
	v.serial, v.modified, v.id = s.next(), s.clock.Now(), nullVersion
	if b.versioning == "Enabled" {
		v.id = versionID(v.serial)
	} else if err := b.drop(v.key, nullVersion); err != nil {
		return err
	}
	b.keys[v.key] = slices.Insert(b.keys[v.key], 0, v)
	return s.show(b, v.key)
}

// drop forgets one version and its file.
func (b *bucket) drop(key, id string) error {
	at := slices.IndexFunc(b.keys[key], func(v *version) bool { return v.id == id })
	if at < 0 {
		return nil
	}
	v := b.keys[key][at]
	b.keys[key] = slices.Delete(b.keys[key], at, at+1)
	if len(b.keys[key]) == 0 {
		delete(b.keys, key)
	}
	if v.marker {
		return nil
	}
	return ignoreMissing(os.Remove(v.blob))
}

// remove deletes as DeleteObject does and returns the marker that it made or
// removed, if any. A key or version that is not there counts as deleted.
func (s *Server) remove(b *bucket, key, id string) (*version, error) {
	if id == "" && b.versioning != "" {
		marker := &version{key: key, marker: true}
		return marker, s.push(b, marker)
	}
	if id == "" {
		id = nullVersion
	}
	var marker *version
	for _, v := range b.keys[key] {
		if v.id == id && v.marker {
			marker = v
		}
	}
	if err := b.drop(key, id); err != nil {
		return nil, err
	}
	return marker, s.show(b, key)
}

// show makes the plain file of a key what its current version is: a second
// name of the version's body.
func (s *Server) show(b *bucket, key string) error {
	if strings.HasSuffix(key, "/") || strings.Contains(key, "//") || !filepath.IsLocal(key) || filepath.Clean(key) != key {
		return nil
	}
	path := filepath.Join(s.Path(b.name), filepath.FromSlash(key))
	if info, err := os.Lstat(path); err == nil && !info.IsDir() {
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("show %s: %w", key, err)
		}
	}
	versions := b.keys[key]
	if len(versions) == 0 || versions[0].marker { // its directories go too, as S3 has none
		s.prune(b, filepath.Dir(path))
		return nil
	}
	v := versions[0]
	if err := linkTo(v.blob, path); err != nil {
		return fmt.Errorf("show %s: %w", key, err)
	}
	return nil
}

// linkTo gives a body its plain file, unless another key is in the way: as a
// directory of the path, or with the path as its directory.
func linkTo(blob, path string) error {
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil {
		err = os.Link(blob, path)
	}
	var at *fs.PathError
	if errors.As(err, &at) || errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// prune removes empty directories from dir up to the bucket's own.
func (s *Server) prune(b *bucket, dir string) {
	for dir != s.Path(b.name) && len(dir) > len(s.dir) && os.Remove(dir) == nil {
		dir = filepath.Dir(dir)
	}
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// versionID makes an id from which a listing can resume after the version
// itself is gone.
func versionID(serial int) string { return fmt.Sprintf("fake%028x", serial) }
