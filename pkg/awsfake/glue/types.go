package glue

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"pixelctl/pkg/awsfake/wire"
)

// account is the fake's account, which is also the id of its catalog.
const account = "123456789012"

// Int is a number that CloudFormation may send as text, as parameters are.
type Int int64

// UnmarshalJSON reads 60 and "60".
func (i *Int) UnmarshalJSON(text []byte) error {
	n, err := strconv.ParseInt(strings.Trim(string(text), `"`), 10, 64)
	if err != nil {
		return fmt.Errorf("%s is no integer", text)
	}
	*i = Int(n)
	return nil
}

// Bool is a truth value that CloudFormation may send as text.
type Bool bool

// UnmarshalJSON reads true and "true".
func (b *Bool) UnmarshalJSON(text []byte) error {
	v, err := strconv.ParseBool(strings.Trim(string(text), `"`))
	if err != nil {
		return fmt.Errorf("%s is no truth value", text)
	}
	*b = Bool(v)
	return nil
}

// Epoch is a time as AWS JSON has it: seconds since 1970, with fractions.
type Epoch float64

func epoch(t time.Time) Epoch { return Epoch(float64(t.UnixMilli()) / 1000) }

// Database is a Database of the API. It also reads the properties of
// AWS::Glue::Database, whose DatabaseInput holds the same names.
type Database struct {
	Name        string
	Description string            `json:",omitempty"`
	LocationURI string            `json:"LocationUri,omitempty"`
	Parameters  map[string]string `json:",omitempty"`
	CatalogID   string            `json:"CatalogId,omitempty"`
	CreateTime  Epoch             `json:",omitempty"`
}

// UnmarshalJSON reads a Database, DatabaseInput or the properties around it.
func (d *Database) UnmarshalJSON(text []byte) error {
	type plain Database
	var outer struct{ DatabaseInput *plain }
	if err := json.Unmarshal(text, &outer); err != nil {
		return err
	}
	if outer.DatabaseInput != nil {
		*d = Database(*outer.DatabaseInput)
		return nil
	}
	return json.Unmarshal(text, (*plain)(d))
}

// Table is a Table of the API. It also reads the properties of
// AWS::Glue::Table, whose TableInput holds the same names.
type Table struct {
	Name              string
	DatabaseName      string             `json:",omitempty"`
	Description       string             `json:",omitempty"`
	Owner             string             `json:",omitempty"`
	Retention         Int                `json:",omitempty"`
	StorageDescriptor *StorageDescriptor `json:",omitempty"`
	PartitionKeys     []Column           // null is an error for Athena
	ViewOriginalText  string             `json:",omitempty"`
	ViewExpandedText  string             `json:",omitempty"`
	TableType         string             `json:",omitempty"`
	Parameters        map[string]string  `json:",omitempty"`
	CatalogID         string             `json:"CatalogId,omitempty"`
	VersionID         string             `json:"VersionId,omitempty"`
	CreateTime        Epoch              `json:",omitempty"`
	UpdateTime        Epoch              `json:",omitempty"`
}

// UnmarshalJSON reads a Table, TableInput or the properties around it, whose
// DatabaseName it takes too.
func (t *Table) UnmarshalJSON(text []byte) error {
	type plain Table
	var outer struct {
		DatabaseName string
		TableInput   *plain
	}
	if err := json.Unmarshal(text, &outer); err != nil {
		return err
	}
	if outer.TableInput != nil {
		*t = Table(*outer.TableInput)
		t.DatabaseName = outer.DatabaseName
		return nil
	}
	return json.Unmarshal(text, (*plain)(t))
}

// Column is a column or a partition key.
type Column struct {
	Name       string
	Type       string            `json:",omitempty"`
	Comment    string            `json:",omitempty"`
	Parameters map[string]string `json:",omitempty"`
}

// StorageDescriptor says where the data lies and how it is read.
type StorageDescriptor struct {
	Columns                []Column          `json:",omitempty"`
	Location               string            `json:",omitempty"`
	InputFormat            string            `json:",omitempty"`
	OutputFormat           string            `json:",omitempty"`
	Compressed             Bool              `json:",omitempty"`
	NumberOfBuckets        Int               `json:",omitempty"`
	SerdeInfo              *SerDeInfo        `json:",omitempty"`
	Parameters             map[string]string `json:",omitempty"`
	StoredAsSubDirectories Bool              `json:",omitempty"`
}

// SerDeInfo names the library that reads rows.
type SerDeInfo struct {
	Name                 string            `json:",omitempty"`
	SerializationLibrary string            `json:",omitempty"`
	Parameters           map[string]string `json:",omitempty"`
}

// Partition is a Partition of the API. Values are in the order of the keys.
type Partition struct {
	Values            []string
	StorageDescriptor *StorageDescriptor `json:",omitempty"`
	Parameters        map[string]string  `json:",omitempty"`
	DatabaseName      string             `json:",omitempty"`
	TableName         string             `json:",omitempty"`
	CatalogID         string             `json:"CatalogId,omitempty"`
	CreationTime      Epoch              `json:",omitempty"`
	Location          string             `json:"-"` // of the StorageDescriptor
}

func missing(format string, args ...any) error {
	return wire.Error{Code: "EntityNotFoundException", Message: fmt.Sprintf(format, args...)}
}

func invalid(format string, args ...any) error {
	return wire.Error{Code: "InvalidInputException", Message: fmt.Sprintf(format, args...)}
}

func tooLong(field string, most int) error {
	return wire.Error{Code: "ValidationException", Message: fmt.Sprintf("1 validation error detected: Value at '%s' failed to satisfy constraint: Member must have length less than or equal to %d", field, most)}
}

func itoa(n int) string { return strconv.Itoa(n) }

func pad(n int) string { return fmt.Sprintf("%09d", n) }
