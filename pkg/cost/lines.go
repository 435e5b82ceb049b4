package cost

import (
	"cmp"
	"slices"
)

// Line is what one part of the stack costs in a month.
type Line struct {
	Part     string   `json:"part"`
	Item     string   `json:"item"` // of the price list
	Quantity float64  `json:"quantity"`
	Unit     string   `json:"unit"`
	Basis    Basis    `json:"basis"` // of the quantity
	Per      float64  `json:"per"`
	Price    float64  `json:"price"` // of the tier that the quantity ends in
	Standing Standing `json:"standing"`
	Date     string   `json:"date"` // when the price was looked up
	Source   string   `json:"source"`
	Dollars  float64  `json:"dollars"`
	Share    float64  `json:"share"`
}

// bill collects lines at one list.
type bill struct {
	prices Prices
	free   map[string]float64
	lines  []Line
}

// add prices a quantity; its basis is the weakest of what it was made of.
func (b *bill) add(part, item string, quantity float64, of ...Figure) {
	if quantity == 0 {
		return
	}
	p := b.prices.price(item)
	tier := p.last(quantity)
	l := Line{
		Part: part, Item: item, Quantity: quantity, Unit: p.Unit, Basis: weakest(of), Per: p.Per,
		Price: tier.Price, Standing: tier.Standing, Date: tier.Date, Source: tier.Source,
		Dollars: p.Of(max(quantity-b.free[item], 0)),
	}
	b.lines = append(b.lines, l)
}

func weakest(of []Figure) Basis {
	rank := []Basis{Measured, Given, Assumed}
	worst := slices.MaxFunc(of, func(a, b Figure) int {
		return cmp.Compare(slices.Index(rank, a.Basis), slices.Index(rank, b.Basis))
	})
	return worst.Basis
}

// lines prices every part of a setup, the dearest first.
func (in inputs) lines(s Setup, prices Prices, free map[string]float64) []Line {
	b := &bill{prices: prices, free: free}
	hits := in.hits.Value
	records := hits * in.records.Value
	put := records * units(in.recordBytes.Value) * 5120 / gibi
	answers := hits * in.answer.Value / gibi
	switch s.Front {
	case FrontAPI:
		b.add("HTTP API", "api.request", hits, in.hits)
	case FrontCloudFront:
		b.add("CloudFront", "cloudfront.request", hits, in.hits)
		b.add("CloudFront, data out", "cloudfront.out", answers, in.hits, in.answer)
	}
	if s.Front != FrontCloudFront {
		b.add("data out", "data.out", answers, in.hits, in.answer)
	}
	b.add("function, calls", "lambda.request", hits, in.hits)
	b.add("function, time", "lambda."+s.Processor, hits*in.callMS.Value/1000*in.memory.Value/1024, in.hits, in.callMS)
	b.add("Firehose", "firehose.put", put, in.hits, in.records, in.recordBytes)
	if s.Format != JSON {
		b.add("conversion", "firehose.convert", put, in.hits, in.records, in.recordBytes)
	}
	b.add("S3, storage", "s3.storage", (in.stored.Value+records*in.rowBytes.Value)/gibi, in.hits, in.rowBytes)
	b.add("S3, new files", "s3.put", in.files.Value, in.files)
	b.add("function's log", "logs.in", hits*in.collectorLog.Value/gibi, in.hits, in.collectorLog)
	b.add("access log", "logs.in", hits*in.accessLog.Value/gibi, in.hits, in.accessLog)
	b.add("crawler", "glue.crawler", in.crawls.Value*in.crawlHours.Value, in.crawls)
	b.add("questions", "athena.scan", in.charged.Value/tebi, in.charged)
	b.add("questions, files", "s3.get", in.files.Value*in.gets.Value, in.files, in.gets)
	if s.Secret {
		b.add("secret", "secret.month", 1, Figure{Basis: Given})
	}
	return shared(b.lines)
}

// shared gives each line its share of the whole, the largest first.
func shared(lines []Line) []Line {
	whole := total(lines)
	for i := range lines {
		if whole > 0 {
			lines[i].Share = lines[i].Dollars / whole
		}
	}
	slices.SortStableFunc(lines, func(a, b Line) int { return cmp.Compare(b.Dollars, a.Dollars) })
	return lines
}

func total(lines []Line) float64 {
	var sum float64
	for _, l := range lines {
		sum += l.Dollars
	}
	return sum
}
