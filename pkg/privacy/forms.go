package privacy

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"

	"pixelctl/pkg/event"
)

// Forms returns what a column can hold for a value that a person names.
//
// An address is there whole, as ip: full writes it, or as its network, as
// ip: truncate does. The network stands for all its addresses: up to 256 of
// IPv4, and a whole site of IPv6. A browser shows its network cookie as it was
// sent, with the signature: the column holds the number in it.
func Forms(column, value string) ([]string, error) {
	switch column {
	case "ip":
		return addresses(value)
	case "network_id":
		return networks(value), nil
	}
	return []string{value}, nil
}

func addresses(value string) ([]string, error) {
	a, err := netip.ParseAddr(value)
	if err != nil {
		return nil, fmt.Errorf("%q is no IP address", value)
	}
	whole := a.Unmap().WithZone("").String()
	cut := network(a).String()
	if whole == cut {
		return []string{whole}, nil
	}
	return []string{whole, cut}, nil
}

// networks does not ask whether the signature is right: whoever erases has no
// key, and a number that nobody has finds nothing.
func networks(value string) []string {
	data, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(value, CookieName+"="))
	if err != nil || len(data) != 2*hashBytes {
		return []string{value}
	}
	return []string{value, hex.EncodeToString(data[:hashBytes])}
}

// Form returns what user: hash or ip: hash wrote for a value on the day of the
// ring, the last one whose key is there; "" for other columns and for what is
// no address. Hashes of days before cannot be made again.
func (r *Ring) Form(column, value string) string {
	r.mu.Lock()
	day := r.day
	r.mu.Unlock()
	h := hashing{time: event.Millis(day * dayMillis), keys: r}
	switch column {
	case "user_id":
		return h.user(value)
	case "ip":
		if a, err := netip.ParseAddr(value); err == nil {
			h.peer = a.Unmap().WithZone("")
			return h.address()
		}
	}
	return ""
}
