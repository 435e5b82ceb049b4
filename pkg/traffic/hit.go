package traffic

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Hit is one request, without the address of the collector.
type Hit struct {
	ID     string // eid parameter, synthetic-<seed>-<number>; ends as client_event_id
	Method string
	Path   string // escaped, begins with a slash
	Query  string // escaped, without the question mark
	Header http.Header
	Body   []byte    // nil for GET
	At     time.Time // client time, UTC, milliseconds; the ts parameter
}

// Hour is the start of the UTC hour of the client time.
func (h Hit) Hour() time.Time { return h.At.Truncate(time.Hour) }

// Request makes the request to send to endpoint.
func (h Hit) Request(ctx context.Context, endpoint string) (*http.Request, error) {
	address := strings.TrimRight(endpoint, "/") + h.Path
	if h.Query != "" {
		address += "?" + h.Query
	}
	req, err := http.NewRequestWithContext(ctx, h.Method, address, bytes.NewReader(h.Body))
	if err != nil {
		return nil, fmt.Errorf("make request of hit %s: %w", h.ID, err)
	}
	req.Header = h.Header
	return req, nil
}

// pairs is a query under construction, in order.
type pairs struct{ b strings.Builder }

// add appends a parameter that has a value. Keys are known and plain.
func (p *pairs) add(key, value string) {
	if value == "" {
		return
	}
	if p.b.Len() > 0 {
		p.b.WriteByte('&')
	}
	p.b.WriteString(key)
	p.b.WriteByte('=')
	p.b.WriteString(url.QueryEscape(value))
}

// asImage makes h a request for the image.
func (h *Hit) asImage(p *pairs) {
	h.Method, h.Query = http.MethodGet, p.b.String()
	h.Header.Set("Accept", "image/avif,image/webp,image/*,*/*;q=0.8")
}

// asBeacon makes h what navigator.sendBeacon sends for a string.
func (h *Hit) asBeacon(p *pairs, origin string) {
	h.Method, h.Body = http.MethodPost, []byte(p.b.String())
	h.Header.Set("Accept", "*/*")
	h.Header.Set("Content-Type", "text/plain;charset=UTF-8")
	h.Header.Set("Origin", origin)
}

// pixelPath is /<site>/<label>.gif when site is plain, else /p.gif with both
// as parameters.
func pixelPath(p *pairs, site, label string) string {
	if label != "" && plain(site) {
		return "/" + site + "/" + label + ".gif"
	}
	p.add("site", site)
	p.add("label", label)
	return "/p.gif"
}

func plain(s string) bool {
	return s != "" && strings.Trim(s, ".") != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.", r)
	})
}
