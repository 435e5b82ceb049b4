package cost

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"pixelctl/pkg/fault"
)

// MaxList is how long a price list may be, in bytes.
const MaxList = 64 << 10

// Bounds of a list: a price that is this many times the dearest of the built-in
// lists, or such a part of it, has a slip in price or per.
const (
	tooDear     = 100
	tooCheap    = 1. / 1000
	maxShown    = 20 // mistakes
	maxSource   = 250
	firstYear   = 2006 // S3's
	columnsText = "item,unit,per,from,price,standing,date,source"
)

// Read takes a list of a user's own, in the form of the built-in ones. It is
// checked whole, and each mistake is told with its line.
func Read(name, text string) (Prices, error) {
	if len(text) > MaxList {
		return Prices{}, fault.New(fault.Usage, "read prices %s: it is longer than %d bytes", name, MaxList).WithHint(listHint)
	}
	p, wrong := parse(name, text)
	all, err := builtIn()
	if err != nil {
		return p, err
	}
	wrong = append(wrong, p.compare(all)...)
	if len(wrong) == 0 {
		p.own = true
		return p.in(""), nil
	}
	slices.SortStableFunc(wrong, func(a, b mistake) int { return a.line - b.line })
	shown := make([]string, 0, len(wrong))
	for _, m := range wrong[:min(len(wrong), maxShown)] {
		shown = append(shown, m.String())
	}
	if more := len(wrong) - len(shown); more > 0 {
		shown = append(shown, fmt.Sprintf("and %d more", more))
	}
	return Prices{}, fault.New(fault.Usage, "read prices %s:\n%s", name, strings.Join(shown, "\n")).WithHint(listHint)
}

const listHint = "pixelctl cost prices us-east-1 > prices.csv writes a list that is right"

// mistake is one in a list.
type mistake struct {
	line int
	text string
}

func (m mistake) String() string { return "line " + strconv.Itoa(m.line) + ": " + m.text }

// reading is a list that is being read.
type reading struct {
	p     Prices
	at    map[string]int // place of an item in the list
	lines map[string]int // first line of an item
	wrong []mistake
	line  int
}

func (r *reading) fail(format string, args ...any) {
	r.wrong = append(r.wrong, mistake{r.line, fmt.Sprintf(format, args...)})
}

// parse reads the line of the regions, the head and the rows.
func parse(name, text string) (Prices, []mistake) {
	r := &reading{p: Prices{List: name, Text: text}, at: map[string]int{}, lines: map[string]int{}}
	in := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	in.Comment, in.FieldsPerRecord = '#', -1
	seen := 0
	for {
		row, err := in.Read()
		if err == io.EOF {
			break
		}
		if wrong := new(csv.ParseError); errors.As(err, &wrong) {
			r.line = wrong.Line
			r.fail("%s", wrong.Err)
			return r.p, r.wrong // the rest is in doubt
		}
		r.line, _ = in.FieldPos(0)
		r.record(seen, trimmed(row))
		seen++
	}
	r.line++
	if seen < 2 {
		r.fail("the lines regions and %s are missing", columnsText)
	}
	return r.p, r.wrong
}

// trimmed leaves out the empty fields that a spreadsheet adds to short rows.
func trimmed(row []string) []string {
	for i := range row {
		row[i] = strings.TrimSpace(row[i])
	}
	for len(row) > 0 && row[len(row)-1] == "" {
		row = row[:len(row)-1]
	}
	return row
}

func (r *reading) record(n int, row []string) {
	switch {
	case n == 0:
		r.regions(row)
	case n == 1:
		if strings.Join(row, ",") != columnsText {
			r.fail("want the columns %s", columnsText)
		}
	case len(row) == 0:
	case len(row) != strings.Count(columnsText, ",")+1:
		r.fail("it has %d fields, want %s", len(row), columnsText)
	default:
		r.row(row)
	}
}

var regionName = regexp.MustCompile(`^[a-z]{2}(-[a-z]+){1,3}-\d{1,2}$`)

// IsRegion says whether a name has the form of a region's.
func IsRegion(name string) bool { return regionName.MatchString(name) }

func (r *reading) regions(row []string) {
	if len(row) != 2 || row[0] != "regions" {
		r.fail("want the regions first, such as regions,us-east-1 us-east-2")
		return
	}
	for name := range strings.FieldsSeq(row[1]) {
		switch {
		case !IsRegion(name):
			r.fail("%q is no region", name)
		case slices.Contains(r.p.Regions, name):
			r.fail("region %s stands twice", name)
		default:
			r.p.Regions = append(r.p.Regions, name)
		}
	}
}

// row takes one row: item, unit, per, from, price, standing, date, source.
func (r *reading) row(row []string) {
	before := len(r.wrong)
	per, from, price := r.number("per", row[2]), r.number("from", row[3]), r.number("price", row[4])
	t := Tier{From: from, Price: price, Date: row[6], Source: row[7]}
	t.Standing, t.doubted = r.standing(row[5])
	if day, err := time.Parse(time.DateOnly, t.Date); err != nil || day.Year() < firstYear || day.Year() > 2100 {
		r.fail("date %q is no day such as 2026-11-30", t.Date)
	}
	if len(t.Source) > maxSource || !utf8.ValidString(t.Source) || strings.ContainsFunc(t.Source, func(c rune) bool { return c < ' ' }) {
		r.fail("the source is longer than %d bytes, or not text on one line", maxSource)
	}
	if per == 0 {
		r.fail("per is 0: want how many units the price is for")
	}
	if len(r.wrong) == before {
		r.tier(Price{Item: row[0], Unit: row[1], Per: per}, t)
	}
}

// tier adds a price to its item.
func (r *reading) tier(item Price, t Tier) {
	i, known := r.at[item.Item]
	if !known {
		if t.From != 0 {
			r.fail("the first price of %q is from %g on, want 0", item.Item, t.From)
		}
		r.at[item.Item], r.lines[item.Item] = len(r.p.Items), r.line
		item.Tiers = []Tier{t}
		r.p.Items = append(r.p.Items, item)
		return
	}
	p := &r.p.Items[i]
	switch last := p.Tiers[len(p.Tiers)-1]; {
	case p.Unit != item.Unit || p.Per != item.Per:
		r.fail("%q has the unit %g %s here and %g %s on line %d", item.Item, item.Per, item.Unit, p.Per, p.Unit, r.lines[item.Item])
	case slices.ContainsFunc(p.Tiers, func(o Tier) bool { return o.From == t.From }):
		r.fail("%q has a price from %g on already, on line %d or below it", item.Item, t.From, r.lines[item.Item])
	case t.From < last.From:
		r.fail("%q has a price from %g on after one from %g on: want them in order", item.Item, t.From, last.From)
	default:
		p.Tiers = append(p.Tiers, t)
	}
}

func (r *reading) number(column, text string) float64 {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(v) || v < 0 || v > MaxHits*1000 {
		r.fail("%s %q is no number from 0 to %g", column, text, float64(MaxHits*1000))
		return 1
	}
	return v
}

// standing is listed, unverified or agreed, or unverified in some of the regions.
func (r *reading) standing(text string) (Standing, []string) {
	if in, ok := strings.CutPrefix(text, string(Unverified)+" in "); ok {
		regions := strings.Fields(in)
		for _, name := range regions {
			if !slices.Contains(r.p.Regions, name) {
				r.fail("unverified in %q: the list is not for that region", name)
			}
		}
		return Listed, regions
	}
	s := Standing(text)
	if s != Listed && s != Unverified && s != Agreed {
		r.fail("standing %q is none of listed, unverified, unverified in REGION, agreed", text)
	}
	return s, nil
}
