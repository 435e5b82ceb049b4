package classify

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"pixelctl/pkg/event"
)

// agent is a line of testdata/agents.tsv: a string that was seen in public,
// and what it says.
type agent struct {
	class, reason, browser, os, device string
	ua                                 string
}

// lines reads a table of tab-separated columns without its heading.
func lines(t testing.TB, name string, columns int) [][]string {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var all [][]string
	for sc := bufio.NewScanner(file); sc.Scan(); {
		if strings.HasPrefix(sc.Text(), "#") {
			continue
		}
		row := strings.Split(sc.Text(), "\t")
		if len(row) != columns {
			t.Fatalf("%s: %d columns, want %d: %q", name, len(row), columns, sc.Text())
		}
		all = append(all, row)
	}
	return all
}

func agents(t testing.TB) []agent {
	t.Helper()
	var all []agent
	for _, r := range lines(t, "testdata/agents.tsv", 6) {
		all = append(all, agent{r[0], r[1], r[2], r[3], r[4], r[5]})
	}
	return all
}

// join writes a name and a release as the table does.
func join(name, release string) string { return strings.TrimSpace(name + " " + release) }

func TestAgents(t *testing.T) {
	all := agents(t)
	if len(all) < 300 {
		t.Fatalf("%d user agents, want at least 300", len(all))
	}
	for _, a := range all {
		c := Classify(a.ua, nil)
		got := agent{c.Class, c.Reason, join(c.Browser, c.BrowserVersion), join(c.OS, c.OSVersion), c.Device, a.ua}
		if got != a {
			t.Errorf("got  %q\nwant %q", got, a)
		}
	}
}

// What is read without the library must be what the library reads.
func TestPlainAgents(t *testing.T) {
	plain := 0
	for _, a := range agents(t) {
		f := scan(a.ua)
		if f.sign == nothing && f.marks&engines == 0 || f.sign <= library && f.sign != mailClient {
			continue
		}
		short, long := Client{Browser: f.name, BrowserVersion: f.version}, Client{Browser: f.name, BrowserVersion: f.version}
		if !short.readPlain(&f) {
			continue
		}
		plain++
		if long.readRare(&f); short != long {
			t.Errorf("%+v, with the library %+v: %s", short, long, a.ua)
		}
	}
	if plain < 100 {
		t.Errorf("%d plain user agents", plain)
	}
}

func TestAgentsHoldEveryReason(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range agents(t) {
		seen[a.reason] = true
	}
	byHeader := map[string]bool{ReasonSynthetic: true, ReasonPrefetch: true, ReasonNoLanguage: true, ReasonMissing: true}
	for reason := range reasonClasses() {
		if !seen[reason] && !byHeader[reason] {
			t.Errorf("no user agent with reason %s", reason)
		}
	}
}

func TestReasonsAreClosed(t *testing.T) {
	reasons := reasonClasses()
	for s := gmailProxy; s <= nothing; s++ {
		class, reason := s.verdict()
		if (reason == "") != (class == event.ClassHuman) || reason != "" && reasons[reason] != class {
			t.Errorf("sign %d: class %q, reason %q", s, class, reason)
		}
	}
}

func TestReasonsNameTheirClass(t *testing.T) {
	class := reasonClasses()
	class[""] = event.ClassHuman
	for _, a := range agents(t) {
		if c := Classify(a.ua, nil); class[c.Reason] != c.Class {
			t.Errorf("%s beside %s: %s", c.Reason, c.Class, a.ua)
		}
	}
}

// The search by halves needs order; a word in both tables would never be a
// person's.
func TestTablesAreSorted(t *testing.T) {
	machines := machineTable()
	for i, m := range machines {
		if i > 0 && machines[i-1].word >= m.word || m.word != lower(m.word) || m.with != lower(m.with) {
			t.Errorf("machines: %q out of order or not lower", m.word)
		}
		if _, ok := common(m.word); ok {
			t.Errorf("machines: %q is a common word and never looked up", m.word)
		}
	}
	for i, p := range people {
		if i > 0 && people[i-1].word >= p.word || p.word != lower(p.word) || p.with != lower(p.with) {
			t.Errorf("people: %q out of order or not lower", p.word)
		}
		if m, ok := findMachine(p.word); ok && m.with == "" {
			t.Errorf("people: %q is a machine's word", p.word)
		}
		if _, ok := common(p.word); ok {
			t.Errorf("people: %q is a common word and never looked up", p.word)
		}
	}
}

func machineTable() []machine { return append(machinesAM[:], machinesNZ[:]...) }

// The indexes spare half of each search, and hide a word where they are wrong.
func TestIndexes(t *testing.T) {
	var ms, ps [27]uint16
	machines := machineTable()
	for c := range len(ms) {
		for _, m := range machines {
			if m.word[0] < 'a'+byte(c) {
				ms[c]++
			}
		}
		for _, p := range people {
			if p.word[0] < 'a'+byte(c) {
				ps[c]++
			}
		}
	}
	if ms != machinesByLetter || ps != peopleByLetter {
		t.Errorf("machinesByLetter = %#v\npeopleByLetter = %#v", ms, ps)
	}
	for _, m := range machines {
		if strings.ContainsFunc(m.word, func(r rune) bool { return r > 'z' || !inWord(byte(r)) }) {
			t.Errorf("machine %q is no word", m.word)
		}
		if got, ok := findMachine(m.word); !ok || got.word != m.word {
			t.Errorf("machine %q is not found", m.word)
		}
	}
	for _, p := range people {
		if strings.ContainsFunc(p.word, func(r rune) bool { return r > 'z' || !inWord(byte(r)) }) {
			t.Errorf("person %q is no word", p.word)
		}
		if got, ok := findPerson(p.word); !ok || got.word != p.word {
			t.Errorf("person %q is not found", p.word)
		}
	}
}

func TestIsBot(t *testing.T) {
	bots := map[string]bool{event.ClassPrefetch: true, event.ClassBot: true, event.ClassSynthetic: true}
	for class := range classes() {
		if got := (Client{Class: class}).IsBot(); got != bots[class] {
			t.Errorf("IsBot of %s: %v", class, got)
		}
	}
}
