package cost

import (
	"fmt"
	"strings"

	"pixelctl/pkg/fault"
)

// compare finds items that the model does not know or misses, and prices that
// can only be a slip. The built-in lists have the items, their units and what is
// usual.
func (p Prices) compare(lists []Prices) []mistake {
	var wrong []mistake
	names := make([]string, 0, len(lists[0].Items))
	var missing []string
	for _, want := range lists[0].Items {
		names = append(names, want.Item)
		if p.lineOf(want.Item) == 0 {
			missing = append(missing, want.Item)
		}
	}
	for _, item := range p.Items {
		fail := func(format string, args ...any) {
			wrong = append(wrong, mistake{p.lineOf(item.Item), fmt.Sprintf(format, args...)})
		}
		want := lists[0].price(item.Item)
		switch {
		case len(want.Tiers) == 0:
			fail("%q is no item%s", item.Item, meant(fault.Nearest(item.Item, names)))
		case want.Unit != item.Unit:
			fail("%s is priced by %q, want %q", item.Item, item.Unit, want.Unit)
		default:
			if slip := item.slip(dearest(lists, item.Item)); slip != "" {
				fail("%s", slip)
			}
		}
	}
	if len(missing) > 0 {
		end := strings.Count(strings.TrimRight(p.Text, "\n"), "\n") + 1
		wrong = append(wrong, mistake{end, "the list ends without " + strings.Join(missing, ", ")})
	}
	return wrong
}

func meant(name string) string {
	if name == "" {
		return ""
	}
	return "; is it " + name + "?"
}

// lineOf finds the first line of an item; 0 is none.
func (p Prices) lineOf(item string) int {
	for i, line := range strings.Split(p.Text, "\n") {
		first, _, _ := strings.Cut(strings.TrimPrefix(line, "\ufeff"), ",")
		if strings.Trim(first, " \"") == item {
			return i + 1
		}
	}
	return 0
}

// dearest is the highest price of one unit in the lists.
func dearest(lists []Prices, item string) float64 {
	var most float64
	for _, l := range lists {
		p := l.price(item)
		for _, t := range p.Tiers {
			most = max(most, t.Price/p.Per)
		}
	}
	return most
}

// slip tells of a price that no region and no contract has; nothing is cheap.
func (p Price) slip(usual float64) string {
	for _, t := range p.Tiers {
		one := t.Price / p.Per
		if one > usual*tooDear || one > 0 && one < usual*tooCheap {
			return fmt.Sprintf("%s: %g dollars for %g %s are %.3g times what is usual; look at price and per", p.Item, t.Price, p.Per, p.Unit, one/usual)
		}
	}
	return ""
}
