package awsfake

import (
	"context"
	"net"
	"net/http"
	"slices"
	"strings"

	"pixelctl/pkg/awsfake/compute"
)

// Client gives an HTTP client whose connections to APIs, with https and their
// names, lead to the fake, as do those to the fake's own address. Any other
// host, and an API that does not exist, is a name that is not found. It speaks
// plain HTTP inside: there is no certificate to trust.
func (f *Fake) Client() *http.Client {
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		id, isAPI := compute.IDOf(host)
		if isAPI && slices.Contains(f.Gateway.APIs(), id) && strings.HasSuffix(host, "."+Region+".amazonaws.com") || address == f.address {
			var d net.Dialer
			return d.DialContext(ctx, network, f.address)
		}
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	transport := &http.Transport{DialContext: dial, DialTLSContext: dial}
	f.onClose(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}
