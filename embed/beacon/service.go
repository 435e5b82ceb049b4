package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// maxReply bounds what is read of an answer: 500 entries of PutRecordBatch have
// some 300 bytes each, a secret at most 64 KiB.
const maxReply = 1 << 20

// maxAttempt bounds one call: a visitor waits for the image. Whoever calls sets
// it as the context's.
const maxAttempt = 800 * time.Millisecond

// caller is one service of AWS.
type caller interface {
	// call runs one operation with a JSON input and gives its JSON output.
	call(ctx context.Context, operation string, in []byte) ([]byte, error)
}

// service speaks the protocol AWS JSON 1.1: one signed POST for an operation.
// It tries once. The SDK's clients do the same with endpoint rules, schemas and
// middleware that make a start slower and the zip a sixth larger.
type service struct {
	name        string // in the signature and the host: firehose
	prefix      string // of X-Amz-Target: Firehose_20150804
	region      string
	url         string
	credentials aws.Credentials
	signer      *v4.Signer
	http        http.RoundTripper
}

// newService takes everything from the environment that Lambda sets. Its
// credentials stay the same as long as the process lives.
func newService(name, prefix, override string, env func(string) string) *service {
	region := env("AWS_REGION")
	return &service{
		name: name, prefix: prefix, region: region, url: endpoint(name, region, override, env),
		credentials: credentials(env), signer: v4.NewSigner(), http: newConnection(),
	}
}

func (s *service) call(ctx context.Context, operation string, in []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(in))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", operation, err)
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", s.prefix+"."+operation)
	sum := sha256.Sum256(in)
	digest := hex.EncodeToString(sum[:])
	if err := s.signer.SignHTTP(ctx, s.credentials, r, digest, s.name, s.region, time.Now()); err != nil {
		return nil, fmt.Errorf("%s: %w", operation, err)
	}
	resp, err := s.http.RoundTrip(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", operation, err)
	}
	defer func() { _ = resp.Body.Close() }()
	out, err := io.ReadAll(io.LimitReader(resp.Body, maxReply))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", operation, err)
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%s: %w", operation, refusal(resp, out))
	}
	return out, nil
}

// refusedError is an error that a service answers with.
type refusedError struct {
	Code    string // such as ServiceUnavailableException
	Message string
}

func (e refusedError) Error() string { return e.Code + ": " + e.Message }

// refusal reads the error of AWS JSON 1.1: its code is in the header or in
// __type, behind a namespace and before a URL. What has none is told by status.
func refusal(resp *http.Response, body []byte) error {
	var in struct {
		Type    string `json:"__type"`
		Message string `json:"message"` // some services write Message
	}
	e := refusedError{Code: resp.Header.Get("X-Amzn-Errortype"), Message: resp.Status}
	if json.Unmarshal(body, &in) == nil {
		if e.Code == "" {
			e.Code = in.Type
		}
		e.Message = in.Message
	}
	e.Code, _, _ = strings.Cut(e.Code, ":")
	e.Code = e.Code[strings.LastIndexByte(e.Code, '#')+1:]
	if e.Code == "" {
		e.Code = "HTTP"
	}
	return e
}
