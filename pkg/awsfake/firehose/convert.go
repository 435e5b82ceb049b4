package firehose

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pixelctl/pkg/awsfake/glue"
	"pixelctl/pkg/event"
	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/reject"
)

// Kind and codes of records that do not convert.
const (
	conversionFailed = "format-conversion-failed"
	entityNotFound   = "DataFormatConversion.EntityNotFound"
	attempts         = 1
	objectName       = "object" // stem of the converter's files
)

// converting is one conversion of a buffer.
type converting struct {
	schema  Schema
	columns event.Schema // of the table
	now     time.Time
	oldest  time.Time
	lines   bytes.Buffer         // the objects, one a line
	arrived map[string]time.Time // by line
	errors  bytes.Buffer         // error lines
	failed  int
}

// convert makes Parquet of the buffer with the record's own columns, and error
// lines of what does not fit. The converter writes a file for each hour of
// received_at; all of them go under the one prefix of the buffer, as Firehose
// goes by the oldest record's arrival only.
func (s *Server) convert(st *stream) ([]object, int, error) {
	if st.ExtendedS3DestinationConfiguration.DataFormatConversionConfiguration.OutputFormatConfiguration.Serializer.OrcSerDe != nil {
		return nil, 0, errors.New("the fake writes no ORC")
	}
	c := converting{
		schema: *st.ExtendedS3DestinationConfiguration.DataFormatConversionConfiguration.SchemaConfiguration,
		now:    s.clock.Now(), oldest: st.buffer[0].at, arrived: map[string]time.Time{},
	}
	table, missing := s.catalog.Table(c.schema.DatabaseName, c.schema.TableName)
	c.columns = columnsOf(table)
	for _, r := range st.buffer {
		if missing != nil {
			c.reject(r.data, r.at, entityNotFound, "The specified table/database could not be found.")
			continue
		}
		c.split(r)
	}
	files, err := c.run()
	if err != nil {
		return nil, 0, err
	}
	var objects []object
	for _, body := range files {
		objects = append(objects, object{body: body, extension: ".parquet"})
	}
	if c.errors.Len() > 0 {
		objects = append(objects, object{kind: conversionFailed, body: c.errors.Bytes()})
	}
	return objects, c.failed, nil
}

// columnsOf are those of the table as it is now: the stream asks for its latest
// version. Keys that are no column are dropped.
func columnsOf(t glue.Table) event.Schema {
	if t.StorageDescriptor == nil {
		return event.Schema{}
	}
	var list []event.GlueColumn
	for _, c := range t.StorageDescriptor.Columns {
		list = append(list, event.GlueColumn{Name: c.Name, Type: c.Type, Comment: c.Comment})
	}
	return event.SchemaOf(list)
}

// split takes the JSON objects of a record, which may follow each other with
// nothing between. Anything else, an array among it, fails the whole record.
func (c *converting) split(r record) {
	var found [][]byte
	in := json.NewDecoder(bytes.NewReader(r.data))
	for {
		var raw json.RawMessage
		err := in.Decode(&raw)
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil && !bytes.HasPrefix(raw, []byte("{")) {
			err = errors.New("the record is no JSON object")
		}
		var line bytes.Buffer
		if err == nil {
			err = json.Compact(&line, raw)
		}
		if err != nil {
			c.reject(bytes.TrimRight(r.data, "\r\n"), r.at, reject.ParseError, "Encountered malformed JSON: "+err.Error())
			return
		}
		found = append(found, line.Bytes())
	}
	for _, line := range found {
		c.arrived[string(line)] = r.at
		c.lines.Write(append(line, '\n'))
	}
}

// reject adds the error line of a record.
func (c *converting) reject(raw []byte, at time.Time, code, message string) {
	c.failed++
	c.append(reject.ErrorLine{ArrivalTimestamp: at.UnixMilli(), LastErrorCode: code, LastErrorMessage: message, RawData: raw})
}

func (c *converting) append(l reject.ErrorLine) {
	l.AttemptsMade, l.AttemptEndingTimestamp = attempts, c.now.UnixMilli()
	l.DataCatalogTable = reject.Table{DatabaseName: c.schema.DatabaseName, TableName: c.schema.TableName}
	if c.schema.Region != "" {
		l.DataCatalogTable.Region = &c.schema.Region
	}
	if c.schema.VersionID != "" {
		l.DataCatalogTable.VersionID = &c.schema.VersionID
	}
	c.errors.Write(reject.AppendErrorLine(nil, l))
}

// run converts the lines and gives the Parquet files.
func (c *converting) run() (files [][]byte, err error) {
	if c.lines.Len() == 0 {
		return nil, nil
	}
	dir, err := os.MkdirTemp("", "firehose-*")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	source := filepath.Join(dir, "records.ndjson")
	if err := os.WriteFile(source, c.lines.Bytes(), 0o600); err != nil {
		return nil, err
	}
	ctx := context.Background() //nolint:forbidigo // the clock's hooks and Firehose itself have no caller
	if _, err := duck.Convert(ctx, duck.ConvertOptions{Source: source, Staging: dir, Name: objectName, At: c.now, Schema: c.columns}); err != nil {
		return nil, fmt.Errorf("convert records: %w", err)
	}
	if err := c.rejected(filepath.Join(dir, filepath.FromSlash(reject.FileName(objectName)))); err != nil {
		return nil, err
	}
	return parquet(os.DirFS(dir))
}

// parquet reads the files that the converter wrote; none when no line became a
// row.
func parquet(dir fs.FS) (files [][]byte, err error) {
	err = fs.WalkDir(dir, "data", func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".parquet") {
			return err
		}
		body, err := fs.ReadFile(dir, path)
		files = append(files, body)
		return err
	})
	return files, err
}

// rejected takes over the converter's error lines, with the arrival at the
// stream.
func (c *converting) rejected(path string) error {
	body, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(bytes.NewReader(body))
	lines.Buffer(nil, 4*maxRecord)
	for lines.Scan() {
		l, err := reject.ParseErrorLine(lines.Bytes())
		if err != nil {
			return err
		}
		at, ok := c.arrived[string(l.RawData)]
		if !ok {
			at = c.oldest
		}
		l.ArrivalTimestamp = at.UnixMilli()
		c.failed++
		c.append(l)
	}
	return lines.Err()
}
