package privacy

import (
	"fmt"
	"net/netip"
)

// Bits of an address that ip: truncate keeps.
const (
	keep4 = 24
	keep6 = 48
)

// network cuts an address to /24 or /48. An IPv4 address that is written as an
// IPv6 one is cut as IPv4. The zero address stays.
func network(a netip.Addr) netip.Addr {
	a = a.Unmap()
	bits := keep6
	if a.Is4() {
		bits = keep4
	}
	p, err := a.Prefix(bits)
	if err != nil { // only for the zero address
		return netip.Addr{}
	}
	return p.Addr()
}

// Forms returns what column ip can hold for an address: the whole one, as
// ip: full writes it, then its network, as ip: truncate does. The network
// stands for all its addresses: up to 256 of IPv4, and a whole site of IPv6.
// What ip: hash wrote cannot be found: the key of its day is gone.
func Forms(address string) ([]string, error) {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return nil, fmt.Errorf("%q is no IP address", address)
	}
	whole := a.Unmap().WithZone("").String()
	cut := network(a).String()
	if whole == cut {
		return []string{whole}, nil
	}
	return []string{whole, cut}, nil
}
