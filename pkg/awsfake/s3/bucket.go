package s3

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"sort"

	"pixelctl/pkg/awsfake/wire"
)

// region is the fake's only one.
const region = "us-east-1"

type bucketList struct {
	XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListAllMyBucketsResult"`
	Buckets []struct {
		Name         string
		CreationDate string
	} `xml:"Buckets>Bucket"`
}

func listBuckets(s *Server, _ http.ResponseWriter, _ *request) (any, error) {
	var out bucketList
	for _, name := range s.Buckets() {
		s.lock.Lock()
		b := s.buckets[name]
		s.lock.Unlock()
		if b != nil {
			out.Buckets = append(out.Buckets, struct{ Name, CreationDate string }{name, stamp(b.created)})
		}
	}
	return out, nil
}

// createBucket makes a bucket. In us-east-1 making one's own bucket again is
// no error, and no location constraint may be given.
func createBucket(s *Server, w http.ResponseWriter, r *request) (any, error) {
	var in struct{ LocationConstraint string }
	if len(r.body) > 0 {
		if err := decode(r, &in); err != nil {
			return nil, err
		}
	}
	if in.LocationConstraint != "" {
		return nil, wire.Error{Code: "InvalidLocationConstraint", Message: "The specified location-constraint is not valid"}
	}
	if err := s.CreateBucket(r.bucket); err != nil && wire.AsError(err).Code != "BucketAlreadyOwnedByYou" {
		return nil, err
	}
	w.Header().Set("Location", "/"+r.bucket)
	return nil, nil //nolint:nilnil // an empty answer
}

func deleteBucket(s *Server, _ http.ResponseWriter, r *request) (any, error) {
	return nil, s.DeleteBucket(r.bucket)
}

// with runs f on the bucket of the request, under the lock.
func (s *Server) with(r *request, f func(b *bucket) (any, error)) (any, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	b, err := s.bucket(r.bucket)
	if err != nil {
		return nil, err
	}
	return f(b)
}

func headBucket(s *Server, w http.ResponseWriter, r *request) (any, error) {
	w.Header().Set("X-Amz-Bucket-Region", region)
	return s.with(r, func(*bucket) (any, error) { return nil, nil })
}

type location struct {
	XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ LocationConstraint"`
}

// getBucketLocation answers no constraint, which means us-east-1.
func getBucketLocation(s *Server, _ http.ResponseWriter, r *request) (any, error) {
	return s.with(r, func(*bucket) (any, error) { return location{}, nil })
}

type versioning struct {
	XMLName xml.Name `xml:"VersioningConfiguration"`
	Status  string   `xml:",omitempty"`
}

func getBucketVersioning(s *Server, _ http.ResponseWriter, r *request) (any, error) {
	return s.with(r, func(b *bucket) (any, error) { return versioning{Status: b.versioning}, nil })
}

func putBucketVersioning(s *Server, _ http.ResponseWriter, r *request) (any, error) {
	var in versioning
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if in.Status != "Enabled" && in.Status != "Suspended" {
		return nil, malformed()
	}
	return nil, s.SetVersioning(r.bucket, in.Status == "Enabled")
}

type tag struct{ Key, Value string }

type tagging struct {
	XMLName xml.Name `xml:"Tagging"`
	Tags    []tag    `xml:"TagSet>Tag"`
}

func getBucketTagging(s *Server, _ http.ResponseWriter, r *request) (any, error) {
	return s.with(r, func(b *bucket) (any, error) {
		if len(b.tags) == 0 {
			return nil, wire.Error{Code: "NoSuchTagSet", Message: "The TagSet does not exist", Status: http.StatusNotFound}
		}
		var out tagging
		for key, value := range b.tags {
			out.Tags = append(out.Tags, tag{key, value})
		}
		sort.Slice(out.Tags, func(i, j int) bool { return out.Tags[i].Key < out.Tags[j].Key })
		return out, nil
	})
}

func putBucketTagging(s *Server, w http.ResponseWriter, r *request) (any, error) {
	var in tagging
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	tags := map[string]string{}
	for _, t := range in.Tags {
		tags[t.Key] = t.Value
	}
	if err := s.SetTags(r.bucket, tags); err != nil {
		return nil, err
	}
	w.WriteHeader(http.StatusNoContent)
	return written{}, nil
}

func deleteBucketTagging(s *Server, _ http.ResponseWriter, r *request) (any, error) {
	return nil, s.SetTags(r.bucket, nil)
}

func getBucketPolicy(s *Server, w http.ResponseWriter, r *request) (any, error) {
	policy, err := s.Policy(r.bucket)
	if err != nil {
		return nil, err
	}
	w.Header().Set("Content-Type", "application/json")
	wire.WriteBody(w, http.StatusOK, policy)
	return written{}, nil
}

func putBucketPolicy(s *Server, w http.ResponseWriter, r *request) (any, error) {
	if !json.Valid(r.body) {
		return nil, wire.Error{Code: "MalformedPolicy", Message: "Policies must be valid JSON and the first byte must be '{'"}
	}
	if err := s.SetPolicy(r.bucket, r.body); err != nil {
		return nil, err
	}
	w.WriteHeader(http.StatusNoContent)
	return written{}, nil
}

func deleteBucketPolicy(s *Server, _ http.ResponseWriter, r *request) (any, error) {
	return nil, s.SetPolicy(r.bucket, nil)
}
