package privacy

// Keys gives the keys of a stack's secret. Both answer ok = false when the
// secret cannot be had; what needs them is then left out.
type Keys interface {
	// Day returns the key of one day, counted from 1970-01-01 UTC.
	Day(day int64) (key [32]byte, ok bool)
	// Cookie returns the key that signs the network cookie.
	Cookie() (key [32]byte, ok bool)
}
