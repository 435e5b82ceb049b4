package classify

import "testing"

// BenchmarkClassify takes the whole table in turn: ns/op is a hit of its mix,
// with the headers that Chromium sends.
func BenchmarkClassify(b *testing.B) {
	all := agents(b)
	h := headers("Accept-Language", "en", "Sec-CH-UA", `"Google Chrome";v="141", "Not?A_Brand";v="8", "Chromium";v="141"`,
		"Sec-CH-UA-Mobile", "?0", "Sec-CH-UA-Platform", `"Windows"`)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		Classify(all[i%len(all)].ua, h)
	}
}

func BenchmarkClassifyPeople(b *testing.B) {
	var all []agent
	for _, a := range agents(b) {
		if a.class == "human" {
			all = append(all, a)
		}
	}
	h := headers("Accept-Language", "en")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		Classify(all[i%len(all)].ua, h)
	}
}

// BenchmarkHostile is the slowest of strings made to be slow.
func BenchmarkHostile(b *testing.B) {
	all := hostile()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		Classify(all[i%len(all)], nil)
	}
}
