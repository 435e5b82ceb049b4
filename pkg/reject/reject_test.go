package reject_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"pixelctl/pkg/reject"
)

func line() reject.ErrorLine {
	return reject.ErrorLine{
		AttemptsMade:           1,
		ArrivalTimestamp:       1789014240448,
		LastErrorCode:          reject.ParseError,
		LastErrorMessage:       "Encountered malformed JSON.",
		AttemptEndingTimestamp: 1789014301529,
		RawData:                []byte("oops"),
		DataCatalogTable:       reject.Table{DatabaseName: "pixelctl", TableName: "tp_hits"},
	}
}

func TestAppendErrorLineIsFirehoseShape(t *testing.T) {
	t.Parallel()
	const want = `{"attemptsMade":1,"arrivalTimestamp":1789014240448,` +
		`"lastErrorCode":"DataFormatConversion.ParseError","lastErrorMessage":"Encountered malformed JSON.",` +
		`"attemptEndingTimestamp":1789014301529,"rawData":"b29wcw==","sequenceNumber":null,"subSequenceNumber":null,` +
		`"dataCatalogTable":{"catalogId":null,"databaseName":"pixelctl","tableName":"tp_hits","region":null,"versionId":null,"catalogArn":null}}` + "\n"
	got := string(reject.AppendErrorLine([]byte("before|"), line()))
	if got != "before|"+want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// The hand-written encoder and the struct's JSON tags must not drift apart.
func TestAppendErrorLineAgreesWithTags(t *testing.T) {
	t.Parallel()
	text, number := "text", int64(7)
	full := line()
	full.SequenceNumber, full.SubSequenceNumber = &text, &number
	full.DataCatalogTable.CatalogID, full.DataCatalogTable.Region = &text, &text
	full.DataCatalogTable.VersionID, full.DataCatalogTable.CatalogARN = &text, &text
	for _, l := range []reject.ErrorLine{line(), full} {
		want, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		got := reject.AppendErrorLine(nil, l)
		if !bytes.Equal(bytes.TrimSuffix(got, []byte("\n")), want) {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		back, err := reject.ParseErrorLine(got)
		if err != nil || !reflect.DeepEqual(back, l) {
			t.Errorf("parsed %+v (%v), want %+v", back, err, l)
		}
	}
}

func TestParseErrorLineRefusesOtherText(t *testing.T) {
	t.Parallel()
	if _, err := reject.ParseErrorLine([]byte(`{"rawData":`)); err == nil {
		t.Error("half a line was accepted")
	}
}

func FuzzAppendErrorLine(f *testing.F) {
	f.Add("msg \x00 \" \\ \u2028 \xff", []byte("{\"a\":\x00\xff"))
	f.Fuzz(func(t *testing.T, message string, raw []byte) {
		l := line()
		l.LastErrorMessage, l.RawData = message, raw
		got := reject.AppendErrorLine(nil, l)
		if n := bytes.IndexByte(got, '\n'); n != len(got)-1 {
			t.Fatalf("newline inside the line: %q", got)
		}
		back, err := reject.ParseErrorLine(got)
		if err != nil {
			t.Fatalf("%v: %s", err, got)
		}
		if !bytes.Equal(back.RawData, raw) {
			t.Errorf("raw %q, want %q", back.RawData, raw)
		}
		if want := string([]rune(message)); back.LastErrorMessage != want {
			t.Errorf("message %q, want %q", back.LastErrorMessage, want)
		}
	})
}
