package cmd

import (
	"github.com/spf13/cobra"

	"pixelctl/pkg/pipeline"
)

func newSubject(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "subject", GroupID: groupData, Args: unknownCommand,
		Short: "Find, export or erase what is stored about a person",
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newSubjectFind(a), newSubjectExport(a), newSubjectErase(a))
	return c
}

// subjectFlags name one person.
type subjectFlags struct {
	user, visitor, network, ip string
	when                       windowFlags
}

// columns are what each flag is compared with.
func (s *subjectFlags) columns() []struct {
	flag, column string
	value        *string
	usage        string
} {
	return []struct {
		flag, column string
		value        *string
		usage        string
	}{
		{"user", "user_id", &s.user, "user that pages name (user_id)"},
		{"visitor", "visitor_id", &s.visitor, "visitor that pages name (visitor_id)"},
		{"network", "network_id", &s.network, "collector's cookie pxid, or network_id"},
		{"ip", "ip", &s.ip, "address, whole or as the network it is cut to"},
	}
}

func (s *subjectFlags) add(c *cobra.Command) {
	var names []string
	c.Flags().SortFlags = false
	for _, f := range s.columns() {
		c.Flags().StringVar(f.value, f.flag, "", f.usage)
		names = append(names, f.flag)
	}
	s.when.add(c, "first instant to look at, or a name such as yesterday for all of it", "first instant to leave out again")
	c.MarkFlagsMutuallyExclusive(names...)
	c.MarkFlagsOneRequired(names...)
}

// unknown tells what a search cannot know where the result has no room for it:
// lines that are piped.
func (a *app) unknown(sink pipeline.Sink, step string, notes []string) {
	if a.streams.Out.TTY || a.flags.json {
		return
	}
	for _, n := range notes {
		sink.Send(pipeline.Event{Phase: pipeline.Warn, Step: step, Text: n})
	}
}

// subject refuses what can name nobody before anything is asked.
func (s *subjectFlags) subject(a *app, c *cobra.Command) (p pipeline.Subject, err error) {
	if p.Window, err = s.when.window(a); err != nil {
		return p, err
	}
	for _, f := range s.columns() {
		if c.Flags().Changed(f.flag) {
			p.Column, p.Value = f.column, *f.value
		}
	}
	return p, p.Validate()
}
