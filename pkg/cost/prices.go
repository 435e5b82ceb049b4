// Package cost forecasts what a stack costs on AWS in a month: traffic that was
// measured or given, times a dated price list. Each figure says where it is from.
package cost

import (
	"bytes"
	"embed"
	"encoding/csv"
	"fmt"
	"math"
	"path"
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
	Agreed     Standing = "agreed" // between AWS and the account
)

// Tier is the price of an amount from From on.
type Tier struct {
	From     float64  `json:"from"`
	Price    float64  `json:"price"` // dollars for Per units
	Standing Standing `json:"standing"`
	Date     string   `json:"date"` // when it was looked up
	Source   string   `json:"source"`

	doubted []string // regions of the list in which it is not verified
}

// Price is what one item costs.
type Price struct {
	Item  string  `json:"item"`
	Unit  string  `json:"unit"`
	Per   float64 `json:"per"`
	Tiers []Tier  `json:"tiers"`
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

// last is the tier that an amount ends in. It is not verified when one below it
// is not: all of them make the price.
func (p Price) last(amount float64) Tier {
	var last Tier
	for _, t := range p.Tiers {
		if t.From >= amount {
			break
		}
		if last.Standing == Unverified {
			t.Standing = Unverified
		}
		last = t
	}
	return last
}

// Prices are a list: that of a group of regions, or one of a user's own.
type Prices struct {
	List    string   `json:"list"`    // name of its file
	Regions []string `json:"regions"` // that it is for
	Items   []Price  `json:"prices"`
	Text    string   `json:"-"` // the file as it is

	region string // whose prices count
	own    bool   // not built in
}

//go:embed prices/*.csv
var lists embed.FS

//go:embed free/tier.csv
var freeTier []byte

// builtIn reads the lists of the binary.
func builtIn() ([]Prices, error) {
	files, err := lists.ReadDir("prices")
	if err != nil {
		return nil, fmt.Errorf("read prices: %w", err)
	}
	all := make([]Prices, 0, len(files))
	for _, f := range files {
		text, err := lists.ReadFile(path.Join("prices", f.Name()))
		if err != nil {
			return nil, fmt.Errorf("read prices: %w", err)
		}
		p, wrong := parse(f.Name(), string(text))
		if len(wrong) > 0 {
			return nil, fmt.Errorf("read prices %s: %s", f.Name(), wrong[0])
		}
		all = append(all, p)
	}
	return all, nil
}

// Regions names those that have a list.
func Regions() []string {
	all, _ := builtIn() // TestPrices reads them
	var names []string
	for _, p := range all {
		names = append(names, p.Regions...)
	}
	slices.Sort(names)
	return names
}

// InRegion gives the list of a region. One without a list is refused: other
// regions' prices differ.
func InRegion(region string) (Prices, error) {
	all, err := builtIn()
	if err != nil {
		return Prices{}, err
	}
	for _, p := range all {
		if slices.Contains(p.Regions, region) {
			return p.in(region), nil
		}
	}
	return Prices{}, fault.New(fault.Usage, "find prices of region %q: there is no list of them, only of %s", region, strings.Join(Regions(), ", ")).
		WithHint("pixelctl cost --prices us-east-1 takes that region's; for your own list: " +
			"pixelctl cost prices us-east-1 > prices.csv, then --prices prices.csv")
}

// in gives the list as it stands for one of its regions, and as for all of them
// when the region is none.
func (p Prices) in(region string) Prices {
	p.region = region
	p.Items = slices.Clone(p.Items)
	for i, item := range p.Items {
		tiers := slices.Clone(item.Tiers)
		for j, t := range tiers {
			if slices.Contains(t.doubted, region) || len(t.doubted) > 0 && !slices.Contains(p.Regions, region) {
				tiers[j].Standing = Unverified
			}
		}
		p.Items[i].Tiers = tiers
	}
	return p
}

// Region is whose prices count: the one asked for, or all that the list is for.
func (p Prices) Region() string {
	if p.own || p.region == "" {
		return strings.Join(p.Regions, " ")
	}
	return p.region
}

// price finds an item; a list that was read whole has them all.
func (p Prices) price(item string) Price {
	for _, i := range p.Items {
		if i.Item == item {
			return i
		}
	}
	return Price{Item: item, Per: 1}
}

func (p Prices) dates() []string {
	var all []string
	for _, i := range p.Items {
		for _, t := range i.Tiers {
			all = append(all, t.Date)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// freeAmounts reads what accounts have free.
func freeAmounts() (map[string]float64, error) {
	r := csv.NewReader(bytes.NewReader(freeTier))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read free tier: %w", err)
	}
	free := map[string]float64{}
	for _, row := range rows[1:] {
		if free[row[0]], err = strconv.ParseFloat(row[2], 64); err != nil {
			return nil, fmt.Errorf("read free tier: %w", err)
		}
	}
	return free, nil
}
