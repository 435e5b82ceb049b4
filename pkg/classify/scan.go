package classify

import "strings"

// finding is what the words of a user agent tell.
type finding struct {
	raw, lower string // as sent, and in lower case at the same positions
	sign       sign
	name       string // of the word that decided
	version    string
	os         string
	osVersion  string
	device     string
	marks      mark
	linked     bool // holds a URL or a mail address
	more       bool // holds a product that no table knows
}

// scan reads the words of a user agent: runs of letters, digits and -_.! . It
// looks at each byte a fixed number of times.
func scan(raw string) finding {
	f := finding{raw: raw, lower: lower(raw), sign: nothing}
	for i := 0; i < len(f.lower); {
		if c := f.lower[i]; !inWord(c) {
			f.linked = f.linked || c == ':' && strings.HasPrefix(f.lower[i:], "://") || c == '@' && f.isAddress(i)
			i++
			continue
		}
		j := i + 1
		for j < len(f.lower) && inWord(f.lower[j]) {
			j++
		}
		f.word(i, j)
		i = j
	}
	f.link()
	return f
}

// lower changes ASCII letters only, so that positions stay the same. At most
// agentLimit bytes are read.
func lower(s string) string {
	var b [agentLimit]byte
	n := copy(b[:], s)
	for i, c := range b[:n] {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b[:n])
}

func inWord(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '.' || c == '-' || c == '_' || c == '!'
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' }

// word judges the word in lower[i:j].
func (f *finding) word(i, j int) {
	w := f.lower[i:j]
	if strings.HasSuffix(f.lower[:i], "like ") { // like Gecko, like Googlebot: the client is something else
		return
	}
	if m, ok := common(w); ok {
		f.marks |= m
		return
	}
	if !hasLetter(w) || f.known(w, i, j) {
		return
	}
	if stem := stemOf(w); stem != "" && f.known(stem, i, i+len(stem)) {
		return
	}
	f.linked = f.linked || strings.HasPrefix(w, "www.")
	f.more = f.more || j < len(f.lower) && f.lower[j] == '/'
	if namesBot(w) && !f.namesPhone(w) {
		f.decide(generic, f.raw[i:j], j)
	}
}

// known looks a word up in both tables.
func (f *finding) known(w string, i, j int) bool {
	if m, ok := findMachine(w); ok && f.holds(m.with) {
		if m.sign == notBot {
			return true
		}
		if strings.Contains(m.with, w) && strings.ContainsRune(m.with, ' ') && !strings.ContainsRune(m.with, '(') { // a name of several words
			i = strings.Index(f.lower, m.with)
			j = i + len(m.with)
		}
		f.decide(m.sign, f.raw[i:j], j)
		return true
	}
	p, ok := findPerson(w)
	if !ok || !f.holds(p.with) {
		return false
	}
	if p.sign == system {
		f.system(p, j)
		return true
	}
	f.person(p, j)
	return true
}

// holds reports whether a text stands in the user agent; after a "!", that it
// does not.
func (f *finding) holds(text string) bool {
	if text == "" {
		return true
	}
	if text[0] == '!' {
		return !strings.Contains(f.lower, text[1:])
	}
	return strings.Contains(f.lower, text)
}

// decide keeps the strongest sign, of equal ones the first. Its word ends at j.
func (f *finding) decide(s sign, name string, j int) {
	if s >= f.sign {
		return
	}
	f.sign, f.name, f.version = s, name, versionAfter(f.raw, j)
}

// person keeps a mail client, application or browser. A word without a name
// lends its version to the application before it.
func (f *finding) person(p *person, j int) {
	if p.name == "" {
		if f.version == "" && (f.sign == app || f.sign == nothing) {
			f.version = versionAfter(f.raw, j)
		}
		if f.sign == nothing {
			f.sign = app
		}
		return
	}
	if f.name == "" && f.sign == p.sign {
		f.name = p.name
		return
	}
	f.decide(p.sign, p.name, j)
}

// system keeps the first system named, and the first device.
func (f *finding) system(p *person, j int) {
	f.marks |= markSystem
	if f.os == "" && p.name != "" {
		f.os, f.osVersion = p.name, versionAfter(f.raw, j)
	}
	if f.device == "" {
		f.device = p.device
	}
}

// link takes a URL or a mail address as a sign.
func (f *finding) link() {
	if f.sign <= link {
		return
	}
	if f.linked && !f.isToolbar() {
		f.sign, f.name, f.version = link, "", ""
	}
}

// isAddress reports a mail address around an @. Applications also write
// name@1.2.
func (f *finding) isAddress(i int) bool {
	if i == 0 || !inWord(f.lower[i-1]) {
		return false
	}
	for i++; i+1 < len(f.lower) && inWord(f.lower[i]); i++ {
		if f.lower[i] == '.' && isLetter(f.lower[i+1]) {
			return true
		}
	}
	return false
}

// isToolbar knows the one link in browsers of people: a component of Delphi
// added it to Internet Explorer.
func (f *finding) isToolbar() bool {
	return f.marks&markOldEngine != 0 && strings.Contains(f.lower, "bsalsa.com")
}

// stemOf gives the letters before a version that is part of the word, as in
// java1.8 or okhttp3-3.12, of the few names that are written so; else "". Most
// words with a number are telephones.
func stemOf(w string) string {
	for i := range len(w) {
		if c := w[i]; c < '0' || c > '9' {
			continue
		}
		stem := strings.TrimRight(w[:i], "-_.")
		switch stem {
		case "java", "okhttp", "larbin", "binlar", "midp", "pingdom.com_bot_version", "tvos", "googlebot", "brew", "symbianos", "mitv-mssp":
			return stem
		}
		return ""
	}
	return ""
}

func hasLetter(w string) bool {
	for i := range len(w) {
		if isLetter(w[i]) {
			return true
		}
	}
	return false
}

// namesBot says whether a run of letters in the word ends like a bot's name.
func namesBot(w string) bool {
	for i := 0; i < len(w); {
		j := i
		for j < len(w) && isLetter(w[j]) {
			j++
		}
		if botLike(w[i:j]) {
			return true
		}
		i = j + 1
	}
	return false
}

// botLike asks the last letters first: of most words they tell already.
func botLike(run string) bool {
	if len(run) < 3 {
		return false
	}
	switch run[len(run)-3:] {
	case "bot":
		return true
	case "awl", "der", "ler", "per", "her", "ker", "ner", "tor", "xer", "ter", "ots", "ook", "oks":
		for _, end := range botEndings {
			if strings.HasSuffix(run, end) {
				return true
			}
		}
	}
	return false
}

var botEndings = [...]string{
	"crawl", "crawler", "spider", "scraper", "fetcher", "checker", "scanner", "validator", "monitor", "indexer", "harvester", "robots", "webhook", "webhooks",
}

// namesPhone tells phones with "bot" as a word of their model, all Android,
// from bots.
func (f *finding) namesPhone(w string) bool {
	return w == "bot" && f.marks&markAndroid != 0 && !strings.Contains(f.lower, "compatible")
}

// versionAfter reads the version behind position i: a slash, blank or
// dash, maybe a v, digits and dots.
func versionAfter(s string, i int) string {
	if i < len(s) && (s[i] == '/' || s[i] == ' ' || s[i] == '_' || s[i] == '-') {
		i++
	}
	if i < len(s) && s[i] == 'v' {
		i++
	}
	return version(s[min(i, len(s)):])
}

// version gives the digits and dots that s begins with, at most 32 bytes.
func version(s string) string {
	i := 0
	for i < len(s) && i < 32 && ('0' <= s[i] && s[i] <= '9' || s[i] == '.' && i > 0) {
		i++
	}
	return strings.TrimRight(s[:i], ".")
}
