package cost

// What Athena charges for a statement: what it reads, rounded up to a megabyte,
// at least for ten.
const (
	// LeastScan is the fewest bytes that a statement is billed for.
	LeastScan = 10 * megabyte

	megabyte = 1 << 20
	gibi     = 1 << 30
	tebi     = 1 << 40
)

// Scan gives the dollars for one statement of Athena that reads so many bytes.
func (p Prices) Scan(read int64) float64 {
	rounded := max((read+megabyte-1)/megabyte*megabyte, LeastScan)
	return p.price("athena.scan").Of(float64(rounded) / tebi)
}
