package query

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/fault"
)

func TestExpand(t *testing.T) {
	t.Parallel()
	w := Window{Since: time.Date(2026, 7, 5, 9, 30, 0, 0, time.UTC)}
	p := w.Predicate(time.Minute)
	for sql, want := range map[string]string{
		"SELECT 1 FROM hits WHERE $window":                                     "SELECT 1 FROM hits WHERE " + p,
		"SELECT 1 FROM hits WHERE ($WINDOW)AND x":                              "SELECT 1 FROM hits WHERE (" + p + ")AND x",
		"SELECT '$window', \"$window\" /* $window */ WHERE $window -- $window": "SELECT '$window', \"$window\" /* $window */ WHERE " + p + " -- $window",
		"SELECT 'it''s $window' WHERE $window":                                 "SELECT 'it''s $window' WHERE " + p,
		"SELECT (SELECT 1 WHERE $window) WHERE\n$window;":                      "SELECT (SELECT 1 WHERE " + p + ") WHERE\n" + p + ";",
		"SELECT \"$path\" FROM tp_hits WHERE $window":                          "SELECT \"$path\" FROM tp_hits WHERE " + p,
	} {
		if got, err := Expand(sql, w, time.Minute); err != nil || got != want {
			t.Errorf("%s: got %s (%v)", sql, got, err)
		}
	}
	if got, err := Expand("SELECT '$window'", Window{}, time.Minute); err != nil || got != "SELECT '$window'" {
		t.Errorf("%s (%v)", got, err)
	}
}

func TestExpandRefuses(t *testing.T) {
	t.Parallel()
	w := Window{Since: time.Date(2026, 7, 5, 9, 30, 0, 0, time.UTC)}
	_, err := Expand("SELECT 1 WHERE '$window' <> ''", w, 0)
	if fault.KindOf(err) != fault.Usage || !strings.Contains(fault.HintOf(err), "WHERE $window") {
		t.Errorf("%v (%s)", err, fault.HintOf(err))
	}
	_, err = Expand("SELECT 1 WHERE $window", Window{}, 0)
	if fault.KindOf(err) != fault.Usage || !strings.Contains(fault.HintOf(err), "--since") {
		t.Errorf("%v (%s)", err, fault.HintOf(err))
	}
	_, err = Expand("SELECT 1\nWHERE $windw", w, 0)
	if wrong := new(SyntaxError); !errors.As(err, &wrong) || wrong.Line != 2 || wrong.Column != 7 || !strings.Contains(err.Error(), `did you mean "$window"?`) {
		t.Errorf("%v", err)
	}
}
