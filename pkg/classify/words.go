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

// machinesByLetter and peopleByLetter hold where the words from a to z begin in
// a sorted table, and where it ends; that spares half of each search. They
// follow from the tables: TestIndexes prints them anew.
var (
	machinesByLetter = [...]uint16{1, 56, 88, 144, 180, 196, 223, 275, 305, 333, 345, 354, 383, 419, 452, 468, 527, 532, 550, 636, 667, 686, 698, 728, 730, 757, 767}
	peopleByLetter   = [...]uint16{4, 32, 54, 69, 81, 91, 106, 113, 121, 137, 139, 151, 160, 192, 212, 233, 251, 259, 264, 301, 319, 323, 330, 344, 348, 353, 354}
)

// rows gives those that may hold a word. Those before a begin with a digit.
func rows(byLetter []uint16, w string) (lo, hi int) {
	switch {
	case w == "" || w[0] > 'z':
		return 0, 0
	case w[0] < 'a':
		return 0, int(byLetter[0])
	}
	return int(byLetter[w[0]-'a']), int(byLetter[w[0]-'a'+1])
}

// findMachine searches by halves. All lies in the binary: nothing is built when
// the function starts.
func findMachine(w string) (*machine, bool) {
	lo, hi := rows(machinesByLetter[:], w)
	table := machinesAM[:]
	if lo >= len(machinesAM) {
		table = machinesNZ[:]
		lo, hi = lo-len(machinesAM), hi-len(machinesAM)
	}
	for table = table[min(lo, len(table)):min(hi, len(table))]; len(table) > 0; {
		mid := len(table) / 2
		switch row := &table[mid]; {
		case row.word == w:
			return row, true
		case row.word < w:
			table = table[mid+1:]
		default:
			table = table[:mid]
		}
	}
	return nil, false
}

func findPerson(w string) (*person, bool) {
	lo, hi := rows(peopleByLetter[:], w)
	for table := people[min(lo, len(people)):min(hi, len(people))]; len(table) > 0; {
		mid := len(table) / 2
		switch row := &table[mid]; {
		case row.word == w:
			return row, true
		case row.word < w:
			table = table[mid+1:]
		default:
			table = table[:mid]
		}
	}
	return nil, false
}
