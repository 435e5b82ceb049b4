package classify

import (
	"testing"

	"github.com/x-way/crawlerdetect"
)

// TestSecondOpinion compares with the list of JayBizzle/Crawler-Detect. Where
// it judges otherwise the string stands in testdata/differences.tsv, with the
// reason why we do; a line that is no difference any more must go.
func TestSecondOpinion(t *testing.T) {
	why := map[string]string{}
	for _, r := range lines(t, "testdata/differences.tsv", 3) {
		if r[1] == "" || why[r[2]] != "" {
			t.Errorf("differences.tsv: no reason, or twice: %s", r[2])
		}
		why[r[2]] = r[0]
	}
	for _, a := range agents(t) {
		ours, theirs := "person", "person"
		if Classify(a.ua, nil).IsBot() {
			ours = "bot"
		}
		if crawlerdetect.IsCrawler(a.ua) {
			theirs = "bot"
		}
		listed, ok := why[a.ua]
		switch {
		case ours == theirs && ok:
			t.Errorf("differences.tsv: no difference any more: %s", a.ua)
		case ours != theirs && listed != ours:
			t.Errorf("%s here, %s there, and not in differences.tsv so: %s", ours, theirs, a.ua)
		}
		delete(why, a.ua)
	}
	for ua := range why {
		t.Errorf("differences.tsv: not in agents.tsv: %s", ua)
	}
}
