// Package reject is the shape of a line that did not convert: the JSON line
// that Firehose writes under its error prefix, so that one reader serves both
// targets.
package reject

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// Dir is where error files lie, relative to the lake. The last element is
// Firehose's error-output-type.
const Dir = "errors/format-conversion-failed"

// Codes that Firehose gives a record it could not convert.
const (
	ParseError    = "DataFormatConversion.ParseError"    // not JSON
	MalformedData = "DataFormatConversion.MalformedData" // JSON that does not fit the columns
)

// ErrorLine is one rejected record. Names and order are those of Firehose's
// guide, "Handling errors for data format conversion"; of its two spellings of
// the code and the message this is the one seen in delivered objects.
// Times are milliseconds since 1970-01-01 UTC.
type ErrorLine struct {
	AttemptsMade           int64   `json:"attemptsMade"`
	ArrivalTimestamp       int64   `json:"arrivalTimestamp"` // of the record, or of its segment when the record cannot be read
	LastErrorCode          string  `json:"lastErrorCode"`    // ParseError or MalformedData
	LastErrorMessage       string  `json:"lastErrorMessage"`
	AttemptEndingTimestamp int64   `json:"attemptEndingTimestamp"`
	RawData                []byte  `json:"rawData"`           // the record without its newline; base64 in JSON
	SequenceNumber         *string `json:"sequenceNumber"`    // of a Kinesis source; null for records put directly
	SubSequenceNumber      *int64  `json:"subSequenceNumber"` // likewise
	DataCatalogTable       Table   `json:"dataCatalogTable"`
}

// Table names the table the record was meant for. Absent members are null.
type Table struct {
	CatalogID    *string `json:"catalogId"`
	DatabaseName string  `json:"databaseName"`
	TableName    string  `json:"tableName"`
	Region       *string `json:"region"`
	VersionID    *string `json:"versionId"`
	CatalogARN   *string `json:"catalogArn"`
}

// FileName returns the path of the error file of a segment, relative to the
// lake, with slashes.
func FileName(segment string) string { return Dir + "/" + segment + ".json" }

// AppendErrorLine appends l as one JSON line with its newline to dst. Invalid
// UTF-8 in texts is replaced; RawData keeps every byte.
func AppendErrorLine(dst []byte, l ErrorLine) []byte {
	dst = append(dst, `{"attemptsMade":`...)
	dst = strconv.AppendInt(dst, l.AttemptsMade, 10)
	dst = append(dst, `,"arrivalTimestamp":`...)
	dst = strconv.AppendInt(dst, l.ArrivalTimestamp, 10)
	dst = appendMember(dst, "lastErrorCode", &l.LastErrorCode)
	dst = appendMember(dst, "lastErrorMessage", &l.LastErrorMessage)
	dst = append(dst, `,"attemptEndingTimestamp":`...)
	dst = strconv.AppendInt(dst, l.AttemptEndingTimestamp, 10)
	dst = append(dst, `,"rawData":"`...)
	dst = base64.StdEncoding.AppendEncode(dst, l.RawData)
	dst = append(dst, '"')
	dst = appendMember(dst, "sequenceNumber", l.SequenceNumber)
	dst = append(dst, `,"subSequenceNumber":`...)
	if l.SubSequenceNumber == nil {
		dst = append(dst, "null"...)
	} else {
		dst = strconv.AppendInt(dst, *l.SubSequenceNumber, 10)
	}
	dst = append(dst, `,"dataCatalogTable":{"catalogId":`...)
	dst = appendText(dst, l.DataCatalogTable.CatalogID)
	dst = appendMember(dst, "databaseName", &l.DataCatalogTable.DatabaseName)
	dst = appendMember(dst, "tableName", &l.DataCatalogTable.TableName)
	dst = appendMember(dst, "region", l.DataCatalogTable.Region)
	dst = appendMember(dst, "versionId", l.DataCatalogTable.VersionID)
	dst = appendMember(dst, "catalogArn", l.DataCatalogTable.CatalogARN)
	return append(dst, "}}\n"...)
}

// ParseErrorLine reads one line that AppendErrorLine or Firehose wrote.
func ParseErrorLine(line []byte) (ErrorLine, error) {
	var l ErrorLine
	if err := json.Unmarshal(line, &l); err != nil {
		return ErrorLine{}, fmt.Errorf("parse error line: %w", err)
	}
	return l, nil
}

func appendMember(dst []byte, name string, value *string) []byte {
	dst = append(dst, `,"`...)
	dst = append(dst, name...)
	dst = append(dst, `":`...)
	return appendText(dst, value)
}

func appendText(dst []byte, text *string) []byte {
	if text == nil {
		return append(dst, "null"...)
	}
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for _, r := range *text {
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return append(dst, '"')
}
