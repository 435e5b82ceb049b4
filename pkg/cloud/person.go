package cloud

import (
	"slices"
	"strings"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/reject"
	"pixelctl/pkg/spec"
)

// person is whom a subject means, as values of one column.
type person struct {
	column string
	values []string
	w      window
}

func personOf(s pipeline.Subject) (person, error) {
	p := person{column: s.Column, w: window{s.Window.Whole()}}
	if err := s.Validate(); err != nil {
		return p, err
	}
	var err error
	if p.values, err = privacy.Forms(s.Column, s.Value); err != nil {
		return p, fault.New(fault.Usage, "find person: %w", err)
	}
	return p, nil
}

// rows are the conditions for a row to be about the person.
func (p person) rows() []string { return append(p.w.Bounds(), personIn(p.column, p.values)...) }

func personIn(column string, values []string) []string {
	return []string{name(column) + " IN " + literals(values)}
}

// inLine tells whether an error line holds a record of the person.
func (p person) inLine(line []byte) bool {
	if !p.w.IsZero() {
		if at, err := reject.Arrival(line); err != nil || !p.w.Contains(at) {
			return false
		}
	}
	return reject.ErrorLineNames(line, p.column, p.values)
}

// blanks gives what stands, without the person, in each column of a table that
// tells about one. Of an own column that the spec does not know nobody can say
// that it does not.
func blanks(s spec.Spec, table []lake.CatalogColumn) map[string]string {
	var judged spec.Spec
	for _, f := range schemaOf(table).Fields() {
		own := spec.Field{Name: f.Name, Type: f.Type, Personal: true}
		if i := slices.IndexFunc(s.Fields, func(o spec.Field) bool { return o.Name == f.Name }); i >= 0 {
			own.Personal = s.Fields[i].Personal
		}
		judged.Fields = append(judged.Fields, own)
	}
	all := map[string]string{}
	for _, c := range privacy.PersonalColumns(judged) {
		all[c.Column] = c.SQL
	}
	return all
}

// historyDays is how long Athena keeps the text of statements (Athena quotas).
const historyDays = "45 days"

// notes say what is not found, and why. They name nobody.
func (p person) notes(d *deployed) []string {
	list := []string{
		"other columns, such as params and page_url, also of other rows, may hold the value: they are not looked at",
		reject.Searched(p.column),
	}
	if p.column == "ip" && len(p.values) > 1 {
		many := "a network of up to 256 addresses"
		if strings.Contains(p.values[1], ":") {
			many = "a /48, the network of a whole site"
		}
		list = append(list, "where only the network of an address was stored, it stands for "+many+": rows of others match, too")
	}
	switch p.column {
	case "ip", "user_id":
		list = append(list, "hashed values are not found: the key of their day is the function's alone, and goes with the day")
	case "visitor_id":
		list = append(list, "an id that pixelctl makes (visitor: daily) is another one each day")
	}
	if !d.kept {
		list = append(list, "records that wait in the delivery stream's buffer cannot be seen")
	}
	if text := d.refused(); text != "" {
		list = append(list, text)
	}
	return append(list, "Athena keeps the text of its statements, which hold the value, for "+historyDays)
}
