package ui

// gap is the number of cells between two columns.
const gap = 2

// narrow is the least that a column of text may shrink to, in cells.
const narrow = 6

// wrapLeast is that of a column of sentences: most words fit.
const wrapLeast = 14

// extent is what a column needs, in cells.
type extent struct {
	head  int  // of the name
	body  int  // of the widest value
	whole bool // values must not be cut: numbers and times
	wrap  bool // values take more lines rather than being cut
}

func (e extent) natural() int { return max(e.head, e.body, 1) }

func (e extent) least() int {
	if e.whole {
		return max(e.body, min(e.head, narrow))
	}
	if e.wrap {
		return min(e.natural(), wrapLeast)
	}
	return min(e.natural(), narrow)
}

// layout shares total cells among columns: each gets what it needs, or all
// that need more get the same. It is false when the columns do not fit. Total
// 0 sets no limit.
func layout(cols []extent, total int) ([]int, bool) {
	widths := make([]int, len(cols))
	room := total - gap*(len(cols)-1)
	least, most := 0, 0
	for i, c := range cols {
		widths[i] = c.natural()
		least += c.least()
		most = max(most, c.natural())
	}
	if total <= 0 || sum(widths) <= room {
		return widths, true
	}
	if least > room {
		return nil, false
	}
	level := most
	for ; sum(widths) > room; level-- {
		for i, c := range cols {
			widths[i] = max(c.least(), min(c.natural(), level))
		}
	}
	for i, c := range cols { // what rounding left over
		if sum(widths) < room && widths[i] < c.natural() && widths[i] > level {
			widths[i]++
		}
	}
	return widths, true
}

func sum(n []int) int {
	total := 0
	for _, v := range n {
		total += v
	}
	return total
}
