package bucket

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
)

func TestGateAdapts(t *testing.T) {
	g := newGate()
	for _, want := range []int{firstLimit / 2, firstLimit / 4, 1, 1} {
		for g.slow(); g.limit > want; {
			g.slow()
		}
		if g.limit != want {
			t.Errorf("limit %d, want %d", g.limit, want)
		}
	}
	g.went()
	if g.limit != 2 {
		t.Errorf("limit %d after a round of successes", g.limit)
	}
	g.went()
	if g.limit != 2 {
		t.Errorf("limit %d after half a round", g.limit)
	}
	for range lastLimit * lastLimit {
		g.went()
	}
	if g.limit != lastLimit {
		t.Errorf("limit %d, want no more than %d", g.limit, lastLimit)
	}
}

func TestGateEnter(t *testing.T) {
	g := newGate()
	for range firstLimit {
		if err := g.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	entered := make(chan error)
	go func() { entered <- g.enter(ctx) }()
	g.leave()
	if err := <-entered; err != nil {
		t.Error(err)
	}
	go func() { entered <- g.enter(ctx) }()
	cancel()
	if err := <-entered; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// pages is an S3 whose listing goes on for some pages of one version, and whose
// deletions wait until as many run as may, and one page more is listed.
type pages struct {
	total            int
	listed, deleting chan struct{}
	release          chan struct{}
}

func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	type version struct {
		Key string
		ID  string `xml:"VersionId"`
	}
	type listing struct {
		XMLName       xml.Name `xml:"ListVersionsResult"`
		IsTruncated   bool
		NextKeyMarker string
		NextID        string `xml:"NextVersionIdMarker"`
		Version       []version
	}
	var answer any = struct {
		XMLName xml.Name `xml:"DeleteResult"`
	}{}
	switch q := r.URL.Query(); {
	case q.Has("uploads"):
		answer = struct {
			XMLName xml.Name `xml:"ListMultipartUploadsResult"`
		}{}
	case q.Has("versions"):
		n, _ := strconv.Atoi(q.Get("key-marker"))
		if q.Get("key-marker") != q.Get("version-id-marker") {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		p.listed <- struct{}{}
		next := strconv.Itoa(n + 1)
		answer = listing{IsTruncated: n+1 < p.total, NextKeyMarker: next, NextID: next, Version: []version{{fmt.Sprint("k", n), "v"}}}
	default:
		p.deleting <- struct{}{}
		<-p.release
	}
	if err := xml.NewEncoder(w).Encode(answer); err != nil {
		return
	}
}

// Deletions must overlap the listing, and hold it back when too many run: that
// is what keeps memory flat.
func TestEmptyHoldsListingBack(t *testing.T) {
	const total = 40
	p := &pages{total: total, listed: make(chan struct{}, total), deleting: make(chan struct{}, total), release: make(chan struct{})}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	done := make(chan error)
	var got Emptied
	go func() {
		var err error
		got, err = New(clientOf(server.URL)).Empty(t.Context(), "lake", "", nil)
		done <- err
	}()
	for range firstLimit {
		<-p.deleting
		<-p.listed
	}
	<-p.listed // the page that waits for room
	select {
	case <-p.listed:
		t.Error("a page was listed that nobody can delete")
	case <-p.deleting:
		t.Errorf("more than %d deletions run", firstLimit)
	default:
	}
	close(p.release)
	if err := <-done; err != nil || got.Versions != total {
		t.Errorf("removed %+v: %v", got, err)
	}
}

// A listing that names no next page must end, too.
func TestEmptyStuckListing(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		root := "ListVersionsResult"
		if r.URL.Query().Has("uploads") {
			root = "ListMultipartUploadsResult"
		}
		if _, err := fmt.Fprintf(w, "<%s><IsTruncated>true</IsTruncated></%s>", root, root); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	e := New(clientOf(server.URL))
	if _, err := e.Empty(t.Context(), "lake", "", nil); !errors.Is(err, errStuck) {
		t.Errorf("empty: %v", err)
	}
	if _, err := e.Usage(t.Context(), "lake", ""); !errors.Is(err, errStuck) {
		t.Errorf("usage: %v", err)
	}
}
