// Package trino is a back end of the fake Athena over a Trino server, by the
// HTTP protocol of Trino's clients.
package trino

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client speaks to one Trino server as one user.
type Client struct {
	URL     string // such as http://127.0.0.1:8080
	User    string
	Catalog string       // of names without one
	HTTP    *http.Client // nil is http.DefaultClient
}

// Session is what a statement runs with.
type Session struct {
	Schema     string            // of names without one
	Properties map[string]string // such as athena.compression_codec
}

// Answer is the whole answer of a statement. Values are as JSON has them,
// numbers as json.Number.
type Answer struct {
	Columns     []Column
	Rows        [][]any
	UpdateCount *int64 // of statements that write
	Stats       Stats
}

// Column is one column; Type is as Trino writes it.
type Column struct{ Name, Type string }

// Stats say what a statement read.
type Stats struct {
	State              string
	TotalSplits        int64
	ProcessedRows      int64
	ProcessedBytes     int64
	PhysicalInputBytes int64 // from the files
}

// Error is a statement's failure.
type Error struct {
	Message   string
	ErrorName string // such as COLUMN_NOT_FOUND
	ErrorType string // USER_ERROR, INTERNAL_ERROR, EXTERNAL or INSUFFICIENT_RESOURCES
}

// Error gives name and message.
func (e *Error) Error() string { return e.ErrorName + ": " + e.Message }

// page is one answer of the protocol.
type page struct {
	NextURI     string `json:"nextUri"`
	Columns     []Column
	Data        [][]any
	UpdateCount *int64
	Stats       Stats
	Error       *Error
}

// busy is how long to wait before a server that is busy is asked again.
const busy = 75 * time.Millisecond

// Query runs a statement to its end. What Trino reports is an *Error. A done
// context has the statement cancelled.
func (c *Client) Query(ctx context.Context, sql string, s Session) (a Answer, err error) {
	p, err := c.send(ctx, http.MethodPost, c.URL+"/v1/statement", sql, s)
	for {
		if err != nil {
			return a, fmt.Errorf("ask Trino: %w", err)
		}
		if p.Error != nil {
			return a, p.Error
		}
		if p.Columns != nil {
			a.Columns = p.Columns
		}
		if p.UpdateCount != nil {
			a.UpdateCount = p.UpdateCount
		}
		a.Rows, a.Stats = append(a.Rows, p.Data...), p.Stats
		next := p.NextURI
		if next == "" {
			return a, nil
		}
		if p, err = c.send(ctx, http.MethodGet, next, "", s); err != nil && ctx.Err() != nil {
			err = errors.Join(err, c.cancel(context.WithoutCancel(ctx), next))
		}
	}
}

// send makes one request, again for as long as the server is busy.
func (c *Client) send(ctx context.Context, method, to, body string, s Session) (p page, err error) {
	for {
		status, answer, err := c.do(ctx, method, to, body, s)
		switch {
		case err != nil:
			return p, err
		case status == http.StatusOK:
			d := json.NewDecoder(bytes.NewReader(answer))
			d.UseNumber()
			return p, d.Decode(&p)
		case status != http.StatusTooManyRequests && (status < http.StatusBadGateway || status > http.StatusGatewayTimeout):
			return p, fmt.Errorf("%s %s: status %d: %.300s", method, to, status, answer)
		}
		timer := time.NewTimer(busy)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return p, ctx.Err()
		}
	}
}

func (c *Client) do(ctx context.Context, method, to, body string, s Session) (status int, answer []byte, err error) {
	r, err := http.NewRequestWithContext(ctx, method, to, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	c.head(r, s)
	h := c.HTTP
	if h == nil {
		h = http.DefaultClient
	}
	resp, err := h.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	answer, err = io.ReadAll(resp.Body)
	return resp.StatusCode, answer, err
}

// head says who asks, and that times are in UTC.
func (c *Client) head(r *http.Request, s Session) {
	r.Header.Set("X-Trino-User", c.User)
	r.Header.Set("X-Trino-Source", "athena")
	r.Header.Set("X-Trino-Time-Zone", "UTC")
	if c.Catalog != "" {
		r.Header.Set("X-Trino-Catalog", c.Catalog)
	}
	if s.Schema != "" {
		r.Header.Set("X-Trino-Schema", s.Schema)
	}
	for name, value := range s.Properties {
		r.Header.Add("X-Trino-Session", name+"="+url.QueryEscape(value))
	}
}

// cancel ends a statement.
func (c *Client) cancel(ctx context.Context, at string) error {
	status, answer, err := c.do(ctx, http.MethodDelete, at, "", Session{})
	if err == nil && status >= http.StatusBadRequest {
		err = fmt.Errorf("cancel statement: status %d: %.300s", status, answer)
	}
	return err
}
