package beacon

import (
	"math"
	"strconv"
	"strings"
	"time"

	"pixelctl/pkg/event"
)

// setEvent takes the event's name. What trackers call a page view is a view,
// and GoatCounter's flag an event.
func setEvent(rec *event.Record, p *pair) bool {
	rec.Event = p.val
	switch {
	case p.rank == rankE:
		switch p.val {
		case "pv", "0", "false", "off":
			rec.Event = event.DefaultEvent
		case "1", "true", "on":
			rec.Event = "event"
		}
	case p.rank >= rankNamed:
		switch p.val {
		case "pageview", "page_view", "_page_view":
			rec.Event = event.DefaultEvent
		}
	}
	return true
}

// setPath takes GoatCounter's and Fathom's path, to which GoatCounter adds the
// query; Snowplow's p is a platform.
func setPath(rec *event.Record, p *pair) bool {
	if rec.PageURL != "" || p.val[0] != '/' {
		return false
	}
	rec.PagePath, rec.PageQuery, _ = strings.Cut(p.val, "?")
	return true
}

// setReferrer takes any text but a bare number: Matomo's r is a random one.
func setReferrer(rec *event.Record, p *pair) bool {
	if isDigits(p.val) {
		return false
	}
	rec.ReferrerURL = p.val
	return true
}

// setClick takes a click id; its name tells the network.
func setClick(rec *event.Record, p *pair) bool {
	rec.ClickID = p.val
	rec.ClickIDPlatform = orElse(rec.ClickIDPlatform, clickNetworks[p.rank])
	return true
}

// setScreen takes 1920x1080, or GoatCounter's 1920,1080,1, or from some names
// the width alone.
func setScreen(rec *event.Record, p *pair) bool {
	if p.rank >= rankWidths {
		w, ok := pixels(p.val)
		rec.ScreenWidth = event.Opt[int32]{V: w, Set: ok}
		return ok
	}
	width, height, ok := strings.Cut(p.val, "x")
	if !ok {
		width, height, ok = strings.Cut(p.val, ",")
		height, _, _ = strings.Cut(height, ",")
	}
	w, okW := pixels(width)
	h, okH := pixels(height)
	if !ok || !okW || !okH {
		return false
	}
	rec.ScreenWidth, rec.ScreenHeight = event.Some(w), event.Some(h)
	return true
}

func pixels(s string) (int32, bool) {
	if len(s) > 9 || !isDigits(s) {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 32)
	return int32(n), err == nil
}

// setValue takes a finite decimal number.
func setValue(rec *event.Record, p *pair) bool {
	for i := range len(p.val) {
		if c := p.val[i]; c > '9' && c|0x20 != 'e' { // NaN, Inf, hex
			return false
		}
	}
	v, err := strconv.ParseFloat(p.val, 64)
	if err != nil || math.IsInf(v, 0) {
		return false
	}
	rec.Value = event.Some(v)
	return true
}

// Client times are believed from 2000-01-01 to 2100-01-01, in seconds.
const (
	minSeconds = 946684800
	maxSeconds = 4102444800
)

// setTime takes milliseconds since 1970; Matomo's cdt also seconds or
// yyyy-MM-dd HH:mm:ss in UTC.
func setTime(rec *event.Record, p *pair) bool {
	ms, ok := milliseconds(p.val, p.rank == rankCdt)
	if !ok || ms < minSeconds*1000 || ms >= maxSeconds*1000 {
		return false
	}
	rec.ClientTS = event.Millis(ms)
	return true
}

func milliseconds(s string, cdt bool) (int64, bool) {
	if isDigits(s) {
		n, err := strconv.ParseInt(s, 10, 64)
		if cdt && n < maxSeconds {
			n *= 1000
		}
		return n, err == nil
	}
	if !cdt {
		return 0, false
	}
	t, err := time.Parse(time.DateTime, s)
	return t.UnixMilli(), err == nil
}

// isDigits says whether s is a number without sign.
func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
