package cost

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pixelctl/pkg/fault"
)

// The built-in lists pass the checks that a user's own has to pass, and no region
// is in two of them.
func TestPrices(t *testing.T) {
	t.Parallel()
	all, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for _, p := range all {
		if _, err := Read(p.List, p.Text); err != nil {
			t.Errorf("%s is refused as a list of a user's own: %v", p.List, err)
		}
		for _, name := range p.Regions {
			if seen[name] != "" {
				t.Errorf("%s is in %s and %s", name, seen[name], p.List)
			}
			seen[name] = p.List
		}
		for _, i := range p.Items {
			for _, tier := range i.Tiers {
				if tier.Source == "" || tier.Standing == Agreed {
					t.Errorf("%s %s: %+v", p.List, i.Item, tier)
				}
			}
		}
	}
	if len(seen) < 5 || len(Regions()) != len(seen) {
		t.Errorf("lists of %v", seen)
	}
}

// A star is for the region in which the price was not seen, and for nothing else.
func TestStarsByRegion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		region, item string
		amount       float64
		want         Standing
	}{
		{"us-east-1", "firehose.put", 1, Listed},
		{"us-east-2", "firehose.put", 1, Listed},
		{"us-west-2", "firehose.put", 1, Unverified},
		{"us-east-1", "firehose.convert", 1, Unverified},
		{"us-east-2", "firehose.convert", 1, Listed},
		{"us-east-2", "api.request", 300e6, Listed},
		{"us-east-2", "api.request", 300e6 + 1, Unverified},
		{"us-east-1", "api.request", 300e6 + 1, Listed},
		{"eu-west-2", "firehose.convert", 1, Listed},
		{"eu-west-1", "glue.crawler", 1, Unverified},
	} {
		p, err := InRegion(c.region)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.price(c.item).last(c.amount).Standing; got != c.want {
			t.Errorf("%g of %s in %s is %s, want %s", c.amount, c.item, c.region, got, c.want)
		}
	}
	below := Price{Per: 1, Tiers: []Tier{{Standing: Unverified}, {From: 5, Standing: Listed}}}
	if got := below.last(9).Standing; got != Unverified {
		t.Errorf("a price over one that is not verified is %s", got)
	}
}

// What a million hits a day cost in each group, by the sources of its list.
func TestRegions(t *testing.T) {
	t.Parallel()
	const hits = 30e6
	gib := hits * 5120. / gibi
	for region, want := range map[string]struct{ front, firehose, conversion, list string }{
		"us-west-2": {"30.00", "4.15", "2.57", "us.csv"},
		"eu-west-1": {"33.30", "4.43", "2.72", "eu-west-1.csv"},
		"eu-west-2": {"34.80", "5.01", "3.00", "eu-west-2.csv"},
	} {
		f, err := Make(t.Context(), nil, Options{Hits: hits, Region: region})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, l := range f.Lines {
			got[l.Item] = money(l.Dollars)
		}
		if got["api.request"] != want.front || got["firehose.put"] != want.firehose || got["firehose.convert"] != want.conversion {
			t.Errorf("%s: %v, want %+v (%.2f GiB)", region, got, want, gib)
		}
		if f.Region != region || f.List != want.list || f.Own || len(f.Dates) == 0 {
			t.Errorf("%s: region %s, list %s, own %t, %v", region, f.Region, f.List, f.Own, f.Dates)
		}
	}
	_, err := InRegion("eu-north-1")
	if hint := fault.HintOf(err); fault.KindOf(err) != fault.Usage || !strings.Contains(hint, "--prices us-east-1") || !strings.Contains(hint, "--prices prices.csv") {
		t.Errorf("a region without a list: %v, hint %q", err, hint)
	}
}

// ownList is a list that a user wrote from the built-in one: Athena for less, for a
// region without a list, as a spreadsheet saves it.
func ownList(t *testing.T) string {
	t.Helper()
	p, err := InRegion("us-east-1")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(p.Text, "regions,us-east-1 us-east-2 us-west-2", "regions,eu-north-1,,,,,,", 1)
	text = strings.Replace(text, "athena.scan,TiB,1,0,5.00,listed", "athena.scan,TiB,1,0,4.00,agreed", 1)
	for _, in := range []string{"us-east-2 us-west-2", "us-east-1 us-west-2", "us-west-2"} {
		text = strings.ReplaceAll(text, "unverified in "+in, "unverified")
	}
	return "\ufeff" + strings.ReplaceAll(text, "\n", "\r\n")
}

func TestOwnList(t *testing.T) {
	t.Parallel()
	p, err := Read("prices.csv", ownList(t))
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Scan(1 << 40); got != 4 {
		t.Errorf("a terabyte costs $%g, want $4", got)
	}
	f, err := Make(t.Context(), nil, Options{Hits: 30e6, Region: "ap-south-1", Prices: &p})
	if err != nil {
		t.Fatal(err)
	}
	if f.Region != "eu-north-1" || f.List != "prices.csv" || !f.Own {
		t.Errorf("region %s, list %s, own %t", f.Region, f.List, f.Own)
	}
	for _, l := range f.Lines {
		if l.Item == "athena.scan" && (l.Standing != Agreed || math.Abs(l.Dollars-l.Quantity*4) > 1e-12) {
			t.Errorf("questions: %+v", l)
		}
	}
}

// Each mistake of a list is told with its line, all at once.
func TestMistakes(t *testing.T) {
	t.Parallel()
	whole := ownList(t)
	change := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(whole) }
	const scan = "athena.scan,TiB,1,0,4.00,agreed,2026-11-30,"
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"empty":         {"", []string{"line 1: the lines regions and item,unit", "without api.request, "}},
		"no regions":    {change("regions,eu-north-1", "region,eu-north-1"), []string{"line 7: want the regions first"}},
		"region":        {change("regions,eu-north-1", "regions,Stockholm eu-north-1 eu-north-1"), []string{`line 7: "Stockholm" is no region`, "line 7: region eu-north-1 stands twice"}},
		"columns":       {change("item,unit,per", "item,per,unit"), []string{"line 8: want the columns item,unit,per"}},
		"unknown":       {change("athena.scan", "athena.scans"), []string{`line 23: "athena.scans" is no item; is it athena.scan?`, "without athena.scan"}},
		"missing":       {change("data.out,GiB,1,0,0,", "# ", "data.out,GiB,1,100", "# "), []string{"line 26: the list ends without data.out"}},
		"twice":         {whole + scan + "again\r\n", []string{`line 27: "athena.scan" has a price from 0 on already, on line 23`}},
		"order":         {whole + "data.out,GiB,1,50,0.05,listed,2026-11-30,x\r\n", []string{"line 27: ", "want them in order"}},
		"first tier":    {change("athena.scan,TiB,1,0", "athena.scan,TiB,1,7"), []string{`line 23: the first price of "athena.scan" is from 7 on`}},
		"tier's unit":   {change("api.request,request,1000000,300000000", "api.request,request,1000,300000000"), []string{"line 10: ", "on line 9"}},
		"unit":          {change("athena.scan,TiB", "athena.scan,GiB"), []string{`line 23: athena.scan is priced by "GiB", want "TiB"`}},
		"negative":      {change("TiB,1,0,4.00", "TiB,1,0,-4.00"), []string{`line 23: price "-4.00" is no number`}},
		"text":          {change("TiB,1,0,4.00", "TiB,1,0,$4"), []string{`line 23: price "$4"`}},
		"NaN":           {change("TiB,1,0,4.00", "TiB,1,0,NaN"), []string{`line 23: price "NaN"`}},
		"infinite":      {change("TiB,1,0,4.00", "TiB,1,0,1e999"), []string{`line 23: price "1e999"`}},
		"per nothing":   {change("TiB,1,0,4.00", "TiB,0,0,4.00"), []string{"line 23: per is 0"}},
		"too dear":      {change("api.request,request,1000000,0,", "api.request,request,1,0,", "api.request,request,1000000,3", "api.request,request,1,3"), []string{"line 9: api.request: 1 dollars for 1 request"}},
		"too cheap":     {change("TiB,1,0,4.00", "TiB,1000000,0,4.00"), []string{"line 23: athena.scan: 4 dollars for 1e+06 TiB"}},
		"standing":      {change("4.00,agreed", "4.00,sure"), []string{`line 23: standing "sure" is none of`}},
		"doubted":       {change("4.00,agreed", "4.00,unverified in us-east-1"), []string{`line 23: unverified in "us-east-1": the list is not for that region`}},
		"date":          {change("4.00,agreed,2026-11-30", "4.00,agreed,2026-02-30"), []string{`line 23: date "2026-02-30" is no day`}},
		"fields":        {change("4.00,agreed,2026-11-30,", "4.00,agreed,2026-11-30,,,"), []string{"line 23: it has 10 fields"}},
		"no source":     {whole + scan + "\r\n", []string{"line 27: it has 7 fields"}},
		"long source":   {change("athena.guide", strings.Repeat("x", 300)), []string{"line 23: the source is longer than 250 bytes"}},
		"quote":         {change("athena.scan,TiB", "athena\"scan,TiB"), []string{"line 23: bare"}},
		"hostile":       {change("4.00,agreed", "4.00,\x1b[31m"), []string{`line 23: standing "\x1b[31m"`}},
		"two at once":   {change("TiB,1,0,4.00", "TiB,1,0,x", "DPU-hour,1,0,0.44", "DPU-hour,1,0,y"), []string{`line 22: price "y"`, `line 23: price "x"`}},
		"one too large": {whole + strings.Repeat("#", MaxList), []string{"longer than 65536 bytes"}},
		"many":          {"regions,eu-north-1\n" + columnsText + "\n" + strings.Repeat("x\n", 100), []string{"line 3: it has 1 fields", "and 81 more"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Read("prices.csv", c.text)
			if fault.KindOf(err) != fault.Usage || fault.HintOf(err) == "" {
				t.Fatalf("%v", err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("want %q in:\n%v", want, err)
				}
			}
		})
	}
}

// A list that costs nothing is a list: a contract may give an item away.
func TestNothingIsAPrice(t *testing.T) {
	t.Parallel()
	text := strings.Replace(ownList(t), "TiB,1,0,4.00", "TiB,1,0,0", 1)
	p, err := Read("prices.csv", text)
	if err != nil || p.Scan(1<<40) != 0 {
		t.Errorf("$%g, %v", p.Scan(1<<40), err)
	}
}

func FuzzRead(f *testing.F) {
	all, err := builtIn()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(all[0].Text)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Read("prices.csv", text)
		if err != nil {
			if fault.KindOf(err) != fault.Usage {
				t.Errorf("%v", err)
			}
			return
		}
		if d := p.Scan(1 << 40); math.IsNaN(d) || d < 0 {
			t.Errorf("a terabyte costs $%g", d)
		}
		if _, err := Make(t.Context(), nil, Options{Hits: 1e6, Prices: &p}); err != nil {
			t.Errorf("a list that was read is of no use: %v", err)
		}
	})
}

func money(v float64) string { return fmt.Sprintf("%.2f", v) }
