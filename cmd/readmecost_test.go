package cmd

import (
	"flag"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"pixelctl/pkg/cost"
	"pixelctl/pkg/ui"
)

var update = flag.Bool("update", false, "write the README's figures anew")

// TestReadmeCost wants the figures of the README's chapter on cost to be those of
// the model.
func TestReadmeCost(t *testing.T) {
	t.Parallel()
	f, err := cost.Make(t.Context(), nil, cost.Options{Hits: 30e6, Compare: true})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n| part | quantity | is | price | $ a month | share |\n|---|---|---|---|---|---|\n")
	for _, l := range f.Lines {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %.2f | %.0f %% |\n",
			l.Part, ui.CostQuantity(l.Quantity, l.Unit), l.Basis, ui.CostPrice(l), l.Dollars, l.Share*100)
	}
	fmt.Fprintf(&b, "| all | | | | **%.2f** | |\n\n| one change at a time | $ a month | |\n|---|---|---|\n", f.Total)
	for _, c := range f.Compare {
		note := c.Note
		if c.Now {
			note = "as it is"
		}
		fmt.Fprintf(&b, "| %s | %.2f | %s |\n", c.What, math.Abs(c.Total), note)
	}
	b.WriteString("\n")
	const path, begin, end = "../README.md", "-update -->\n", "<!-- end of cost -->"
	before, rest, ok := strings.Cut(readText(t, path), begin)
	got, after, ended := strings.Cut(rest, end)
	if !ok || !ended {
		t.Fatal("the README has no place for these figures")
	}
	if *update {
		if err := os.WriteFile(path, []byte(before+begin+b.String()+end+after), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != b.String() {
		t.Errorf("the README's figures are not the model's; want\n%s", b.String())
	}
}
