package traffic

import (
	"math"
	"time"
)

const hoursPerDay = 24

// rhythm is the share of a day's hits in each UTC hour: quiet at night, a
// plateau by day, most in the evening, when people book journeys.
var rhythm = [hoursPerDay]float64{
	18, 11, 7, 5, 5, 8, 16, 30, 44, 52, 56, 58,
	62, 58, 54, 53, 56, 62, 74, 90, 98, 86, 58, 34,
}

// clock gives each hit its client time, in ascending order.
type clock struct {
	start  time.Time
	step   time.Duration // between hits when there are no days
	random random
	dayEnd []int // number of the first hit after each day
	seed   uint64

	day     int
	hourEnd [hoursPerDay]int // of the current day
	hour    int
	left    int     // hits left in the current hour
	at      float64 // place in the current hour, 0 to 1
}

func newClock(o Options, now time.Time) *clock {
	c := &clock{start: now, seed: o.Seed, random: newRandom(), day: -1, hour: hoursPerDay}
	if o.Days == 0 {
		if o.Rate > 0 {
			c.step = time.Duration(float64(time.Second) / o.Rate)
		}
		return c
	}
	c.start = now.Add(-time.Duration(o.Days) * hoursPerDay * time.Hour)
	c.random.seed(o.Seed, streamDay, 0)
	c.dayEnd = ends(0, o.Count, newWheel(o.Days, func(day int) float64 {
		return (0.85 + 0.3*c.random.Float64()) * dayVolume(day, o.Days)
	}))
	return c
}

// ends deals the hits from first to last out to the parts of w and returns
// the number after the last hit of each part.
func ends(first, last int, w wheel) []int {
	out := make([]int, len(w))
	for i, sum := range w {
		out[i] = first + int(math.Round(float64(last-first)*sum/w[len(w)-1]))
	}
	return out
}

// place says where in time hit n stands: the day of the window and how much
// of that day's hits came before. It does not depend on the clock on the wall.
func (c *clock) place(n int) (day int, part float64) {
	if c.dayEnd == nil {
		return 0, 0
	}
	for day = max(c.day, 0); c.dayEnd[day] <= n; day++ {
	}
	first := c.dayStart(day)
	return day, float64(n-first) / float64(c.dayEnd[day]-first)
}

func (c *clock) dayStart(day int) int {
	if day == 0 {
		return 0
	}
	return c.dayEnd[day-1]
}

// next gives the time of hit n; hits are asked for in order.
func (c *clock) next(n int) time.Time {
	if c.dayEnd == nil {
		return c.start.Add(time.Duration(n) * c.step).Truncate(time.Millisecond)
	}
	if day, _ := c.place(n); day != c.day {
		c.openDay(day)
	}
	for c.left == 0 {
		c.openHour()
	}
	// The smallest of k uniform values, without drawing all k.
	c.at += (1 - c.at) * (1 - math.Pow(c.random.Float64(), 1/float64(c.left)))
	c.left--
	hours := float64(c.day*hoursPerDay+c.hour) + c.at
	return c.start.Add(time.Duration(hours * float64(time.Hour))).Truncate(time.Millisecond)
}

func (c *clock) openDay(day int) {
	c.day, c.hour, c.left = day, -1, 0
	c.random.seed(c.seed, streamTime, uint64(day)) //nolint:gosec // a day is never negative
	middle := c.start.Add(30 * time.Minute).UTC().Hour()
	copy(c.hourEnd[:], ends(c.dayStart(day), c.dayEnd[day], newWheel(hoursPerDay, func(h int) float64 {
		return rhythm[(middle+h)%hoursPerDay] * (0.9 + 0.2*c.random.Float64())
	})))
}

func (c *clock) openHour() {
	first := c.dayStart(c.day)
	if c.hour >= 0 {
		first = c.hourEnd[c.hour]
	}
	c.hour++
	c.left, c.at = c.hourEnd[c.hour]-first, 0
}
