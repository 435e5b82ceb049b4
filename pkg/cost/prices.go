// Package cost forecasts what a stack costs on AWS in a month: traffic that was
// measured or given, times a dated price table. Each figure says where it is from.
package cost

import (
	"bytes"
	"embed"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"pixelctl/pkg/fault"
)

// Standing is how well a price is known.
type Standing string

// The standings.
const (
	Listed     Standing = "listed"
	Unverified Standing = "unverified"
)

// Tier is the price of an amount from From on.
type Tier struct {
	From  float64 `json:"from"`
	Price float64 `json:"price"` // dollars for Per units
}

// Price is what one item costs.
type Price struct {
	Item     string   `json:"item"`
	Unit     string   `json:"unit"`
	Per      float64  `json:"per"`
	Tiers    []Tier   `json:"tiers"`
	Standing Standing `json:"standing"`
	Date     string   `json:"date"` // when it was looked up
	Source   string   `json:"source"`
}

// Of gives the dollars for an amount in a month.
func (p Price) Of(amount float64) float64 {
	var dollars float64
	for i, t := range p.Tiers {
		end := math.Inf(1)
		if i+1 < len(p.Tiers) {
			end = p.Tiers[i+1].From
		}
		dollars += max(min(amount, end)-t.From, 0) / p.Per * t.Price
	}
	return dollars
}

// Prices are the list of one group of regions.
type Prices struct {
	Group string
	items map[string]Price
	free  map[string]float64
}

//go:embed prices/*.csv
var files embed.FS

const freeTier = "free-tier"

// Groups names the regions that have a list.
func Groups() []string {
	var names []string
	entries, _ := files.ReadDir("prices") // it is part of the binary
	for _, e := range entries {
		if name := strings.TrimSuffix(e.Name(), ".csv"); name != freeTier {
			names = append(names, name)
		}
	}
	return names
}

// load reads the list of a region. One without a list is refused: other
// regions' prices differ.
func load(region string) (Prices, error) {
	if !slices.Contains(Groups(), region) {
		return Prices{}, fault.New(fault.Usage, "find prices of region %q: there is no list of them", region).
			WithHint("pixelctl cost --prices %s takes that region's instead", strings.Join(Groups(), ", or "))
	}
	p := Prices{Group: region, items: map[string]Price{}, free: map[string]float64{}}
	if err := each(region, func(row []string) error { return p.add(row) }); err != nil {
		return Prices{}, err
	}
	err := each(freeTier, func(row []string) (err error) {
		p.free[row[0]], err = strconv.ParseFloat(row[2], 64)
		return err
	})
	return p, err
}

// each reads the rows of a file but for its head.
func each(name string, row func([]string) error) error {
	text, err := files.ReadFile("prices/" + name + ".csv")
	if err != nil {
		return fmt.Errorf("read prices: %w", err)
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comment = '#'
	if _, err := r.Read(); err != nil {
		return fmt.Errorf("read prices %s: %w", name, err)
	}
	for {
		fields, err := r.Read()
		if err == io.EOF { //nolint:errorlint // csv documents io.EOF itself
			return nil
		}
		if err == nil {
			err = row(fields)
		}
		if err != nil {
			return fmt.Errorf("read prices %s: %w", name, err)
		}
	}
}

// add takes one row: item, unit, per, from, price, standing, date, source.
func (p Prices) add(row []string) error {
	var numbers [3]float64
	for i := range numbers {
		n, err := strconv.ParseFloat(row[2+i], 64)
		if err != nil {
			return err
		}
		numbers[i] = n
	}
	item, known := p.items[row[0]]
	if !known {
		item = Price{Item: row[0], Unit: row[1], Per: numbers[0], Standing: Standing(row[5]), Date: row[6], Source: row[7]}
	}
	item.Tiers = append(item.Tiers, Tier{From: numbers[1], Price: numbers[2]})
	p.items[row[0]] = item
	return nil
}
