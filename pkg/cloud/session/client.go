package session

import (
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Whole gives an HTTP client for the SDK that is without the SDK's race: it
// closes the request's body as soon as the headers of the answer are back. The
// transport may not have looked for the body's end by then; it takes the closed
// body for a failed request and drops the connection with the answer. An endpoint
// close by answers fast enough for it to happen.
func Whole(next aws.HTTPClient) aws.HTTPClient { return client{next} }

type client struct{ next aws.HTTPClient }

// Do sends a request.
func (c client) Do(r *http.Request) (*http.Response, error) {
	if r.Body != nil && r.ContentLength > 0 {
		sent := *r
		sent.Body = &counted{ReadCloser: r.Body, left: r.ContentLength}
		return c.next.Do(&sent)
	}
	return c.next.Do(r)
}

// counted knows the end of a body by its length, without asking the body.
type counted struct {
	io.ReadCloser

	left int64
}

// Read gives io.EOF with the last bytes.
func (c *counted) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, io.EOF
	}
	n, err := c.ReadCloser.Read(p[:min(int64(len(p)), c.left)])
	if c.left -= int64(n); c.left == 0 && err == nil {
		err = io.EOF
	}
	return n, err
}
