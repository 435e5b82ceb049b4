package cloud

import (
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
)

func TestCompactStatements(t *testing.T) {
	t.Parallel()
	h := hour(t, "2026-07-05 09")
	columns := []lake.CatalogColumn{{Name: "event_id", Type: "string"}, {Name: "received_at", Type: "timestamp"}}
	for got, want := range map[string]string{
		rowsSQL(columns, "json", h, []string{"s3://b/it's"}, choice{}): `SELECT "event_id", substr(date_format("received_at", '%Y-%m-%d %H:%i:%s.%f'), 1, 23) AS "received_at"` +
			` FROM tp_hits WHERE year = 2026 AND month = 7 AND day = 5 AND hour = 9 AND "$path" IN ('s3://b/it''s')`,
		hoursSQL(columns, []lake.Hour{h, hour(t, "2026-07-05 10")}, []string{"s3://b/a", "s3://b/c"}): `SELECT year, month, day, hour, count(*),` +
			` to_hex(checksum(ROW("event_id", "received_at"))) FROM tp_hits WHERE ((year = 2026 AND month = 7 AND day = 5 AND hour = 9)` +
			` OR (year = 2026 AND month = 7 AND day = 5 AND hour = 10)) AND "$path" IN ('s3://b/a', 's3://b/c') GROUP BY 1, 2, 3, 4`,
	} {
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	files := slices.Repeat([]string{"s3://" + strings.Repeat("b", 63) + "/" + strings.Repeat("k", 250)}, mostSmall*hoursAtOnce)
	if sql := hoursSQL(lake.Columns(event.Schema{}), slices.Repeat([]lake.Hour{h}, hoursAtOnce), files); len(sql) > 262_144 {
		t.Errorf("%d bytes", len(sql))
	}
}
