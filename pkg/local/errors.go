package local

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"pixelctl/pkg/event"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/redrive"
)

// errorSuffix ends the names of files of error lines.
const errorSuffix = ".json"

// Errors reads the lines that did not become rows and judges each by the
// columns that the table has now.
func (t *Target) Errors(ctx context.Context, o pipeline.ErrorsOptions, _ pipeline.Sink) (pipeline.ErrorReport, error) {
	report := pipeline.ErrorReport{Groups: []pipeline.ErrorGroup{}, Shown: []pipeline.Rejected{}}
	if !exists(t.l.Settings()) && !exists(t.l.Lake()) {
		return report, t.notDeployed(fs.ErrNotExist)
	}
	schema, err := t.columns()
	if err != nil {
		return report, err
	}
	c := errorCount{o: o, reader: redrive.NewReader(schema), report: &report}
	err = walkFiles(t.l.Errors(), errorSuffix, func(path string, _ fs.FileInfo) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return c.file(path, t.lakeName(path))
	})
	report.Records, report.Groups = c.tally.Records, c.tally.Groups()
	report.Notes = t.errorNotes(c.unread)
	return report, err
}

// errorCount counts error lines, file by file.
type errorCount struct {
	o      pipeline.ErrorsOptions
	reader *redrive.Reader
	tally  redrive.Tally
	unread int64
	report *pipeline.ErrorReport
}

func (c *errorCount) file(path, name string) error {
	body, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before := c.tally.Records
	for line := range bytes.Lines(body) {
		r, ok := c.reader.ErrorLine(line, name)
		switch {
		case !ok:
			c.unread++
		case redrive.Selects(c.o.Window, c.o.Reason, r):
			if c.tally.Add(r); len(c.report.Shown) < c.o.Limit {
				c.report.Shown = append(c.report.Shown, r.Rejected)
			}
		}
	}
	if c.tally.Records > before {
		c.report.Files++
	}
	return nil
}

// columns are those of the table: by the settings, or of data that was kept.
func (t *Target) columns() (event.Schema, error) {
	if exists(t.l.Settings()) {
		return settingsSchema(t.l)
	}
	c, _, err := readCatalog(t.l)
	if err != nil {
		return event.Schema{}, err
	}
	return schemaOf(c), nil
}

func (t *Target) errorNotes(unread int64) []string {
	notes := []string{}
	if unread > 0 {
		notes = append(notes, fmt.Sprintf("lines under %s that are no error lines: %d", t.l.Errors(), unread))
	}
	torn, err := measure(t.l.Errors(), ".bin")
	if err == nil && torn.Files > 0 {
		notes = append(notes, fmt.Sprintf("torn ends of segments under %s: %d; none of them had been answered, so there is nothing to replay", t.l.Errors(), torn.Files))
	}
	if exists(t.l.Replay()) {
		notes = append(notes, "a replay is under way, or was killed: "+t.l.command("errors replay")+" ends it")
	}
	return notes
}

// errorFiles lists the files of error lines that a replay may touch: not those
// whose segment is still in the spool, because its next flush writes them anew.
// The spool is listed after them.
func (t *Target) errorFiles() (files []string, waiting int, err error) {
	err = walkFiles(t.l.Errors(), errorSuffix, func(path string, _ fs.FileInfo) error {
		files = append(files, path)
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	spooled, err := segmentsIn(t.l.Spool())
	if err != nil {
		return nil, 0, err
	}
	free := files[:0]
	for _, f := range files {
		if !spooled[strings.TrimSuffix(filepath.Base(f), errorSuffix)] {
			free = append(free, f)
		}
	}
	return free, len(files) - len(free), nil
}
