package report_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/query"
	"pixelctl/pkg/report"
)

// stored is a record and whether it lies under another hour than its own.
type stored struct {
	event.Record
	late bool
}

func (s stored) received() time.Time { return time.UnixMilli(int64(s.ReceivedAt)).UTC() }

// oracle answers the reports in the plainest way: loops over all records.
type oracle struct {
	all    []stored
	window query.Window
	zone   *time.Location
	step   string
	end    time.Time
	limit  int
}

// want is what a part has to hold.
type want struct {
	name string
	rows []wantRow
	more int
}

type wantRow struct {
	label  []string
	at     time.Time
	values []wantValue
}

// wantValue is a number, or a share of two.
type wantValue struct {
	n, of float64
	share bool
}

func number(n int) wantValue { return wantValue{n: float64(n)} }

func share(n, of int) wantValue { return wantValue{n: float64(n), of: float64(of), share: true} }

// hits are the recorded records of the window, each once.
func (o oracle) hits() []stored {
	return only(o.records(), func(s stored) bool { return s.Status == "recorded" })
}

func (o oracle) records() []stored {
	seen := map[string]bool{}
	return only(o.rows(), func(s stored) bool {
		first := !seen[s.EventID]
		seen[s.EventID] = true
		return first
	})
}

func (o oracle) rows() []stored {
	return only(o.all, func(s stored) bool { return o.window.Contains(s.received()) })
}

func only(list []stored, keep func(stored) bool) []stored {
	var out []stored
	for _, s := range list {
		if keep(s) {
			out = append(out, s)
		}
	}
	return out
}

func class(s stored) string {
	switch s.ClientClass {
	case "human", "mail_proxy", "prefetch", "bot", "synthetic":
		return s.ClientClass
	}
	return "unknown"
}

func tally(list []stored, keep func(stored) bool) int { return len(only(list, keep)) }

func of(classes ...string) func(stored) bool {
	return func(s stored) bool { return slices.Contains(classes, class(s)) }
}

func different(list []stored, id func(stored) string) int {
	seen := map[string]bool{}
	for _, s := range list {
		if v := id(s); v != "" {
			seen[v] = true
		}
	}
	return len(seen)
}

func visitor(s stored) string { return cmp.Or(s.VisitorID, s.NetworkID) }

func (o oracle) report(name string) []want {
	hits := o.hits()
	switch name {
	case "overview":
		return o.overview()
	case "campaigns":
		return []want{o.top("campaigns", hits, func(s stored) []string { return []string{s.UTMCampaign} })}
	case "pages":
		return []want{o.top("pages", hits, func(s stored) []string { return []string{s.PageHost + s.PagePath} })}
	case "countries":
		return []want{o.top("countries", hits, func(s stored) []string { return []string{s.Country} })}
	case "referrers":
		return []want{o.top("referrers", hits, func(s stored) []string {
			way := "other site"
			switch s.ReferrerHost {
			case "":
				way = "not told"
			case s.PageHost:
				way = "same site"
			}
			return []string{s.ReferrerHost, way}
		})}
	case "sources":
		return []want{
			o.top("sources", hits, func(s stored) []string { return []string{s.UTMSource, s.UTMMedium} }),
			o.top("clicks", only(hits, func(s stored) bool { return s.ClickID != "" }), func(s stored) []string { return []string{s.ClickIDPlatform} }),
		}
	case "devices":
		return []want{
			o.top("devices", hits, func(s stored) []string { return []string{s.Device} }),
			o.top("browsers", hits, func(s stored) []string { return []string{s.Browser} }),
			o.top("systems", hits, func(s stored) []string { return []string{s.OS} }),
		}
	case "hours":
		return o.hours()
	case "mail":
		return o.mail()
	case "bots":
		return o.bots()
	case "quality":
		return o.quality()
	}
	return o.drops()
}

func (o oracle) overview() []want {
	rows, records, hits := o.rows(), o.records(), o.hits()
	classes := []string{"human", "mail_proxy", "prefetch", "bot", "synthetic", "unknown"}
	figures := wantRow{values: []wantValue{number(different(only(hits, of("human")), visitor))}}
	for _, c := range classes {
		figures.values = append(figures.values, number(tally(hits, of(c))))
	}
	figures.values = append(figures.values, number(len(records)-len(hits)), number(len(rows)-len(records)))
	timeline := o.timeline(func(in []stored) []wantValue {
		recorded := only(in, func(s stored) bool { return s.Status == "recorded" })
		var out []wantValue
		for _, c := range []string{"human", "mail_proxy", "bot", "prefetch", "synthetic", "unknown"} {
			out = append(out, number(tally(recorded, of(c))))
		}
		return append(out, number(len(in)-len(recorded)))
	}, records)
	return []want{{name: "figures", rows: []wantRow{figures}}, timeline}
}

func fiveClasses(in []stored) []wantValue {
	return []wantValue{
		number(tally(in, of("human"))), number(tally(in, of("mail_proxy"))), number(tally(in, of("bot", "prefetch"))),
		number(tally(in, of("synthetic"))), number(tally(in, of("unknown"))),
	}
}

func (o oracle) hours() []want {
	day, week := want{name: "day"}, want{name: "week"}
	for h := range 24 {
		in := only(o.hits(), func(s stored) bool { return s.received().In(o.zone).Hour() == h })
		day.rows = append(day.rows, wantRow{label: []string{fmt.Sprintf("%02d", h)}, values: fiveClasses(in)})
	}
	for _, d := range []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"} {
		in := only(o.hits(), func(s stored) bool { return s.received().In(o.zone).Weekday().String() == d })
		week.rows = append(week.rows, wantRow{label: []string{d}, values: fiveClasses(in)})
	}
	return []want{day, week, o.timeline(fiveClasses, o.hits())}
}

// timeline walks through the window a quarter of an hour at a time and begins
// a step whenever the zone's clock or calendar shows another one.
func (o oracle) timeline(values func([]stored) []wantValue, list []stored) want {
	out := want{name: "timeline"}
	shown := func(t time.Time) string {
		t = t.In(o.zone)
		switch o.step {
		case "hour":
			return t.Format("2006-01-02 15 -0700")
		case "day":
			return t.Format("2006-01-02")
		case "month":
			return t.Format("2006-01")
		}
		y, w := t.ISOWeek()
		return fmt.Sprint(y, w)
	}
	in := map[string][]stored{}
	for _, s := range list {
		in[shown(s.received())] = append(in[shown(s.received())], s)
	}
	last := ""
	for t := o.window.Since; t.Before(o.end); t = t.Truncate(15 * time.Minute).Add(15 * time.Minute) {
		if step := shown(t); step != last {
			out.rows = append(out.rows, wantRow{at: t, values: values(in[step])})
			last = step
		}
	}
	return out
}

// top counts by label and keeps the first rows.
func (o oracle) top(name string, list []stored, label func(stored) []string) want {
	return o.first(name, list, label, func(in []stored) []wantValue {
		people := only(in, of("human"))
		five := fiveClasses(in)
		return append([]wantValue{five[0], number(different(people, visitor))}, append(five[1:], share(len(people), len(in)))...)
	}, func(in []stored) []int { return []int{tally(in, of("human")), len(in)} })
}

// first groups by label, orders by the numbers, largest first, then by label.
func (o oracle) first(name string, list []stored, label func(stored) []string, values func([]stored) []wantValue, order func([]stored) []int) want {
	groups := map[string][]stored{}
	for _, s := range list {
		key := strings.Join(label(s), "\x00")
		groups[key] = append(groups[key], s)
	}
	var keys []string
	for key := range groups {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int {
		if d := slices.Compare(order(groups[b]), order(groups[a])); d != 0 {
			return d
		}
		return slices.Compare(strings.Split(a, "\x00"), strings.Split(b, "\x00"))
	})
	out := want{name: name, more: max(len(keys)-o.limit, 0)}
	for _, key := range keys[:min(len(keys), o.limit)] {
		out.rows = append(out.rows, wantRow{label: label(groups[key][0]), values: values(groups[key])})
	}
	return out
}

func (o oracle) mail() []want {
	user := func(s stored) string { return s.UserID }
	message := func(s stored) string { return s.MessageID }
	list := only(o.hits(), func(s stored) bool {
		return of("human", "mail_proxy", "bot", "prefetch")(s) && (s.MessageID != "" || class(s) == "mail_proxy")
	})
	opens, machines := of("human", "mail_proxy"), of("bot", "prefetch")
	messages := o.first("messages", list, func(s stored) []string { return []string{s.MessageID} }, func(in []stored) []wantValue {
		proxied := tally(in, of("mail_proxy"))
		return []wantValue{
			number(tally(in, opens)), number(tally(in, of("human"))), number(proxied),
			number(different(only(in, opens), user)), number(tally(in, machines)), share(proxied, tally(in, opens)),
		}
	}, func(in []stored) []int { return []int{tally(in, opens), tally(in, machines)} })
	proxies := o.first("proxies", only(o.hits(), of("mail_proxy")), func(s stored) []string { return []string{s.BotReason} }, func(in []stored) []wantValue {
		return []wantValue{number(len(in)), number(different(in, message)), number(different(in, user))}
	}, func(in []stored) []int { return []int{len(in)} })
	return []want{messages, proxies}
}

func (o oracle) bots() []want {
	hits := o.hits()
	machines := only(hits, func(s stored) bool { return s.ClientClass != "human" && s.ClientClass != "mail_proxy" })
	size := func(in []stored) []int { return []int{len(in)} }
	return []want{
		o.first("reasons", machines, func(s stored) []string { return []string{s.ClientClass, s.BotReason} }, func(in []stored) []wantValue {
			return []wantValue{number(len(in)), share(len(in), len(hits))}
		}, size),
		o.first("agents", only(hits, of("bot")), func(s stored) []string { return []string{s.UserAgent} }, func(in []stored) []wantValue {
			return []wantValue{number(len(in))}
		}, size),
	}
}

func (o oracle) quality() []want {
	hits := o.hits()
	rows := only(o.rows(), func(s stored) bool { return s.Status == "recorded" })
	people := only(hits, of("human"))
	clocked := only(hits, func(s stored) bool { return s.ClientTS != 0 })
	lateIDs := different(only(rows, func(s stored) bool { return s.late }), func(s stored) string { return s.EventID })
	out := want{name: "checks"}
	for _, c := range []struct{ n, of int }{
		{len(rows) - len(hits), len(rows)},
		{lateIDs, len(hits)},
		{tally(hits, func(s stored) bool { return s.Truncated }), len(hits)},
		{tally(hits, func(s stored) bool { return len(s.Params) >= 30 }), len(hits)},
		{tally(hits, func(s stored) bool { return s.UserAgent == "" }), len(hits)},
		{tally(hits, func(s stored) bool { return s.PageURL == "" && s.PagePath == "" }), len(hits)},
		{tally(hits, of("unknown")), len(hits)},
		{tally(people, func(s stored) bool { return visitor(s) == "" }), len(people)},
		{tally(clocked, func(s stored) bool { return math.Abs(float64(s.ReceivedAt-s.ClientTS)) > 300_000 }), len(clocked)},
	} {
		out.rows = append(out.rows, wantRow{values: []wantValue{number(c.n), share(c.n, c.of)}})
	}
	return []want{out}
}

func (o oracle) drops() []want {
	records := o.records()
	dropped := only(records, func(s stored) bool { return s.Status != "recorded" })
	return []want{o.first("reasons", dropped, func(s stored) []string { return []string{strings.TrimPrefix(s.Status, "dropped:")} }, func(in []stored) []wantValue {
		return []wantValue{number(len(in)), share(len(in), len(records))}
	}, func(in []stored) []int { return []int{len(in)} })}
}

// differs says how a value is not the wanted one. The interval is found by
// halving: its ends are where the share lies z standard errors away.
func (w wantValue) differs(v report.Value) string {
	switch {
	case !w.share:
		if v.N == nil || *v.N != w.n || v.Low != nil || v.High != nil {
			return fmt.Sprintf("got %v, want %v", text(v.N), w.n)
		}
		return ""
	case w.of == 0:
		if v.N != nil || v.Low != nil || v.High != nil {
			return "a share of nothing is known"
		}
		return ""
	}
	p := w.n / w.of
	far := func(q float64) bool { return math.Abs(p-q) > 1.959963984540054*math.Sqrt(q*(1-q)/w.of) }
	low, high := border(p, 0, far), border(p, 1, far)
	for _, c := range []struct {
		got  *float64
		want float64
	}{{v.N, p}, {v.Low, low}, {v.High, high}} {
		if c.got == nil || math.Abs(*c.got-c.want) > 1e-9 {
			return fmt.Sprintf("got %s in %s to %s, want %v in %v to %v", text(v.N), text(v.Low), text(v.High), p, low, high)
		}
	}
	return ""
}

// border is where far begins between a share that is not far and an end.
func border(near, end float64, far func(float64) bool) float64 {
	if !far(end) {
		return end
	}
	for range 200 {
		if middle := (near + end) / 2; far(middle) {
			end = middle
		} else {
			near = middle
		}
	}
	return near
}

func text(n *float64) string {
	if n == nil {
		return "unknown"
	}
	return fmt.Sprint(*n)
}
