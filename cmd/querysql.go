package cmd

import (
	"errors"
	"io"
	"os"

	"github.com/spf13/cobra"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/query"
	"pixelctl/pkg/spec/specfile"
)

// maxSQL is the longest statement that Athena takes, in bytes.
const maxSQL = 262144

// statements are what is to be asked: one, or those of a file or under a name.
func (a *app) statements(c *cobra.Command, args []string, q question) ([]string, error) {
	var sql string
	var err error
	several := q.file != ""
	if len(args) == 1 && q.file == "" && q.save == "" && specfile.IsQueryName(args[0]) {
		several = true
		sql, err = a.savedSQL(args[0])
	} else {
		sql, err = readSQL(c, args, q.file, a.streams.In)
	}
	list := query.Split(sql)
	switch {
	case err != nil || len(list) == 0:
		return []string{sql}, err // the target says that there is none
	case several:
		return list, nil
	case len(list) > 1:
		return nil, usage(c, "query: more than one statement is given as one").WithHint("put them into a file: pixelctl query -f FILE")
	}
	return []string{sql}, nil
}

// readSQL takes the statement from the argument, a file or standard input.
func readSQL(c *cobra.Command, args []string, file string, in io.Reader) (string, error) {
	switch {
	case file == "" && len(args) == 0:
		return "", usage(c, "query: no SQL is given").WithHint(`pixelctl query "SELECT count(*) FROM hits"`)
	case file != "" && len(args) > 0:
		return "", usage(c, "query: SQL is given as argument and with --file; give one")
	case file == "" && args[0] != "-":
		return args[0], checkSQL(args[0])
	case file == "-" || file == "":
		sql, err := readInput(c.Context(), "SQL from standard input", in, maxSQL)
		return sql, errors.Join(err, checkSQL(sql))
	}
	f, err := os.Open(file)
	if err != nil {
		return "", fault.New(fault.Usage, "read SQL: %w", err)
	}
	sql, err := readInput(c.Context(), "SQL from "+file, f, maxSQL)
	return sql, errors.Join(err, checkSQL(sql), f.Close())
}

func checkSQL(sql string) error {
	if len(sql) > maxSQL {
		return fault.New(fault.Usage, "query: the SQL is longer than %d bytes", maxSQL)
	}
	return nil
}

// savedQueries are those of the project's file.
func (a *app) savedQueries() ([]specfile.Query, error) {
	name, data, err := a.specSource()
	if err != nil {
		return nil, err
	}
	return specfile.Queries(name, data)
}

// savedSQL finds a statement by its name.
func (a *app) savedSQL(name string) (string, error) {
	list, err := a.savedQueries()
	if err != nil {
		return "", err
	}
	names := make([]string, len(list))
	for i, q := range list {
		if names[i] = q.Name; q.Name == name {
			return q.SQL, nil
		}
	}
	e := fault.New(fault.Usage, "query: no query is saved as %q", name)
	if near := fault.Nearest(name, names); near != "" {
		return "", e.WithHint("did you mean pixelctl query %s?", near)
	}
	return "", e.WithHint(`pixelctl query --save %s "SELECT count(*) FROM hits"`, name)
}

// queryNames completes a name; nothing is asked for it but the project's file.
func (a *app) queryNames(_ *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
	list, err := a.savedQueries()
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	names := make([]string, len(list))
	for i, q := range list {
		names[i] = q.Name
	}
	return fixed(names...)(nil, nil, prefix)
}
