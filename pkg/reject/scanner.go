package reject

import (
	"strings"
	"time"

	"pixelctl/pkg/event"
)

const jsonSpace = " \t\r\n"

// scanner reads JSON by its grammar, RFC 8259, without decoding it.
type scanner struct {
	b []byte
	i int
}

func (s *scanner) peek() byte {
	if s.i < len(s.b) {
		return s.b[s.i]
	}
	return 0
}

func (s *scanner) space() {
	for s.i < len(s.b) && s.b[s.i] <= ' ' && strings.IndexByte(jsonSpace, s.b[s.i]) >= 0 {
		s.i++
	}
}

// take steps over the byte c, if it comes next.
func (s *scanner) take(c byte) bool {
	if s.peek() != c || s.i >= len(s.b) {
		return false
	}
	s.i++
	return true
}

func (s *scanner) literal(word string) bool {
	if len(s.b)-s.i < len(word) || string(s.b[s.i:s.i+len(word)]) != word {
		return false
	}
	s.i += len(word)
	return true
}

func (s *scanner) atEnd() bool {
	s.space()
	return s.i == len(s.b)
}

// members reads an object; value reads each value, standing at its start.
func (s *scanner) members(value func(key []byte, escaped bool) bool) bool {
	s.space()
	if !s.take('{') {
		return false
	}
	s.space()
	if s.take('}') {
		return true
	}
	for {
		s.space()
		key, escaped, ok := s.str()
		if !ok {
			return false
		}
		s.space()
		if !s.take(':') {
			return false
		}
		s.space()
		if !value(key, escaped) {
			return false
		}
		s.space()
		if s.take('}') {
			return true
		}
		if !s.take(',') {
			return false
		}
	}
}

func (s *scanner) elements(depth int) bool {
	s.i++
	s.space()
	if s.take(']') {
		return true
	}
	for {
		s.space()
		if !s.skip(depth) {
			return false
		}
		s.space()
		if s.take(']') {
			return true
		}
		if !s.take(',') {
			return false
		}
	}
}

// skip reads any value that is nested at most depth times.
func (s *scanner) skip(depth int) bool {
	if depth == 0 {
		return false
	}
	switch s.peek() {
	case '"':
		_, _, ok := s.str()
		return ok
	case '{':
		return s.members(func([]byte, bool) bool { return s.skip(depth - 1) })
	case '[':
		return s.elements(depth - 1)
	case 't':
		return s.literal("true")
	case 'f':
		return s.literal("false")
	case 'n':
		return s.literal("null")
	}
	_, _, ok := s.number()
	return ok
}

// str reads a string and gives what is between its quotes, still escaped.
func (s *scanner) str() (raw []byte, escaped, ok bool) {
	if !s.take('"') {
		return nil, false, false
	}
	start := s.i
	for {
		s.plain()
		switch s.peek() {
		case '"':
			s.i++
			return s.b[start : s.i-1], escaped, true
		case '\\':
			escaped = true
			if !s.escape() {
				return nil, false, false
			}
		default: // a control character or the end
			return nil, false, false
		}
	}
}

// plain steps over what stands for itself in a string.
func (s *scanner) plain() {
	rest := s.b[s.i:]
	for i, c := range rest {
		if c < ' ' || c == '"' || c == '\\' {
			s.i += i
			return
		}
	}
	s.i = len(s.b)
}

// escape reads one escape. Half a surrogate pair is refused: there is no such
// character, and DuckDB refuses it too.
func (s *scanner) escape() bool {
	s.i++
	if strings.IndexByte(`"\/bfnrt`, s.peek()) >= 0 && s.i < len(s.b) {
		s.i++
		return true
	}
	unit, ok := s.hex()
	if !ok || unit >= 0xDC00 && unit <= 0xDFFF {
		return false
	}
	if unit < 0xD800 || unit > 0xDBFF {
		return true
	}
	if !s.take('\\') {
		return false
	}
	low, ok := s.hex()
	return ok && low >= 0xDC00 && low <= 0xDFFF
}

// hex reads uXXXX.
func (s *scanner) hex() (int, bool) {
	if !s.take('u') || len(s.b)-s.i < 4 {
		return 0, false
	}
	unit := 0
	for _, c := range s.b[s.i : s.i+4] {
		digit := strings.IndexByte("0123456789abcdefABCDEF", c)
		if digit < 0 {
			return 0, false
		}
		if digit > 0xf {
			digit -= 6
		}
		unit = unit<<4 | digit
	}
	s.i += 4
	return unit, true
}

// number reads a number; whole means it has neither fraction nor exponent.
func (s *scanner) number() (raw []byte, whole, ok bool) {
	start := s.i
	s.take('-')
	if !s.take('0') && !s.digits() {
		return nil, false, false
	}
	whole = true
	if s.take('.') {
		whole = false
		if !s.digits() {
			return nil, false, false
		}
	}
	if s.take('e') || s.take('E') {
		whole = false
		if !s.take('+') {
			s.take('-')
		}
		if !s.digits() {
			return nil, false, false
		}
	}
	return s.b[start:s.i], whole, true
}

func (s *scanner) digits() bool {
	start := s.i
	for s.i < len(s.b) && '0' <= s.b[s.i] && s.b[s.i] <= '9' {
		s.i++
	}
	return s.i > start
}

const timestampForm = "0000-00-00 00:00:00" // then up to nine decimals

// parseTimestamp reads yyyy-MM-dd HH:mm:ss with up to nine decimals, years 1
// to 9999. It stands in for time.Parse, which takes ten times as long.
func parseTimestamp(b []byte) (event.Millis, bool) {
	if !hasTimestampForm(b) {
		return 0, false
	}
	year, month, day := number(b[0:4]), number(b[5:7]), number(b[8:10])
	hour, minute, second := number(b[11:13]), number(b[14:16]), number(b[17:19])
	t := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	if year == 0 || t.Month() != time.Month(month) || t.Day() != day || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	return event.MillisOf(t) + millis(b[len(timestampForm):]), true
}

// isDate tells whether b is yyyy-MM-dd, years 1 to 9999.
func isDate(b []byte) bool {
	const midnight = " 00:00:00"
	var full [len(timestampForm)]byte
	if len(b)+len(midnight) != len(full) {
		return false
	}
	copy(full[copy(full[:], b):], midnight)
	_, ok := parseTimestamp(full[:])
	return ok
}

func hasTimestampForm(b []byte) bool {
	const n = len(timestampForm)
	if len(b) < n || len(b) > n+10 || len(b) == n+1 || len(b) > n && b[n] != '.' {
		return false
	}
	for i, c := range b {
		digit := '0' <= c && c <= '9'
		switch {
		case i < n && timestampForm[i] != '0':
			if c != timestampForm[i] {
				return false
			}
		case i != n && !digit:
			return false
		}
	}
	return true
}

func number(digits []byte) int {
	n := 0
	for _, c := range digits {
		n = n*10 + int(c-'0')
	}
	return n
}

// millis reads a fraction such as .12 and cuts what is below a millisecond.
func millis(fraction []byte) event.Millis {
	n := event.Millis(0)
	for i := 1; i <= 3; i++ {
		n *= 10
		if i < len(fraction) {
			n += event.Millis(fraction[i] - '0')
		}
	}
	return n
}
