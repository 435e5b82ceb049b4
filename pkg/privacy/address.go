package privacy

import "net/netip"

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
