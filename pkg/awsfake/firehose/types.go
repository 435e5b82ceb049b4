package firehose

import (
	"encoding/json"
	"time"

	"pixelctl/pkg/awsfake/glue"
)

// Stream has the names of AWS::KinesisFirehose::DeliveryStream and of the input
// of CreateDeliveryStream. The fake knows direct puts to S3.
type Stream struct {
	DeliveryStreamName                         string
	DeliveryStreamType                         string `json:",omitempty"` // DirectPut, also when empty
	ExtendedS3DestinationConfiguration         *Destination
	DeliveryStreamEncryptionConfigurationInput *Encryption `json:",omitempty"`
	Tags                                       []Tag       `json:",omitempty"`
}

// Destination is an ExtendedS3 destination as it is configured and described.
type Destination struct {
	RoleARN                           string                   `json:",omitempty"`
	BucketARN                         string                   `json:",omitempty"`
	Prefix                            string                   `json:",omitempty"`
	ErrorOutputPrefix                 string                   `json:",omitempty"`
	BufferingHints                    *BufferingHints          `json:",omitempty"`
	CompressionFormat                 string                   `json:",omitempty"`
	FileExtension                     string                   `json:",omitempty"`
	CustomTimeZone                    string                   `json:",omitempty"`
	DataFormatConversionConfiguration *Conversion              `json:",omitempty"`
	ProcessingConfiguration           *ProcessingConfiguration `json:",omitempty"`
	CloudWatchLoggingOptions          *LoggingOptions          `json:",omitempty"`
	EncryptionConfiguration           json.RawMessage          `json:",omitempty"`
	S3BackupMode                      string                   `json:",omitempty"`
}

// BufferingHints say when a buffer is full; both are given or none.
type BufferingHints struct {
	SizeInMBs         *glue.Int `json:",omitempty"`
	IntervalInSeconds *glue.Int `json:",omitempty"`
}

// Conversion is a DataFormatConversionConfiguration. It is on unless Enabled
// is false.
type Conversion struct {
	Enabled                   *glue.Bool         `json:",omitempty"`
	SchemaConfiguration       *Schema            `json:",omitempty"`
	InputFormatConfiguration  *InputFormat       `json:",omitempty"`
	OutputFormatConfiguration *OutputFormatGroup `json:",omitempty"`
}

// Schema names the Glue table whose columns the records have.
type Schema struct {
	RoleARN      string `json:",omitempty"`
	CatalogID    string `json:"CatalogId,omitempty"`
	DatabaseName string `json:",omitempty"`
	TableName    string `json:",omitempty"`
	Region       string `json:",omitempty"`
	VersionID    string `json:"VersionId,omitempty"`
}

// InputFormat is how records are read. The fake reads JSON one way only.
type InputFormat struct{ Deserializer Deserializer }

// Deserializer has one member.
type Deserializer struct {
	OpenXJSONSerDe json.RawMessage `json:"OpenXJsonSerDe,omitempty"`
	HiveJSONSerDe  json.RawMessage `json:"HiveJsonSerDe,omitempty"`
}

// OutputFormatGroup is how rows are written.
type OutputFormatGroup struct{ Serializer Serializer }

// Serializer has one member.
type Serializer struct {
	ParquetSerDe *Parquet `json:",omitempty"`
	OrcSerDe     *ORC     `json:",omitempty"`
}

// Parquet is how Parquet is written. The fake always writes it as package duck
// does, but holds Compression to what Firehose has.
type Parquet struct {
	Compression string `json:",omitempty"` // UNCOMPRESSED, GZIP, SNAPPY; empty: SNAPPY
}

// ORC is how ORC is written. Nothing here writes it: such a stream can be made,
// changed and deleted, but its records wait in the buffer.
type ORC struct {
	Compression string `json:",omitempty"` // SNAPPY, ZLIB, NONE; empty: SNAPPY
}

// ProcessingConfiguration lists processors; the fake has
// AppendDelimiterToRecord.
type ProcessingConfiguration struct {
	Enabled    glue.Bool
	Processors []Processor `json:",omitempty"`
}

// Processor is one step for each record.
type Processor struct {
	Type       string
	Parameters json.RawMessage `json:",omitempty"`
}

// LoggingOptions say where errors are logged; the fake keeps them only.
type LoggingOptions struct {
	Enabled       glue.Bool
	LogGroupName  string `json:",omitempty"`
	LogStreamName string `json:",omitempty"`
}

// Encryption is the server-side encryption of the buffer.
type Encryption struct {
	KeyType string
	KeyARN  string `json:",omitempty"`
}

// Tag is a tag of a stream.
type Tag struct {
	Key   string
	Value string `json:",omitempty"`
}

// Counters are what Firehose tells CloudWatch about a stream, since it was
// made.
type Counters struct {
	In           int64         // records taken
	Bytes        int64         // of these records
	Out          int64         // records delivered as data
	Failed       int64         // records that did not convert
	Throttled    int64         // records refused with ServiceUnavailableException
	Freshness    time.Duration // age of the oldest record in the buffer; 0 when it is empty
	LastDelivery time.Time     // of an object; zero: never
}

// converts tells whether rows are written instead of the records themselves.
func (d *Destination) converts() bool {
	c := d.DataFormatConversionConfiguration
	return c != nil && (c.Enabled == nil || bool(*c.Enabled))
}

// delimits tells whether a newline is put after each record.
func (d *Destination) delimits() bool {
	p := d.ProcessingConfiguration
	if p == nil || !p.Enabled {
		return false
	}
	for _, processor := range p.Processors {
		if processor.Type == "AppendDelimiterToRecord" {
			return true
		}
	}
	return false
}
