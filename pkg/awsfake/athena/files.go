package athena

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"strings"

	"pixelctl/pkg/query"
)

// write puts the result file, and beside it the columns in the form that
// Athena's own drivers read. DDL without columns has no such file.
func (s *Server) write(ctx context.Context, e QueryExecution, st statement, out outcome) error {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(e.ResultConfiguration.OutputLocation, "s3://"), "/")
	if st.run != unloads {
		body := joined(out.result)
		if st.run == reads {
			body = CSV(out.result)
		}
		if err := s.o.Store.Put(ctx, bucket, key, body); err != nil {
			return fmt.Errorf("write %s: %w", e.ResultConfiguration.OutputLocation, err)
		}
	}
	if len(out.result.Columns) == 0 {
		return nil
	}
	if err := s.o.Store.Put(ctx, bucket, key+".metadata", metadata(e.QueryExecutionID, out.result.Columns)); err != nil {
		return fmt.Errorf("write %s.metadata: %w", e.ResultConfiguration.OutputLocation, err)
	}
	return nil
}

// CSV is the file of a SELECT: the names, then the rows. Every value stands in
// quotes, which are doubled within; NULL is nothing at all. Lines end with a
// newline.
func CSV(r Result) []byte {
	var b bytes.Buffer
	header := make([]*string, len(r.Columns))
	for i := range r.Columns {
		header[i] = &r.Columns[i].Name
	}
	csvLine(&b, header)
	for _, values := range r.Rows {
		csvLine(&b, values)
	}
	return b.Bytes()
}

func csvLine(b *bytes.Buffer, values []*string) {
	for i, v := range values {
		if i > 0 {
			b.WriteByte(',')
		}
		if v != nil {
			b.WriteString(`"` + strings.ReplaceAll(*v, `"`, `""`) + `"`)
		}
	}
	b.WriteByte('\n')
}

// joined is the file of any other statement: columns joined by tabs, rows by
// newlines, no header.
func joined(r Result) []byte {
	rows := make([]string, len(r.Rows))
	for i, values := range r.Rows {
		cells := make([]string, len(values))
		for j, v := range values {
			if v != nil {
				cells[j] = *v
			}
		}
		rows[i] = strings.Join(cells, "\t")
	}
	return []byte(strings.Join(rows, "\n"))
}

// Fields of the protobuf messages of a .metadata file: the id of the query and
// its columns, and of each column what ColumnInfo has.
const (
	fieldID, fieldColumn                                         = 1, 4
	fieldCatalog, fieldName, fieldLabel, fieldType               = 1, 4, 5, 6
	fieldPrecision, fieldScale, fieldNullable, fieldCaseSensitve = 7, 8, 9, 10
	nullableUnknown                                              = 3
)

func metadata(id string, columns []query.Column) []byte {
	out := protoText(nil, fieldID, id)
	for _, info := range columnInfos(columns) {
		c := protoText(nil, fieldCatalog, info.CatalogName)
		c = protoText(c, fieldName, info.Name)
		c = protoText(c, fieldLabel, info.Label)
		c = protoText(c, fieldType, info.Type)
		c = protoNumber(c, fieldPrecision, info.Precision)
		c = protoNumber(c, fieldScale, info.Scale)
		c = protoNumber(c, fieldNullable, nullableUnknown)
		if info.CaseSensitive {
			c = protoNumber(c, fieldCaseSensitve, 1)
		}
		out = protoText(out, fieldColumn, string(c))
	}
	return out
}

// protoText appends a field of bytes, protoNumber one of a varint.
func protoText(to []byte, field int, s string) []byte {
	to = binary.AppendUvarint(to, uint64(field)<<3|2) //nolint:gosec // a small constant
	return append(binary.AppendUvarint(to, uint64(len(s))), s...)
}

func protoNumber(to []byte, field, n int) []byte {
	to = binary.AppendUvarint(to, uint64(field)<<3) //nolint:gosec // a small constant
	return binary.AppendUvarint(to, uint64(n))      //nolint:gosec // not negative
}
