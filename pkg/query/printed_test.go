package query_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/awsfake/rigs"
	"pixelctl/pkg/query"
)

func TestPrinted(t *testing.T) {
	at := time.Date(2026, 7, 5, 9, 8, 7, 120e6, time.UTC)
	for _, tt := range []struct {
		value any
		typ   string
		want  string
	}{
		// The examples of the Athena User Guide, "Create arrays from maps".
		{query.Pairs{{Key: "first", Value: "Bob"}, {Key: "last", Value: "Smith"}, {Key: "age", Value: "40"}}, "map(varchar, varchar)", "{last=Smith, first=Bob, age=40}"},
		{[]any{[]any{"hello", "amazon", "athena"}, []any{"hi", "alexa"}}, "array(array(varchar))", "[[hello, amazon, athena], [hi, alexa]]"},
		{query.Pairs{{Key: "name", Value: "Bob"}, {Key: "age", Value: int64(38)}}, "row(name varchar, age integer)", "{name=Bob, age=38}"},
		{[]any{}, "array(integer)", "[]"},
		{query.Pairs{}, "map(varchar, varchar)", "{}"},
		{[]any{nil, true, 1.0, 1e20, query.Decimal("1.50")}, "array(double)", "[null, true, 1.0, 1.0E20, 1.50]"},
		{[]any{"a, b", `"x"`, "null"}, "array(varchar)", `[a, b, "x", null]`},
		{[]any{at}, "array(date)", "[2026-07-05]"},
		{[]any{at}, "array(timestamp(3))", "[2026-07-05 09:08:07.120]"},
		{[]any{at}, "array(timestamp(3) with time zone)", "[2026-07-05 09:08:07.120 UTC]"},
		{[]any{[]byte{0, 255}}, "array(varbinary)", "[00 ff]"},
		{query.Pairs{{Key: "d", Value: at}, {Key: "m", Value: query.Pairs{{Key: at, Value: nil}}}}, `row("d" date, m map(date, integer))`, "{d=2026-07-05, m={2026-07-05=null}}"},
		{query.Pairs{{Key: math.NaN(), Value: int64(1)}}, "map(double, bigint)", "{NaN=1}"},
	} {
		if got := query.Printed(tt.value, tt.typ); got != tt.want {
			t.Errorf("%v as %s: %s, want %s", tt.value, tt.typ, got, tt.want)
		}
	}
}

// TestRigPrinted has Trino's own classes print maps of random keys.
func TestRigPrinted(t *testing.T) {
	rigs.Need(t, "the order of maps is not compared with Trino's")
	r := rand.New(rand.NewPCG(1, 2))
	var in strings.Builder
	var want []string
	for n := range 400 {
		typ, keys := randomKeys(r, n)
		pairs := query.Pairs{}
		in.WriteString(typ)
		for i, k := range keys {
			pairs = append(pairs, query.Pair{Key: k, Value: int64(i)})
			in.WriteString("\t" + keyText(k))
		}
		in.WriteString("\n")
		want = append(want, query.Printed(pairs, "map("+typ+", integer)"))
	}
	cmd := exec.CommandContext(t.Context(), "bash", filepath.Join(rigs.Root(t), ".ci/rigs/trino/printed"))
	cmd.Stdin = strings.NewReader(in.String())
	var log bytes.Buffer
	cmd.Stderr = &log
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, log.String())
	}
	compared := 0
	for line := range strings.SplitSeq(strings.TrimSuffix(string(out), "\n"), "\n") {
		if strings.HasPrefix(line, "#") { // of a library
			continue
		}
		if compared < len(want) && line != want[compared] {
			t.Errorf("Trino prints %s, want %s", line, want[compared])
		}
		compared++
	}
	if compared != len(want) {
		t.Errorf("%d maps printed, want %d\n%s", compared, len(want), log.String())
	}
}

// randomKeys gives a type and up to 40 keys of it, each once.
func randomKeys(r *rand.Rand, n int) (typ string, keys []any) {
	typ = []string{"varchar", "bigint", "integer", "double", "boolean", "date"}[n%6]
	seen := map[any]bool{}
	for range r.IntN(40) {
		var k any
		switch typ {
		case "varchar":
			k = []string{"", "page_", "日本", "👩", "_missing"}[r.IntN(5)] + fmt.Sprint(r.IntN(100))
		case "bigint":
			k = r.Int64() - r.Int64()
		case "integer":
			k = int64(int32(r.Uint32()))
		case "double":
			k = float64(r.IntN(2000)-1000) / 8
		case "boolean":
			k = r.IntN(2) == 1
		default:
			k = time.Unix(0, 0).UTC().AddDate(0, 0, r.IntN(40000)-10000)
		}
		if !seen[k] {
			seen[k] = true
			keys = append(keys, k)
		}
	}
	return typ, keys
}

func keyText(k any) string {
	if d, ok := k.(time.Time); ok {
		return fmt.Sprint(d.Unix() / 86400)
	}
	return fmt.Sprint(k)
}
