package dialect

import "strings"

// Values of DuckDB carry no time zone: an instant is an instant. So a zone is
// taken at the place where it is used for a clock, and refused where it would
// have to travel with the value.

// clocks take what a clock shows: of an instant in a zone, the zone's clock.
var clocks = map[string]bool{
	"date": true, "date_format": true, "day": true, "day_of_month": true, "day_of_week": true, "day_of_year": true, "dow": true, "doy": true,
	"extract": true, "format_datetime": true, "hour": true, "last_day_of_month": true, "minute": true, "month": true, "quarter": true,
	"second": true, "millisecond": true, "week": true, "week_of_year": true, "year": true, "year_of_week": true, "yow": true,
}

const zoneAdvice = "a value with a time zone cannot be kept here: write CAST(t AT TIME ZONE zone AS timestamp) for the zone's clock"

// zones makes AT TIME ZONE, at_timezone and with_timezone mean what they mean
// on Athena.
func zones(s *source) error {
	for i := range s.tokens {
		var err error
		switch {
		case s.is(i, "at", "time", "zone"):
			err = s.atTimeZone(i)
		case s.calls(i, "at_timezone"):
			if !s.clock(i, s.pair[i+1]) {
				err = s.refuse(i, "%s", zoneAdvice)
			}
		case s.calls(i, "with_timezone"):
			err = s.withTimeZone(i)
		case s.calls(i, "from_iso8601_timestamp"):
			if s.instant(i, s.pair[i+1]) {
				s.rename(i, "iso8601_instant")
			}
		case s.is(i, "timestamp") && s.isText(i+1):
			err = s.zonedLiteral(i + 1)
		case s.calls(i, "from_unixtime") && len(s.args(i+1)) > 1:
			err = s.refuse(i, "%s", "from_unixtime takes no zone here: write from_unixtime(x) AT TIME ZONE zone within CAST(… AS timestamp)")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// atTimeZone has DuckDB take the zone's clock of the instant before token i.
func (s *source) atTimeZone(i int) error {
	from := s.primary(i - 1)
	if from < 0 || i+3 >= len(s.tokens) {
		return nil // the engine says what is wrong
	}
	if s.is(from-1, "zone") {
		return s.refuse(i, "one AT TIME ZONE is enough here: take the last one")
	}
	until := s.primaryEnd(i + 3)
	if !s.clock(from, until) {
		return s.refuse(i, "%s", zoneAdvice)
	}
	s.before(from, "(CAST(")
	s.after(i-1, " AS TIMESTAMPTZ)")
	s.after(until, ")")
	return nil
}

// withTimeZone is an instant, which compares with others; where a clock is
// asked for it is the one that was given.
func (s *source) withTimeZone(i int) error {
	switch end := s.pair[i+1]; {
	case s.clock(i, end):
		s.rename(i, "own_clock")
	case !s.instant(i, end):
		return s.refuse(i, "%s", zoneAdvice)
	}
	return nil
}

func (s *source) zonedLiteral(i int) error {
	text := strings.Trim(s.tokens[i].Text, "'")
	if len(text) > len("2026-07-05") && strings.ContainsAny(text[len("2026-07-05"):], "+-/ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		return s.refuse(i, "a timestamp has no zone here: write with_timezone(timestamp '2026-07-05 09:00:00', 'Europe/Berlin')")
	}
	return nil
}

// clock tells whether tokens from to until are the whole argument of what reads
// a clock, perhaps within date_trunc or date_add.
func (s *source) clock(from, until int) bool {
	open := s.up[from]
	if open < 0 || !s.is(open, "(") {
		return false
	}
	switch call := open - 1; {
	case s.any(call, "cast", "try_cast"):
		return s.is(until+1, "as") && s.any(until+2, "timestamp", "date", "time") && !s.is(until+3, "with")
	case s.calls(call, "extract"):
		return s.is(from-1, "from")
	case s.calls(call, "date_trunc", "date_add"):
		return s.is(until+1, ")") && s.clock(call, until+1)
	case s.names(call):
		return clocks[s.tokens[call].Text] && s.is(from-1, "(") && s.any(until+1, ",", ")")
	}
	return s.is(from-1, "(") && s.is(until+1, ")") && s.clock(open, until+1)
}

// names tells whether token i is the name of a function before its bracket.
func (s *source) names(i int) bool {
	return i >= 0 && s.tokens[i].IsName() && (s.tokens[i].Kind == Quoted || !isKeyword(s.tokens[i].Text))
}

// instant tells whether tokens from to until are used as an instant: before AT
// TIME ZONE, in to_unixtime, or compared.
func (s *source) instant(from, until int) bool {
	if s.is(until+1, "at", "time", "zone") {
		return true
	}
	if s.any(from-1, comparators...) || s.any(until+1, comparators...) || s.any(from-1, "between", "and") && s.up[from-1] == s.up[from] {
		return true
	}
	return s.is(from-1, "(") && s.any(from-2, "to_unixtime", "at_timezone")
}

// primary gives the first token of the operand that ends with token i, or -1.
func (s *source) primary(i int) int {
	for i >= 0 {
		switch {
		case s.any(i, ")", "]"):
			if i = s.pair[i]; i < 0 {
				return -1
			}
			if s.is(i, "[") || i > 0 && s.tokens[i-1].IsName() && !isKeyword(s.tokens[i-1].Text) {
				i--
				continue
			}
			return i
		case s.isText(i):
			if s.any(i-1, "timestamp", "date", "time") && !s.is(i-2, ".") {
				return i - 1
			}
			return i
		case s.tokens[i].Kind == Sign:
			return -1
		case s.is(i-1, "."):
			i -= 2
			continue
		}
		return i
	}
	return i
}

// primaryEnd gives the last token of the operand that begins with token i.
func (s *source) primaryEnd(i int) int {
	for {
		switch {
		case s.any(i, "date", "timestamp", "time") && s.isText(i+1):
			return i + 1
		case s.any(i, "(", "[") && s.pair[i] > i:
			i = s.pair[i]
		case s.any(i+1, "(", "["):
			i++
			continue
		case s.is(i+1, ".") && i+2 < len(s.tokens):
			i += 2
			continue
		}
		if !s.is(i+1, "[") {
			return i
		}
		i++
	}
}
