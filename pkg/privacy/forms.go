package privacy

import (
	"net/netip"

	"pixelctl/pkg/event"
)

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
