package query

import (
	"strings"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
)

func TestFilter(t *testing.T) {
	t.Parallel()
	schema := event.NewSchema(event.Field{Name: "nights", Type: event.Int}, event.Field{Name: "arrival", Type: event.Date})
	for text, want := range map[string]string{
		"site=shop":            `"site" = 'shop'`,
		" site != o'clock ":    `coalesce("site" <> 'o''clock', true)`,
		"site=":                `"site" = ''`,
		"page_path~Room=1":     `strpos(lower("page_path"), lower('Room=1')) > 0`,
		"user_agent!~curl":     `coalesce(strpos(lower("user_agent"), lower('curl')) = 0, true)`,
		"params.a-b=1":         `element_at("params", 'a-b') = '1'`,
		"params.it's~x":        `strpos(lower(element_at("params", 'it''s')), lower('x')) > 0`,
		"nights!=-3":           `coalesce("nights" <> -3, true)`,
		"value=1.50":           `"value" = 1.5E+00`,
		"is_bot=TRUE":          `"is_bot" = true`,
		"site=a' OR '1'='1":    `"site" = 'a'' OR ''1''=''1'`,
		"site=x; DROP TABLE t": `"site" = 'x; DROP TABLE t'`,
	} {
		f, err := ParseFilter(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got, err := f.Predicate(schema); err != nil || got != want {
			t.Errorf("%q is %s, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "site", "=x", "SITE=x", "site<3", "1=1", "site OR 1=1", "params=x", "site.x=y", "params.=x", "site=" + strings.Repeat("x", maxFilter+1),
		"a)=(b", `"site"=x`,
	} {
		if f, err := ParseFilter(text); fault.KindOf(err) != fault.Usage {
			t.Errorf("%.40q is %+v, %v", text, f, err)
		}
	}
	for _, text := range []string{"sites=x", "nights=many", "nights=1.5", "value=NaN", "value=inf", "is_bot=1", "nights~3", "received_at=2026-07-05", "arrival=2026-07-05", "year=2026"} {
		f, err := ParseFilter(text)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := f.Predicate(schema); fault.KindOf(err) != fault.Usage || fault.HintOf(err) == "" {
			t.Errorf("%q is %s, %v, hint %q", text, got, err, fault.HintOf(err))
		}
	}
}

func FuzzFilter(f *testing.F) {
	f.Add("site=shop")
	f.Add("params.a'b!~c'd")
	f.Fuzz(func(t *testing.T, s string) {
		filter, err := ParseFilter(s)
		if err != nil {
			return
		}
		sql, err := filter.Predicate(event.Schema{})
		if err == nil && strings.Count(sql, "'")%2 != 0 {
			t.Errorf("%q leaves a literal open: %s", s, sql)
		}
	})
}

func TestParameters(t *testing.T) {
	t.Parallel()
	pairs, ok := Parameters(`{"b":"2","a":"1"}`).(Pairs)
	if !ok || len(pairs) != 2 || pairs[0] != (Pair{"a", "1"}) {
		t.Errorf("%v", pairs)
	}
	for _, v := range []any{nil, "no JSON", `{"a":1}`} {
		if got := Parameters(v); got != v {
			t.Errorf("%v became %v", v, got)
		}
	}
}
