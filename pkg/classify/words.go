package classify

// mark is a word that nearly every browser's user agent holds.
type mark uint16

const (
	markAndroid mark = 1 << iota
	markApple        // iPhone, iPad, Macintosh
	markWebKit
	markGecko
	markFirefox
	markChrome
	markSafari
	markMobile
	markOldEngine // MSIE, Trident, Presto
	markWebView
	markTablet
	markSystem // a word of people names the system or device
	markEdge
)

// engines are the marks that only a browser, or who claims to be one, bears.
const engines = markWebKit | markGecko | markFirefox | markChrome | markSafari | markOldEngine | markEdge

// common knows the words of ordinary browsers, which need no search. Most
// words are among them: that keeps the scan short.
func common(w string) (mark, bool) {
	switch w {
	case "mozilla", "windows", "nt", "win64", "x64", "wow64", "x", "mac", "u", "khtml", "like", "compatible", "version", "build",
		"linux", "x11", "intel", "cpu", "k", "en-us", "net", "clr", ".net", "en", "net4.0c", ".net4.0c", ".net4.0e", "arm_64", "i686", "x86_64":
		return 0, true
	case "android":
		return markAndroid, true
	case "iphone", "ipad", "macintosh":
		return markApple, true
	case "applewebkit":
		return markWebKit, true
	case "gecko":
		return markGecko, true
	case "firefox", "fxios":
		return markFirefox, true
	case "chrome", "crios":
		return markChrome, true
	case "safari":
		return markSafari, true
	case "edg", "edge", "edga", "edgios", "opr":
		return markEdge, true
	case "mobile":
		return markMobile, true
	case "msie", "trident", "presto":
		return markOldEngine, true
	case "wv":
		return markWebView, true
	case "tablet":
		return markTablet, true
	}
	return 0, false
}

// byFirst holds where the words with a first byte begin in a sorted table; it
// spares half of each search. To build it takes microseconds.
type byFirst [129]uint16

func machineIndex() (x byFirst) {
	for i := range machines {
		x[machines[i].word[0]+1] = uint16(i + 1) //nolint:gosec // the table is small
	}
	return x.filled()
}

func personIndex() (x byFirst) {
	for i := range people {
		x[people[i].word[0]+1] = uint16(i + 1) //nolint:gosec // the table is small
	}
	return x.filled()
}

// filled gives the bytes without words an empty range.
func (x byFirst) filled() byFirst {
	for i := 1; i < len(x); i++ {
		x[i] = max(x[i], x[i-1])
	}
	return x
}

// of gives the rows that may hold a word.
func (x *byFirst) of(w string) (lo, hi int) {
	if w == "" || w[0] >= 0x80 {
		return 0, 0
	}
	return int(x[w[0]]), int(x[w[0]+1])
}

var (
	machinesByFirst = machineIndex()
	peopleByFirst   = personIndex()
)

// findMachine searches by halves. The table is small and lies in the binary:
// no map is built when the function starts.
func findMachine(w string) (*machine, bool) {
	lo, hi := machinesByFirst.of(w)
	end := hi
	for lo < hi {
		mid := (lo + hi) / 2
		if machines[mid].word < w {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < end && machines[lo].word == w {
		return &machines[lo], true
	}
	return nil, false
}

func findPerson(w string) (*person, bool) {
	lo, hi := peopleByFirst.of(w)
	end := hi
	for lo < hi {
		mid := (lo + hi) / 2
		if people[mid].word < w {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < end && people[lo].word == w {
		return &people[lo], true
	}
	return nil, false
}
