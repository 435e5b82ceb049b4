package athena

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/query"
)

// tooMuch says whether the statement has read more than it may. Athena has no
// limit for one statement, so its statistics are watched.
func (r *run) tooMuch() bool { return r.e.o.MaxScan > 0 && r.scanned() > r.e.o.MaxScan }

func (r *run) overLimit(end string) error {
	return fault.New(fault.Failed, "run query: it had read %s and may read %s; %s, and what it read is charged%s",
		size(r.scanned()), size(r.e.o.MaxScan), end, r.about()).
		WithHint("ask for fewer hours by year, month, day and hour as numbers, or allow more: --max-scan %d", r.scanned()*2)
}

// price gives the dollars for so many bytes, or the region whose prices are not
// known.
func (o Options) price(read int64) (dollars float64, unpriced string) {
	if o.Prices == nil {
		return 0, o.Region
	}
	return o.Prices.Scan(read), ""
}

// about says what the statement cost, as far as that is known.
func (r *run) about() string {
	if r.e.o.Prices == nil {
		return ""
	}
	return " (about " + dollars(r.e.o.Prices.Scan(r.scanned())) + ")"
}

// stats says what the statement read and costs. Athena does not say which
// objects it read.
func (r *run) stats() query.Stats {
	s := query.Stats{FilesRead: -1, FilesTotal: -1, BytesScanned: r.scanned(), Elapsed: r.e.o.Clock.Now().Sub(r.begin)}
	if r.charged() {
		s.Dollars, s.Unpriced = r.e.o.price(s.BytesScanned)
	}
	if wait := r.queueTime(); wait >= longQueue {
		s.Warnings = append(s.Warnings, fmt.Sprintf("the query waited %s in Athena's queue", wait.Round(time.Second)))
	}
	return s
}

// charged is false for DDL, SHOW and DESCRIBE, for a plan that is only shown
// and for a result that was used again.
func (r *run) charged() bool {
	if st := r.last.Statistics; st != nil && st.ResultReuseInformation != nil && st.ResultReuseInformation.ReusedPreviousResult {
		return false
	}
	planned := aws.ToString(r.last.SubstatementType) == "EXPLAIN" && r.scanned() == 0
	return r.last.StatementType == types.StatementTypeDml && !planned
}

func (r *run) queueTime() time.Duration {
	if s := r.last.Statistics; s != nil && s.QueryQueueTimeInMillis != nil {
		return time.Duration(*s.QueryQueueTimeInMillis) * time.Millisecond
	}
	return r.queued
}

// dollars writes a price with two digits that matter.
func dollars(v float64) string {
	digits := 2
	if v > 0 && v < 1 {
		digits = int(math.Ceil(-math.Log10(v))) + 1
	}
	return "$" + strconv.FormatFloat(v, 'f', digits, 64)
}

// size writes bytes as people read them.
func size(n int64) string {
	if n < 1024 {
		return fmt.Sprintf("%d B", n)
	}
	f, units := float64(n)/1024, "KMGTP"
	i := 0
	for ; f >= 1024 && i < len(units)-1; i++ {
		f /= 1024
	}
	return fmt.Sprintf("%.1f %ciB", f, units[i])
}
