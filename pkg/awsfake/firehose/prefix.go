package firehose

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

const errorOutputType = "error-output-type"

// hourFolder is what Firehose puts after a prefix that has no timestamp.
const hourFolder = "yyyy/MM/dd/HH/"

// piece is literal text (no namespace) or an expression !{namespace:value}.
type piece struct{ namespace, value string }

type prefix []piece

// parsePrefix cuts a prefix into pieces and refuses expressions that Firehose
// or the fake do not have.
func parsePrefix(text string) (prefix, error) {
	var p prefix
	for text != "" {
		literal, rest, found := strings.Cut(text, "!{")
		if literal != "" {
			p = append(p, piece{"", literal})
		}
		if !found {
			break
		}
		inner, after, closed := strings.Cut(rest, "}")
		namespace, value, named := strings.Cut(inner, ":")
		if !closed || !named {
			return nil, invalid("Prefix expression !{%s is not valid", inner)
		}
		if err := checkExpression(namespace, value); err != nil {
			return nil, err
		}
		p, text = append(p, piece{namespace, value}), after
	}
	return p, nil
}

func checkExpression(namespace, value string) error {
	switch namespace {
	case "timestamp":
		if _, err := formatJava(value, time.Time{}); err != nil {
			return invalid("Prefix expression !{timestamp:%s}: %v", value, err)
		}
		return nil
	case "firehose":
		if value == errorOutputType || value == "random-string" {
			return nil
		}
	case "partitionKeyFromQuery", "partitionKeyFromLambda":
		return invalid("Prefix expression !{%s:%s}: the fake has no dynamic partitioning", namespace, value)
	}
	return invalid("Prefix expression !{%s:%s} is not valid", namespace, value)
}

func (p prefix) dynamic() bool {
	for _, e := range p {
		if e.namespace != "" {
			return true
		}
	}
	return false
}

// has tells whether an expression occurs; an empty value stands for any.
func (p prefix) has(namespace, value string) bool {
	for _, e := range p {
		if e.namespace == namespace && (value == "" || e.value == value) {
			return true
		}
	}
	return false
}

// evaluate gives the text for the arrival of the oldest record. Kind is the
// error-output-type, random gives the text of each random-string.
func (p prefix) evaluate(at time.Time, kind string, random func() string) (string, error) {
	var b strings.Builder
	for _, e := range p {
		switch {
		case e.namespace == "":
			b.WriteString(e.value)
		case e.namespace == "timestamp":
			text, err := formatJava(e.value, at)
			if err != nil {
				return "", err
			}
			b.WriteString(text)
		case e.value == errorOutputType:
			b.WriteString(kind)
		default:
			b.WriteString(random())
		}
	}
	return b.String(), nil
}

// formatJava formats a time by a pattern of Java's DateTimeFormatter: runs of
// letters are fields, text in single quotes is literal, two quotes are one.
func formatJava(pattern string, t time.Time) (string, error) {
	var b strings.Builder
	for i := 0; i < len(pattern); {
		c := pattern[i]
		switch {
		case c == '\'':
			literal, n, err := quoted(pattern[i:])
			if err != nil {
				return "", err
			}
			b.WriteString(literal)
			i += n
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			n := len(pattern[i:]) - len(strings.TrimLeft(pattern[i:], string(c)))
			text, err := field(c, n, t)
			if err != nil {
				return "", err
			}
			b.WriteString(text)
			i += n
		case strings.IndexByte("{}[]#", c) >= 0:
			return "", fmt.Errorf("%q is reserved", string(c))
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String(), nil
}

// quoted reads 'text' at the start of the pattern, and its length there.
func quoted(pattern string) (literal string, n int, err error) {
	var b strings.Builder
	for i := 1; i < len(pattern); i++ {
		switch {
		case pattern[i] != '\'':
			b.WriteByte(pattern[i])
		case i+1 < len(pattern) && pattern[i+1] == '\'' && i > 1:
			b.WriteByte('\'')
			i++
		case i == 1:
			return "'", 2, nil
		default:
			return b.String(), i + 1, nil
		}
	}
	return "", 0, fmt.Errorf("a quote is not closed")
}

// field formats n letters of a pattern: the number with at least n digits, two
// letters of a year its last two digits, three letters of a month its name.
func field(letter byte, n int, t time.Time) (string, error) {
	var number int
	switch letter {
	case 'y', 'u':
		if number = t.Year(); n == 2 {
			number %= 100
		}
	case 'M', 'L':
		if n == 3 {
			return t.Format("Jan"), nil
		}
		number = int(t.Month())
	case 'd':
		number = t.Day()
	case 'D':
		number = t.YearDay()
	case 'H':
		number = t.Hour()
	case 'm':
		number = t.Minute()
	case 's':
		number = t.Second()
	default:
		return "", fmt.Errorf("the letter %q is not known here", string(letter))
	}
	text := strconv.Itoa(number)
	return strings.Repeat("0", max(n-len(text), 0)) + text, nil
}
