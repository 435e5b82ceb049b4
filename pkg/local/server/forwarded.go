package server

import (
	"net/netip"
	"slices"
	"strings"
)

// forwarded gives entry number hops of X-Forwarded-For, counted from the right
// over all header lines. It is false when there are fewer entries or the entry
// is no address: then the request did not come through our proxies.
func forwarded(lines []string, hops int) (netip.Addr, bool) {
	for _, rest := range slices.Backward(lines) {
		for rest != "" {
			cut := strings.LastIndexByte(rest, ',')
			entry := rest[cut+1:]
			if hops--; hops == 0 {
				return parseForwarded(strings.TrimSpace(entry))
			}
			rest = rest[:max(cut, 0)]
		}
	}
	return netip.Addr{}, false
}

// parseForwarded takes an address with or without a port.
func parseForwarded(s string) (netip.Addr, bool) {
	if a, err := netip.ParseAddr(strings.Trim(s, "[]")); err == nil {
		return a, true
	}
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr(), true
	}
	return netip.Addr{}, false
}
