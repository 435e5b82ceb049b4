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

// findMachine searches by halves. The table is small and lies in the binary:
// nothing is built when the function starts.
func findMachine(w string) (machine, bool) {
	lo, hi := 0, len(machines)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1) //nolint:gosec // both are lengths of a table
		if machines[mid].word < w {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(machines) && machines[lo].word == w {
		return machines[lo], true
	}
	return machine{}, false
}

func findPerson(w string) (person, bool) {
	lo, hi := 0, len(people)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1) //nolint:gosec // both are lengths of a table
		if people[mid].word < w {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(people) && people[lo].word == w {
		return people[lo], true
	}
	return person{}, false
}
