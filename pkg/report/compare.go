package report

import "strings"

// compare puts the numbers of the parts before beside those of now: rows with
// labels by these, others by their place.
func compare(now, before []Part) {
	for i := range now {
		for _, past := range before {
			if past.Name == now[i].Name {
				now[i].compare(past)
			}
		}
	}
}

func (p *Part) compare(past Part) {
	index := map[string]*Row{}
	for i := range past.Rows {
		index[strings.Join(past.Rows[i].Label, "\x00")] = &past.Rows[i]
	}
	for i := range p.Rows {
		var was *Row
		switch {
		case len(p.Labels) > 0:
			was = index[strings.Join(p.Rows[i].Label, "\x00")]
		case i < len(past.Rows):
			was = &past.Rows[i]
		}
		for j := range p.Rows[i].Values {
			p.Rows[i].Values[j].Before = p.was(was, past, j)
		}
	}
}

// was is the number before. A row that is not among all of them counted zero.
func (p *Part) was(row *Row, past Part, measure int) *float64 {
	switch {
	case row != nil:
		return row.Values[measure].N
	case len(p.Labels) > 0 && past.More == 0 && p.Measures[measure].Kind == Count:
		return new(float64)
	}
	return nil
}
