// Package sample reads a request that somebody wrote down: a URL, a curl
// command or the text of an HTTP request. It sends nothing.
package sample

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"pixelctl/pkg/beacon"
	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
)

// MaxText is the most bytes of a sample: the largest body and room for the rest.
const MaxText = beacon.MaxBody + 32<<10

// Options are what a sample does not say.
type Options struct {
	Peer netip.Addr   // address of the client
	Time event.Millis // when the collector got the request
}

// Read gives the request that text describes. What it cannot read is a
// fault.Usage that says which form it took the text for.
func Read(text string, o Options) (*beacon.Request, error) {
	if len(text) > MaxText {
		return nil, fault.New(fault.Usage, "read sample: it is longer than %d bytes", MaxText)
	}
	trimmed := strings.TrimSpace(text)
	var r *http.Request
	var err error
	switch {
	case trimmed == "":
		err = errors.New("it is empty")
	case strings.HasPrefix(trimmed, "curl ") || strings.HasPrefix(trimmed, "curl\t"):
		r, err = readCurl(trimmed)
	case isRequest(trimmed):
		r, err = readHTTP(text)
	default:
		r, err = readURL(trimmed)
	}
	if err != nil {
		return nil, fault.New(fault.Usage, "read sample: %w", err).
			WithHint("give a URL such as https://px.example.com/p.gif?event=view, a curl command, or the text of an HTTP request")
	}
	return convert(r, o)
}

// isRequest says whether the first line looks like GET /path HTTP/1.1.
func isRequest(text string) bool {
	line, _, _ := strings.Cut(text, "\n")
	words := strings.Fields(line)
	return len(words) == 3 && strings.HasPrefix(words[2], "HTTP/")
}

// readURL takes a whole URL or what stands behind the host.
func readURL(text string) (*http.Request, error) {
	if strings.ContainsAny(text, "\r\n\t ") {
		return nil, errors.New("it is no URL, no curl command and no HTTP request")
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, err
	}
	if u.Host == "" && !strings.HasPrefix(u.Path, "/") {
		return nil, fmt.Errorf("%q begins with neither https:// nor a path such as /p.gif", text)
	}
	return &http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Header: http.Header{}, Body: http.NoBody}, nil
}

// readHTTP takes a request as it goes over the wire. Lines may end without
// carriage return, and the empty line after the headers may be missing.
func readHTTP(text string) (*http.Request, error) {
	head, body, _ := strings.Cut(strings.ReplaceAll(strings.TrimLeft(text, " \t\r\n"), "\r\n", "\n"), "\n\n")
	line, headers, _ := strings.Cut(strings.TrimRight(head, "\n"), "\n")
	words := strings.Fields(line)
	words[2] = "HTTP/1.1" // HTTP/2 and HTTP/3 have no text; tools show them like this
	wire := strings.ReplaceAll(strings.Join(words, " ")+"\n"+headers, "\n", "\r\n") + "\r\n\r\n"
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(wire)))
	if err != nil {
		return nil, fmt.Errorf("parse HTTP request: %w", err)
	}
	// The length of what was pasted counts, not what the header says.
	r.Body = io.NopCloser(strings.NewReader(body))
	return r, nil
}

func convert(r *http.Request, o Options) (*beacon.Request, error) {
	var body bytes.Buffer
	if _, err := io.Copy(&body, io.LimitReader(r.Body, beacon.MaxBody+1)); err != nil {
		return nil, fault.New(fault.Usage, "read sample: body: %w", err)
	}
	return &beacon.Request{
		Method: r.Method, Path: r.URL.EscapedPath(), RawQuery: r.URL.RawQuery, Host: r.Host,
		Peer: o.Peer, Time: o.Time, ID: "sample", Header: r.Header, Body: body.Bytes(),
	}, nil
}
