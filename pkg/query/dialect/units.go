package dialect

import (
	"slices"
	"strings"
)

// The units of times and of dates, and what is extracted of them.
var (
	timeUnits = []string{"millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year"}
	dateUnits = []string{"day", "week", "month", "quarter", "year"}
	fields    = []string{
		"year", "quarter", "month", "week", "day", "day_of_month", "day_of_week", "dow", "day_of_year", "doy", "year_of_week", "yow", "hour", "minute", "second",
		"timezone_hour", "timezone_minute",
	}
)

// refuseUnits refuses units that only DuckDB knows.
func refuseUnits(s *source) error {
	for i := range s.tokens {
		switch {
		case s.calls(i, "extract") && !s.any(i+2, fields...):
			return s.refuse(i+2, "Athena extracts no %s: write one of %s, or millisecond(t) or to_unixtime(t)", s.tokens[i+2].Text, strings.Join(fields[:15], ", "))
		case s.calls(i, "date_trunc", "date_add", "date_diff"):
			if err := s.refuseUnit(i); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *source) refuseUnit(i int) error {
	if !s.isText(i+2) || !s.is(i+3, ",") {
		return nil
	}
	known, of := timeUnits, "times"
	if s.argumentType(i+1, -1) == "date" {
		known, of = dateUnits, "dates"
	}
	unit := strings.ToLower(strings.Trim(s.tokens[i+2].Text, "'"))
	if slices.Contains(known, unit) {
		return nil
	}
	return s.refuse(i+2, "%s has no unit %s of %s: write one of %s", s.tokens[i].Text, s.tokens[i+2].Text, of, strings.Join(known, ", "))
}
