package cmd

import (
	"time"

	"github.com/spf13/cobra"

	"pixelctl/pkg/query"
)

// windowFlags are those of each command that takes a window of time.
type windowFlags struct{ since, until, tz string }

// timesHelp says what a time may be; it fits behind another sentence.
const timesHelp = `Times
are RFC 3339, dates and times in the zone of --tz, how long ago (36h, 30d, 2w),
or names: now, today, yesterday, this week, last month, last 7 days (without
today). A name in --since alone is that span; elsewhere it is its first moment.`

// add declares them; the texts say what the ends mean for the command.
func (w *windowFlags) add(c *cobra.Command, since, until string) {
	f := c.Flags()
	f.StringVar(&w.since, "since", "", since)
	f.StringVar(&w.until, "until", "", until)
	f.StringVar(&w.tz, "tz", "", "time zone of dates and names, such as Europe/Berlin; UTC by default")
	for _, name := range []string{"since", "until"} {
		_ = c.RegisterFlagCompletionFunc(name, fixed(query.WindowNames()...))
	}
}

// window reads them at the time in which this run lives.
func (w *windowFlags) window(a *app) (query.Window, error) {
	return query.ParseWindow(w.since, w.until, w.tz, a.now())
}

// now is the time in which this run lives.
func (a *app) now() time.Time {
	if a.clock != nil {
		return a.clock.Now()
	}
	return time.Now()
}
