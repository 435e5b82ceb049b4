package athena

import (
	"context"
	"fmt"
	"strings"

	"pixelctl/pkg/awsfake/athena/lexer"
)

// unloading is an UNLOAD as it was read.
type unloading struct {
	query string
	Unload
}

// unload reads UNLOAD (query) TO 's3://…' WITH (format = 'PARQUET', …).
func (s *statement) unload() (unloading, error) {
	var u unloading
	c := s.after(1)
	open := c.next()
	if !open.Is("(") {
		return u, asRefusal(c.wrong(open))
	}
	depth := 1
	var closing lexer.Token
	for depth > 0 {
		closing = c.next()
		switch {
		case closing.Is("("):
			depth++
		case closing.Is(")"):
			depth--
		case closing.Text == "" && closing.Kind == lexer.Sign:
			return u, asRefusal(c.wrong(closing))
		}
	}
	// Spaces keep the places of errors where they are in the statement.
	u.query = blanked(s.sql[:open.End]) + s.sql[open.End:closing.Start]
	if !c.take("to") {
		return u, asRefusal(c.wrong(c.next()))
	}
	u.Location = c.next().Text
	if _, _, err := location(u.Location); err != nil {
		return u, err
	}
	u.Location = strings.TrimSuffix(u.Location, "/") + "/"
	return u, asRefusal(u.with(c))
}

// blanked keeps the newlines of s.
func blanked(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		return ' '
	}, s)
}

// with reads the properties. PARQUET is what the fake knows best; it takes the
// formats that Athena does.
func (u *unloading) with(c *cursor) error {
	if !c.take("with") || !c.take("(") {
		return c.wrong(c.next())
	}
	for more := true; more; more = c.take(",") {
		name, err := c.name()
		if err != nil {
			return err
		}
		if !c.take("=") {
			return c.wrong(c.next())
		}
		v := c.next()
		switch name {
		case "format":
			u.Format = strings.ToUpper(v.Text)
		case "compression":
			u.Codec = strings.ToUpper(v.Text)
		default:
			return &QueryError{Name: MalformedQuery, Message: fmt.Sprintf("UNLOAD: the fake has no property %s", name)}
		}
	}
	if !c.take(")") {
		return c.wrong(c.next())
	}
	switch u.Format {
	case "PARQUET", "JSON", "ORC", "TEXTFILE", "AVRO":
		return c.end()
	}
	return &QueryError{Name: MalformedQuery, Message: "Format is not specified or not supported: " + u.Format}
}

// asRefusal makes a failure to read a statement one of StartQueryExecution.
func asRefusal(err error) error {
	if f, ok := err.(*QueryError); ok { //nolint:errorlint // made above, never wrapped
		return invalid(f.Name, "%s", f.Message)
	}
	return err
}

// unload writes the files and the list of them, the manifest.
func (s *Server) unload(ctx context.Context, e QueryExecution, st statement, ask Statement) (out outcome) {
	u, err := st.unload()
	if err != nil {
		return outcome{err: err}
	}
	bucket, prefix, err := location(u.Location)
	if err != nil {
		return outcome{err: err}
	}
	taken, err := s.o.Store.List(ctx, bucket, prefix)
	if err != nil {
		return outcome{err: err}
	}
	if len(taken) > 0 {
		return outcome{err: Fail("HIVE_PATH_ALREADY_EXISTS", "Target directory already exists: %s", u.Location)}
	}
	ask.SQL = u.query
	done, err := s.o.Backend.Unload(ctx, ask, u.Unload)
	if err != nil {
		return outcome{err: err}
	}
	results := e.ResultConfiguration.OutputLocation
	out.manifest = results + "-manifest.csv"
	out.result.Scanned, out.updates = done.Scanned, &done.Rows
	toBucket, key, _ := strings.Cut(strings.TrimPrefix(out.manifest, "s3://"), "/")
	out.err = s.o.Store.Put(ctx, toBucket, key, []byte(strings.Join(append(done.Files, ""), "\n")))
	return out
}
