package s3

import (
	"encoding/xml"
	"net/http"
	"sort"
	"strconv"
	"strings"
)

type partEntry struct {
	PartNumber   int
	ETag         string
	Size         int64
	LastModified string
}

type partList struct {
	XMLName              xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListPartsResult"`
	Bucket               string
	Key                  string
	UploadID             string `xml:"UploadId"`
	PartNumberMarker     string
	NextPartNumberMarker string `xml:",omitempty"`
	MaxParts             int
	IsTruncated          bool
	Parts                []partEntry `xml:"Part"`
}

func listParts(s *Server, _ http.ResponseWriter, r *request) (any, error) {
	p, err := newPage(r.query, "max-parts")
	if err != nil {
		return nil, err
	}
	marker := r.query.Get("part-number-marker")
	after := 0
	if marker != "" {
		if after, err = strconv.Atoi(marker); err != nil {
			return nil, invalidArgument("Argument part-number-marker must be an integer")
		}
	}
	return s.with(r, func(b *bucket) (any, error) {
		u, err := b.upload(r)
		if err != nil {
			return nil, err
		}
		out := partList{Bucket: b.name, Key: u.key, UploadID: u.id, PartNumberMarker: marker, MaxParts: p.limit}
		for _, n := range u.numbers(after) {
			if len(out.Parts) == p.limit {
				out.IsTruncated = true
				break
			}
			out.Parts = append(out.Parts, partEntry{n, strconv.Quote(u.parts[n].etag), u.parts[n].size, stamp(u.parts[n].modified)})
			out.NextPartNumberMarker = strconv.Itoa(n)
		}
		return out, nil
	})
}

type uploadEntry struct {
	Key       string
	UploadID  string `xml:"UploadId"`
	Initiated string
}

type uploadList struct {
	XMLName            xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListMultipartUploadsResult"`
	Bucket             string
	KeyMarker          string
	UploadIDMarker     string `xml:"UploadIdMarker"`
	NextKeyMarker      string `xml:",omitempty"`
	NextUploadIDMarker string `xml:"NextUploadIdMarker,omitempty"`
	Prefix             string
	MaxUploads         int
	EncodingType       string `xml:",omitempty"`
	IsTruncated        bool
	Uploads            []uploadEntry `xml:"Upload"`
}

// listUploads lists by key and, within one, by the time of the start, after
// the pair of markers. A page holds at most 1,000.
func listUploads(s *Server, _ http.ResponseWriter, r *request) (any, error) {
	p, err := newPage(r.query, "max-uploads")
	if err != nil {
		return nil, err
	}
	if p.delimiter != "" {
		return nil, invalidArgument("The fake lists uploads without a delimiter only")
	}
	key, id := r.query.Get("key-marker"), r.query.Get("upload-id-marker")
	return s.with(r, func(b *bucket) (any, error) {
		out := uploadList{Bucket: b.name, KeyMarker: p.text(key), UploadIDMarker: id, Prefix: p.text(p.prefix), MaxUploads: p.limit}
		if p.encoded {
			out.EncodingType = "url"
		}
		for _, u := range b.pending(p.prefix) {
			// Without an upload-id-marker the key of the marker is past as a whole.
			if u.key < key || u.key == key && (id == "" || u.id <= id) {
				continue
			}
			if len(out.Uploads) == p.limit {
				if p.limit == 0 {
					break
				}
				out.IsTruncated = true
				last := out.Uploads[len(out.Uploads)-1]
				out.NextKeyMarker, out.NextUploadIDMarker = last.Key, last.UploadID
				break
			}
			out.Uploads = append(out.Uploads, uploadEntry{p.text(u.key), u.id, stamp(u.started)})
		}
		return out, nil
	})
}

// pending lists the uploads with the prefix; ids rise with time.
func (b *bucket) pending(prefix string) []*upload {
	var all []*upload
	for _, u := range b.uploads {
		if strings.HasPrefix(u.key, prefix) {
			all = append(all, u)
		}
	}
	sort.Slice(all, func(i, j int) bool {
		if all[i].key != all[j].key {
			return all[i].key < all[j].key
		}
		return all[i].id < all[j].id
	})
	return all
}
