package local

import (
	"io"
	"net/http"
	"testing"

	"pixelctl/pkg/local/disk"
)

// BenchmarkServe is a hit from the client's socket to its answer, recorded on
// disk before it; 32 clients keep a connection each. Client and server share
// the processors.
func BenchmarkServe(b *testing.B) {
	s := serveHost(b, disk.OS{}, Convert{})
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	b.ReportAllocs()
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			resp, err := client.Get(s.endpoint + "/p.gif?site=shop&uid=u-4711&utm_campaign=spring")
			if err != nil {
				b.Error(err)
				return
			}
			if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.Header.Get("X-Pixel-Status") != "recorded" {
				b.Errorf("status %q, %v", resp.Header.Get("X-Pixel-Status"), err)
			}
			if err := resp.Body.Close(); err != nil {
				b.Error(err)
			}
		}
	})
}
