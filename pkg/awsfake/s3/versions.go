package s3

import (
	"encoding/xml"
	"net/http"
	"sort"
	"strconv"
	"strings"
)

// versionEntry is a Version or a DeleteMarker, as its XMLName says: one list
// keeps their order.
type versionEntry struct {
	XMLName      xml.Name
	Key          string
	VersionID    string `xml:"VersionId"`
	IsLatest     bool
	LastModified string
	ETag         string `xml:",omitempty"`
	Size         *int64
	StorageClass string `xml:",omitempty"`
}

type versionList struct {
	XMLName             xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListVersionsResult"`
	Name                string
	Prefix              string
	Delimiter           string `xml:",omitempty"`
	KeyMarker           string
	VersionIDMarker     string `xml:"VersionIdMarker"`
	NextKeyMarker       string `xml:",omitempty"`
	NextVersionIDMarker string `xml:"NextVersionIdMarker,omitempty"`
	MaxKeys             int
	EncodingType        string `xml:",omitempty"`
	IsTruncated         bool
	Entries             []versionEntry
	CommonPrefixes      []prefixEntry
}

// listObjectVersions lists by key, newest version first. A page goes on after
// the pair of markers, also when that version is gone by then.
func listObjectVersions(s *Server, _ http.ResponseWriter, r *request) (any, error) {
	p, err := newPage(r.query, "max-keys")
	if err != nil {
		return nil, err
	}
	key, id := r.query.Get("key-marker"), r.query.Get("version-id-marker")
	if id != "" && key == "" {
		return nil, invalidArgument("A version-id marker cannot be specified without a key marker.")
	}
	return s.with(r, func(b *bucket) (any, error) {
		out := versionList{Name: b.name, Prefix: p.text(p.prefix), Delimiter: p.text(p.delimiter), KeyMarker: p.text(key), VersionIDMarker: id, MaxKeys: p.limit}
		if p.encoded {
			out.EncodingType = "url"
		}
		fill(&out, b, p, key, id)
		return out, nil
	})
}

// fill adds the entries of one page and the markers of the next.
func fill(out *versionList, b *bucket, p page, afterKey, afterID string) {
	count, last := 0, ""
	full := func() bool {
		out.IsTruncated = count >= p.limit && p.limit > 0
		return count >= p.limit
	}
	for _, key := range b.all(p.prefix) {
		if group := p.group(key); group != "" {
			if group == last || key <= afterKey || strings.HasPrefix(afterKey, group) {
				continue
			}
			if full() {
				return
			}
			out.CommonPrefixes = append(out.CommonPrefixes, prefixEntry{p.text(group)})
			out.NextKeyMarker, out.NextVersionIDMarker, last, count = p.text(group), "", group, count+1
			continue
		}
		for _, v := range b.after(key, afterKey, afterID) {
			if full() {
				return
			}
			out.Entries = append(out.Entries, entryOf(p, v, v == b.keys[key][0]))
			out.NextKeyMarker, out.NextVersionIDMarker, count = p.text(key), v.id, count+1
		}
	}
	out.NextKeyMarker, out.NextVersionIDMarker = "", ""
}

// all lists the keys that have any version or marker.
func (b *bucket) all(prefix string) []string {
	var keys []string
	for key := range b.keys {
		if strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	sort.Strings(keys)
	return keys
}

// after gives the versions of a key that follow the markers.
func (b *bucket) after(key, afterKey, afterID string) []*version {
	versions := b.keys[key]
	switch {
	case key > afterKey:
		return versions
	case key < afterKey || afterID == "":
		return nil
	}
	for i, v := range versions {
		if v.id == afterID {
			return versions[i+1:]
		}
	}
	serial, err := strconv.ParseInt(strings.TrimPrefix(afterID, "fake"), 16, 64)
	if err != nil { // a null version that is gone: its place is not known
		return versions
	}
	first := sort.Search(len(versions), func(i int) bool { return versions[i].serial < int(serial) })
	return versions[first:]
}

func entryOf(p page, v *version, latest bool) versionEntry {
	e := versionEntry{XMLName: xml.Name{Local: "DeleteMarker"}, Key: p.text(v.key), VersionID: v.id, IsLatest: latest, LastModified: stamp(v.modified)}
	if !v.marker {
		e.XMLName.Local, e.ETag, e.Size, e.StorageClass = "Version", strconv.Quote(v.etag), &v.size, "STANDARD"
	}
	return e
}
