package cloud_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"pixelctl/pkg/awsfake/compute"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/pipeline/pipelinetest"
)

func TestPipeline(t *testing.T) {
	pipelinetest.Run(t, func(t *testing.T) pipelinetest.Harness {
		t.Parallel()
		a := newAccount(t)
		return pipelinetest.Harness{
			Pipeline: a.target(), Again: func() pipeline.Pipeline { return a.target() },
			Client: a.fake.Client(), Settle: a.settle, Corrupt: a.corrupt, Remains: a.remains,
			Now: a.fake.Clock().Now, Pass: a.fake.Clock().Advance,
			From: func(r *http.Request, peer netip.Addr) { r.Header.Set(compute.PeerHeader, peer.String()) }, Stored: a.stored,
			Break: a.breakConversion,
		}
	})
}

// stored gives every version of every object, those that are packed also
// unpacked, what waits in the stream, and all log lines of the account.
func (a *account) stored(context.Context) (map[string][]byte, error) {
	all := map[string][]byte{}
	for _, bucket := range a.fake.S3.Buckets() {
		versions, err := a.fake.S3.Versions(bucket)
		if err != nil {
			return nil, err
		}
		for name, body := range versions {
			all[bucket+"/"+name] = body
			if r, err := gzip.NewReader(bytes.NewReader(body)); err == nil {
				if all[bucket+"/"+name+" unpacked"], err = io.ReadAll(r); err != nil {
					return nil, err
				}
			}
		}
	}
	for _, stream := range a.fake.Firehose.Streams() {
		all["stream "+stream] = a.fake.Firehose.Buffered(stream)
	}
	for _, group := range a.fake.Logs.Groups() {
		for _, stream := range a.fake.Logs.Streams(group) {
			all["log "+group+" "+stream] = []byte(strings.Join(a.fake.Logs.Messages(group, stream), "\n"))
		}
	}
	return all, nil
}
