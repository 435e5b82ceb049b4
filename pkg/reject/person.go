package reject

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"
)

// Names reports whether a record that may be broken names a person: whether
// its column holds one of the values. Of one that is cut off the beginning of
// a value is enough, since nobody can tell how it went on.
func Names(record []byte, column string, values []string) bool {
	if json.Valid(record) {
		return mayHold(record, values) && memberIs(record, column, values)
	}
	return remainsName(record, column, values)
}

// ErrorLineNames is Names for a line of an error file; what is no error line
// is taken for a record.
func ErrorLineNames(line []byte, column string, values []string) bool {
	line = bytes.TrimRight(line, "\r\n")
	if l, err := ParseErrorLine(line); err == nil && l.RawData != nil {
		return Names(l.RawData, column, values)
	}
	return Names(line, column, values) || Names(tornData(line), column, values)
}

// tornData is what stands of the record in an error line that is damaged.
func tornData(line []byte) []byte {
	_, rest, found := bytes.Cut(line, []byte(`"rawData":"`))
	if !found {
		return nil
	}
	if end := bytes.IndexFunc(rest, func(r rune) bool { return r >= utf8.RuneSelf || !base64Rune(r) }); end >= 0 {
		rest = rest[:end]
	}
	data, _ := base64.StdEncoding.AppendDecode(nil, rest[:len(rest)/4*4])
	return data
}

func base64Rune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '+' || r == '/' || r == '='
}

// Searched says for a receipt how lines that did not become rows are looked
// through.
func Searched(column string) string {
	return "lines that did not become rows are compared by what stands behind the name " + column + ", also in a record that is broken: a value without that name is not found"
}

// mayHold spares most records their decoding: a value that stands there
// without an escape can be seen.
func mayHold(record []byte, values []string) bool {
	return bytes.IndexByte(record, '\\') >= 0 || slices.ContainsFunc(values, func(v string) bool { return bytes.Contains(record, []byte(v)) })
}

// memberIs looks at each member of the object of that name: a broken record
// may have it twice.
func memberIs(record []byte, column string, values []string) bool {
	d := json.NewDecoder(bytes.NewReader(record))
	d.UseNumber()
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return false
	}
	for d.More() {
		key, err := d.Token()
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil {
			return false
		}
		if key == column && slices.Contains(values, scalar(value)) {
			return true
		}
	}
	return false
}

// scalar is the text of a string, or of a number as it stands there.
func scalar(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	return string(value)
}

// remainsName looks for the column's name and what stands behind it, at any
// depth: of a record that is no JSON nobody knows the shape.
func remainsName(record []byte, column string, values []string) bool {
	name := []byte(`"` + column + `"`)
	for {
		at := bytes.Index(record, name)
		if at < 0 {
			return false
		}
		record = record[at+len(name):]
		rest, ok := bytes.CutPrefix(bytes.TrimLeft(record, jsonSpace), []byte(":"))
		if !ok {
			continue
		}
		rest = bytes.TrimLeft(rest, jsonSpace)
		if text, ok := bytes.CutPrefix(rest, []byte(`"`)); ok && beginsWith(text, values) || !ok && beginsWithNumber(rest, values) {
			return true
		}
	}
}

// beginsWithNumber compares a number, which ends where it cannot go on. One that
// ends with the record may be cut off.
func beginsWithNumber(rest []byte, values []string) bool {
	end := bytes.IndexFunc(rest, func(r rune) bool { return !strings.ContainsRune("+-.0123456789Ee", r) })
	whole := end >= 0 && rest[end] != 0
	if end < 0 {
		end = len(rest)
	}
	return isOrBegins(string(rest[:end]), whole, values)
}

// beginsWith compares what stands before the closing quote, or what there is
// when it is missing, with the values.
func beginsWith(rest []byte, values []string) bool {
	end, whole := closing(rest[:min(len(rest), maxName+1)])
	if end > maxName {
		return false
	}
	text, ok := unquote(rest[:end])
	for cut := 1; !ok && !whole && cut <= min(maxEscape, end); cut++ {
		text, ok = unquote(rest[:end-cut])
	}
	return ok && isOrBegins(text, whole, values)
}

// isOrBegins compares a text, of which more may have stood there unless it is
// whole, with the values.
func isOrBegins(text string, whole bool, values []string) bool {
	return slices.ContainsFunc(values, func(v string) bool {
		return v == text || !whole && text != "" && strings.HasPrefix(v, text)
	})
}

// closing gives where the string ends, and whether by its quote. Zero bytes
// stand where a crash kept the length of a write only.
func closing(rest []byte) (end int, whole bool) {
	for i := 0; i < len(rest); i++ {
		switch rest[i] {
		case '\\':
			i++
		case '"':
			return i, true
		case 0:
			return i, false
		}
	}
	return len(rest), false
}

// Most bytes of a person's value, escaped, and of what a cut within one
// character or escape may leave of it.
const (
	maxName   = 6 * 256
	maxEscape = 11
)

func unquote(raw []byte) (text string, ok bool) {
	quoted := append(append([]byte{'"'}, raw...), '"')
	ok = json.Unmarshal(quoted, &text) == nil && !strings.Contains(text, "\uFFFD")
	return text, ok
}
