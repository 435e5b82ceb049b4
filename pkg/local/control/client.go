package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// ErrUnknown says that the server does not know the question: it is of an
// earlier version.
var ErrUnknown = errors.New("the server does not know this")

// Client asks the server at an Address.
type Client struct {
	addr Address
	http *http.Client
}

// NewClient returns a client; it connects with each call.
func NewClient(a Address) *Client {
	return &Client{addr: a, http: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
}

// State asks for the server's numbers.
func (c *Client) State(ctx context.Context) (State, error) {
	var s State
	err := c.ask(ctx, http.MethodGet, pathState, nil, &s)
	return s, err
}

// Flush has every spooled record written to the lake.
func (c *Client) Flush(ctx context.Context) (pipeline.FlushResult, error) {
	var r pipeline.FlushResult
	err := c.do(ctx, http.MethodPost, pathFlush, nil, &r)
	return r, err
}

// SetBuffer changes the buffer interval of the running server.
func (c *Client) SetBuffer(ctx context.Context, interval time.Duration) error {
	return c.ask(ctx, http.MethodPost, pathBuffer, bufferRequest{int(interval / time.Second)}, nil)
}

// SetRecords changes what the running server keeps of hits, between two of
// them. A server of an earlier version gives ErrUnknown.
func (c *Client) SetRecords(ctx context.Context, r Records) error {
	return c.ask(ctx, http.MethodPost, pathRecord, r, nil)
}

// Stop asks the server to drain, flush and end. It returns before that.
func (c *Client) Stop(ctx context.Context) error {
	return c.ask(ctx, http.MethodPost, pathStop, nil, nil)
}

// patience bounds what a server on this machine answers at once.
const patience = 3 * time.Second

// ask is do for everything but flushing. A server that hangs is fault.Busy.
func (c *Client) ask(ctx context.Context, method, path string, in, out any) error {
	soon, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := c.do(soon, method, path, in, out)
	if err != nil && soon.Err() != nil && ctx.Err() == nil {
		return fault.New(fault.Busy, "no answer in %s: %w", patience, err).WithHint("kill %d", c.addr.PID)
	}
	return err
}

func (c *Client) do(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("encode control request %s: %w", path, err)
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://"+c.addr.Control+path, body)
	if err != nil {
		return fmt.Errorf("build control request %s: %w", path, err)
	}
	req.Header.Set("Authorization", "Bearer "+c.addr.Token)
	resp, err := c.http.Do(req)
	if err != nil {
		return fmt.Errorf("ask server (pid %d): %w", c.addr.PID, err)
	}
	return errors.Join(decode(resp, path, out), resp.Body.Close())
}

func decode(resp *http.Response, path string, out any) error {
	d := json.NewDecoder(io.LimitReader(resp.Body, maxMessage))
	if resp.StatusCode != http.StatusOK {
		var f failure
		if resp.StatusCode == http.StatusNotFound {
			return fmt.Errorf("ask server for %s: %w", path, ErrUnknown)
		}
		if d.Decode(&f) != nil || f.Error == "" {
			f.Error = resp.Status
		}
		return fmt.Errorf("server refused %s: %s", path, f.Error)
	}
	if out == nil {
		return nil
	}
	if err := d.Decode(out); err != nil {
		return fmt.Errorf("decode control response %s: %w", path, err)
	}
	return nil
}
