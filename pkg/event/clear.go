package event

// Clear makes the column absent in r; a column that is always written becomes
// its zero value. Columns of a spec are entries of r.Fields and stay.
func (c *Column) Clear(r *Record) {
	if c.at == nil {
		return
	}
	switch v := c.at(r).(type) {
	case *string:
		*v = ""
	case *[]Param:
		*v = nil
	case *Millis:
		*v = 0
	case *bool:
		*v = false
	case *int32:
		*v = 0
	case *Opt[bool]:
		*v = Opt[bool]{}
	case *Opt[int32]:
		*v = Opt[int32]{}
	case *Opt[float64]:
		*v = Opt[float64]{}
	}
}

// Text returns where r holds the column's text; nil for a column that is no
// string, or one of a spec.
func (c *Column) Text(r *Record) *string {
	if c.at == nil {
		return nil
	}
	s, _ := c.at(r).(*string)
	return s
}
