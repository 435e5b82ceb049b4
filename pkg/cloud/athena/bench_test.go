package athena

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/awsfake/wire"
	"pixelctl/pkg/query"
)

const benchRows = 1_000_000

// BenchmarkResults reads one result of a million rows of eight columns from one
// fake over loopback, by pages of 1,000 rows and by ranges of the object. The
// fake has both answers ready, so that it costs little itself. It answers at
// once, which shows only what the client works; and after 5 ms, which is still
// less than a call of AWS takes.
func BenchmarkResults(b *testing.B) {
	s := newScript(b)
	s.object = benchmarkAnswers(s)
	for _, delay := range []time.Duration{0, 5 * time.Millisecond} {
		s.delay = delay
		took := map[string]time.Duration{}
		for _, way := range []string{"paged", "ranged"} {
			b.Run(fmt.Sprintf("%s/delay=%s", way, delay), func(b *testing.B) {
				if s.denied = nil; way == "paged" {
					s.denied = &wire.Error{Code: "AccessDenied", Message: "Access Denied"}
				}
				for b.Loop() {
					readAll(b, s)
				}
				took[way] = b.Elapsed() / time.Duration(b.N)
				b.ReportMetric(benchRows/took[way].Seconds(), "rows/s")
				if way == "ranged" && took["paged"] > 0 {
					b.ReportMetric(took["paged"].Seconds()/took[way].Seconds(), "times-as-fast")
				}
			})
		}
	}
}

func readAll(b *testing.B, s *script) {
	b.Helper()
	s.mu.Lock()
	s.calls, s.ranges = nil, nil
	s.mu.Unlock()
	r, err := s.engine(Options{}).Query(b.Context(), "SELECT * FROM hits")
	if err != nil {
		b.Fatal(err)
	}
	n := drain(b, r)
	if err := r.Close(); err != nil {
		b.Fatal(err)
	}
	if pages := len(s.made("GetQueryResults")); n != benchRows || (s.denied == nil) != (pages == 1) {
		b.Fatalf("%d rows, %d pages", n, pages)
	}
}

func drain(b *testing.B, r query.Rows) (n int) {
	b.Helper()
	for {
		_, err := r.Next(b.Context())
		if err == io.EOF { //nolint:errorlint // Next documents io.EOF itself
			return n
		}
		if err != nil {
			b.Fatal(err)
		}
		n++
	}
}

// benchmarkAnswers gives the object and has s answer the same rows by pages.
func benchmarkAnswers(s *script) []byte {
	names := []string{"event_id", "received_at", "event", "site", "path", "screen_width", "referrer", "utm_source"}
	kinds := []string{"varchar", "timestamp", "varchar", "varchar", "varchar", "integer", "varchar", "varchar"}
	info := make([]string, len(names))
	for i := range names {
		info[i] = fmt.Sprintf(`{"Name":%q,"Type":%q}`, names[i], kinds[i])
	}
	tail := `],"ResultSetMetadata":{"ColumnInfo":[` + strings.Join(info, ",") + `]}}`
	var csv, page bytes.Buffer
	var pages [][]byte
	at := time.Date(2026, 7, 5, 0, 0, 0, 0, time.UTC)
	for i := range benchRows + 1 { // the first is the header
		row := names
		if i > 0 {
			row = []string{
				fmt.Sprintf("0d1e2f30-1111-2222-3333-%012d", i), at.Add(time.Duration(i) * time.Millisecond).Format("2006-01-02 15:04:05.000"), "page",
				"shop.example", "/products/" + strconv.Itoa(i%1000), strconv.Itoa(1000 + i%900), "", null,
			}
		}
		comma := ","
		if page.Len() == 0 {
			page.WriteString(`{"UpdateCount":0,"ResultSet":{"Rows":[`)
			comma = ""
		}
		page.WriteString(comma + `{"Data":[`)
		for j, v := range row {
			comma = ","
			if j == 0 {
				comma = ""
			}
			csv.WriteString(comma)
			if v == null {
				page.WriteString(comma + "{}")
				continue
			}
			csv.WriteString(`"` + v + `"`)
			page.WriteString(comma + `{"VarCharValue":"` + v + `"}`)
		}
		csv.WriteByte('\n')
		page.WriteString("]}")
		if (i+1)%pageRows == 0 || i == benchRows {
			page.WriteString(tail)
			if i < benchRows {
				fmt.Fprintf(&page, `,"NextToken":"%d"`, len(pages)+1)
			}
			page.WriteByte('}')
			pages = append(pages, bytes.Clone(page.Bytes()))
			page.Reset()
		}
	}
	s.answer("GetQueryResults", func(in map[string]any) any {
		token, ok := in["NextToken"].(string)
		if !ok {
			return pages[0]
		}
		n, err := strconv.Atoi(token)
		if err != nil || n >= len(pages) {
			return wire.Error{Code: "InvalidRequestException", Message: "INVALID_INPUT|Malformed nextPageToken"}
		}
		return pages[n]
	})
	return csv.Bytes()
}
