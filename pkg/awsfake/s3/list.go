package s3

import (
	"encoding/base64"
	"encoding/xml"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"pixelctl/pkg/awsfake/wire"
)

// page is what all listings share: a prefix, a delimiter, the most entries.
type page struct {
	prefix, delimiter string
	limit             int
	encoded           bool // encoding-type=url
}

// prefixEntry is a group of keys up to the delimiter.
type prefixEntry struct{ Prefix string }

func newPage(query url.Values, limit string) (page, error) {
	p := page{prefix: query.Get("prefix"), delimiter: query.Get("delimiter"), limit: maxKeys}
	switch query.Get("encoding-type") {
	case "":
	case "url":
		p.encoded = true
	default:
		return p, invalidArgument("Invalid Encoding Method specified in Request")
	}
	if text := query.Get(limit); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return p, invalidArgument("Argument " + limit + " must be an integer between 0 and 2147483647")
		}
		p.limit = min(n, maxKeys)
	}
	return p, nil
}

func invalidArgument(message string) error {
	return wire.Error{Code: "InvalidArgument", Message: message}
}

// group gives the common prefix of a key, "" when it stands for itself.
func (p page) group(key string) string {
	if p.delimiter == "" {
		return ""
	}
	rest := strings.TrimPrefix(key, p.prefix)
	if at := strings.Index(rest, p.delimiter); at >= 0 {
		return p.prefix + rest[:at+len(p.delimiter)]
	}
	return ""
}

// text encodes a key for the answer when the client asked for it.
func (p page) text(key string) string {
	if p.encoded {
		return strings.ReplaceAll(url.QueryEscape(key), "%2F", "/")
	}
	return key
}

// cut takes the entries of one page from sorted keys: those after the marker,
// groups counted once. More says that there are others; last is where the next
// page goes on.
func (p page) cut(keys []string, after string) (objects, groups []string, last string, more bool) {
	for _, key := range keys {
		group := p.group(key)
		switch {
		case key <= after || group != "" && (strings.HasPrefix(after, group) || group == last):
			continue
		case len(objects)+len(groups) >= p.limit:
			return objects, groups, last, p.limit > 0
		case group != "":
			groups, last = append(groups, group), group
		default:
			objects, last = append(objects, key), key
		}
	}
	return objects, groups, last, false
}

func (p page) prefixes(groups []string) []prefixEntry {
	entries := make([]prefixEntry, len(groups))
	for i, group := range groups {
		entries[i].Prefix = p.text(group)
	}
	return entries
}

type objectEntry struct {
	Key          string
	LastModified string
	ETag         string
	Size         int64
	StorageClass string
}

type objectList struct {
	XMLName               xml.Name      `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListBucketResult"`
	Name                  string        `xml:"Name"`
	Prefix                string        `xml:"Prefix"`
	Delimiter             string        `xml:"Delimiter,omitempty"`
	MaxKeys               int           `xml:"MaxKeys"`
	EncodingType          string        `xml:"EncodingType,omitempty"`
	KeyCount              *int          `xml:"KeyCount"`
	StartAfter            string        `xml:"StartAfter,omitempty"`
	Marker                *string       `xml:"Marker"`
	NextMarker            string        `xml:"NextMarker,omitempty"`
	ContinuationToken     string        `xml:"ContinuationToken,omitempty"`
	NextContinuationToken string        `xml:"NextContinuationToken,omitempty"`
	IsTruncated           bool          `xml:"IsTruncated"`
	Contents              []objectEntry `xml:"Contents"`
	CommonPrefixes        []prefixEntry `xml:"CommonPrefixes"`
}

// listObjectsV2 pages by an opaque token that holds the last entry.
func listObjectsV2(s *Server, _ http.ResponseWriter, r *request) (any, error) {
	after, token := r.query.Get("start-after"), r.query.Get("continuation-token")
	if r.query.Has("continuation-token") {
		plain, err := base64.URLEncoding.DecodeString(token)
		if err != nil || len(plain) == 0 {
			return nil, invalidArgument("The continuation token provided is incorrect")
		}
		after = string(plain)
	}
	out, last, err := s.objects(r, after)
	if err != nil {
		return nil, err
	}
	count := len(out.Contents) + len(out.CommonPrefixes)
	out.KeyCount, out.ContinuationToken = &count, token
	out.StartAfter = r.query.Get("start-after")
	if out.IsTruncated {
		out.NextContinuationToken = base64.URLEncoding.EncodeToString([]byte(last))
	}
	return out, nil
}

// listObjects is the first version of the listing; NextMarker comes only with
// a delimiter.
func listObjects(s *Server, _ http.ResponseWriter, r *request) (any, error) {
	marker := r.query.Get("marker")
	out, last, err := s.objects(r, marker)
	if err != nil {
		return nil, err
	}
	out.Marker = &marker
	if out.IsTruncated && out.Delimiter != "" {
		out.NextMarker = last
	}
	return out, nil
}

// objects fills what both versions of the listing share.
func (s *Server) objects(r *request, after string) (out objectList, last string, err error) {
	p, err := newPage(r.query, "max-keys")
	if err != nil {
		return out, "", err
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	b, err := s.bucket(r.bucket)
	if err != nil {
		return out, "", err
	}
	keys, groups, last, more := p.cut(b.current(p.prefix), after)
	out = objectList{Name: b.name, Prefix: p.text(p.prefix), Delimiter: p.text(p.delimiter), MaxKeys: p.limit, IsTruncated: more, CommonPrefixes: p.prefixes(groups)}
	if p.encoded {
		out.EncodingType = "url"
	}
	for _, key := range keys {
		v := b.keys[key][0]
		out.Contents = append(out.Contents, objectEntry{p.text(key), stamp(v.modified), strconv.Quote(v.etag), v.size, "STANDARD"})
	}
	return out, last, nil
}
