package firehose

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"pixelctl/pkg/awsfake/glue"
)

// account is the fake's account.
const account = "123456789012"

// Defaults and bounds of the API for destinations in S3.
const (
	defaultSize     = 5
	conversionSize  = 128 // default with conversion
	leastConverting = 64
	maxSize         = 128
	defaultInterval = 300
	maxInterval     = 900
	maxPrefix       = 1_024
)

const (
	streamName = `^[a-zA-Z0-9_.-]{1,64}$`
	extension  = `^$|^\.[0-9a-z!\-_.*'()]+$`
)

// complete fills the defaults of a stream and holds it against the rules of
// the API and the guide.
func (in *Stream) complete() error {
	if ok, err := regexp.MatchString(streamName, in.DeliveryStreamName); err != nil || !ok {
		return invalid("DeliveryStreamName must match %s", streamName)
	}
	if in.DeliveryStreamType == "" {
		in.DeliveryStreamType = "DirectPut"
	}
	d := in.ExtendedS3DestinationConfiguration
	switch {
	case in.DeliveryStreamType != "DirectPut":
		return invalid("The fake has streams of type DirectPut only")
	case d == nil:
		return invalid("Exactly one destination configuration is supported for a Firehose; the fake has ExtendedS3DestinationConfiguration only")
	case d.RoleARN == "" || !strings.Contains(d.BucketARN, ":s3:::"):
		return invalid("RoleARN and BucketARN are required")
	}
	own := *d // defaults are not the caller's
	d, in.ExtendedS3DestinationConfiguration = &own, &own
	for _, rule := range []func(*Destination) error{bufferRule, compressionRule, conversionRule, prefixRule, nameRule} {
		if err := rule(d); err != nil {
			return err
		}
	}
	if d.S3BackupMode == "" {
		d.S3BackupMode = "Disabled"
	}
	return nil
}

// bufferRule fills the hints: 1 to 128 MB, with conversion 64 and more; 0 to
// 900 seconds; both or none.
func bufferRule(d *Destination) error {
	size, interval := glue.Int(defaultSize), glue.Int(defaultInterval)
	if d.converts() {
		size = conversionSize
	}
	h := d.BufferingHints
	if h == nil || h.SizeInMBs == nil && h.IntervalInSeconds == nil {
		d.BufferingHints = &BufferingHints{&size, &interval}
		return nil
	}
	switch {
	case h.SizeInMBs == nil || h.IntervalInSeconds == nil:
		return invalid("BufferingHints: both SizeInMBs and IntervalInSeconds must be specified")
	case *h.SizeInMBs < 1 || *h.SizeInMBs > maxSize:
		return invalid("BufferingHints: SizeInMBs must be between 1 and 128")
	case *h.IntervalInSeconds < 0 || *h.IntervalInSeconds > maxInterval:
		return invalid("BufferingHints: IntervalInSeconds must be between 0 and 900")
	case d.converts() && *h.SizeInMBs < leastConverting:
		return invalid("BufferingHints.SizeInMBs must be at least 64 when data format conversion is enabled.")
	}
	return nil
}

func compressionRule(d *Destination) error {
	switch d.CompressionFormat {
	case "":
		d.CompressionFormat = "UNCOMPRESSED"
	case "UNCOMPRESSED":
	case "GZIP":
		if d.converts() {
			return invalid("CompressionFormat must be UNCOMPRESSED when data format conversion is enabled.")
		}
	default:
		return invalid("CompressionFormat %s: the fake has UNCOMPRESSED and GZIP", d.CompressionFormat)
	}
	return nil
}

// conversionRule wants what creating a stream with conversion needs.
func conversionRule(d *Destination) error {
	if !d.converts() {
		return nil
	}
	c := d.DataFormatConversionConfiguration
	schema, input, output := c.SchemaConfiguration, c.InputFormatConfiguration, c.OutputFormatConfiguration
	switch {
	case schema == nil || schema.RoleARN == "" || schema.DatabaseName == "" || schema.TableName == "":
		return invalid("SchemaConfiguration needs RoleARN, DatabaseName and TableName")
	case input == nil || (input.Deserializer.OpenXJSONSerDe == nil) == (input.Deserializer.HiveJSONSerDe == nil):
		return invalid("InputFormatConfiguration needs exactly one Deserializer")
	case output == nil || (output.Serializer.ParquetSerDe == nil) == (output.Serializer.OrcSerDe == nil):
		return invalid("OutputFormatConfiguration needs exactly one Serializer")
	}
	return compressionOf(output.Serializer)
}

// compressionOf holds the serializer to the codecs that the API names.
func compressionOf(s Serializer) error {
	if s.OrcSerDe != nil {
		return oneOf("OrcSerDe.Compression", s.OrcSerDe.Compression, "SNAPPY", "ZLIB", "NONE")
	}
	return oneOf("ParquetSerDe.Compression", s.ParquetSerDe.Compression, "SNAPPY", "GZIP", "UNCOMPRESSED")
}

// oneOf takes one of the values, or none.
func oneOf(member, value string, known ...string) error {
	if value != "" && !slices.Contains(known, value) {
		return invalid("%s must be one of %s", member, strings.Join(known, ", "))
	}
	return nil
}

// prefixRule holds both prefixes against the guide's rules on expressions.
func prefixRule(d *Destination) error {
	if len(d.Prefix) > maxPrefix || len(d.ErrorOutputPrefix) > maxPrefix {
		return tooLong("prefix", maxPrefix)
	}
	data, err := parsePrefix(d.Prefix)
	if err != nil {
		return err
	}
	failed, err := parsePrefix(d.ErrorOutputPrefix)
	if err != nil {
		return err
	}
	switch {
	case data.has("firehose", errorOutputType):
		return invalid("Prefix cannot contain !{firehose:error-output-type}")
	case data.dynamic() && d.ErrorOutputPrefix == "":
		return invalid("ErrorOutputPrefix is required when Prefix contains expressions")
	case failed.dynamic() && !failed.has("firehose", errorOutputType):
		return invalid("ErrorOutputPrefix must contain !{firehose:error-output-type} when it contains expressions")
	}
	return nil
}

func nameRule(d *Destination) error {
	if ok, err := regexp.MatchString(extension, d.FileExtension); err != nil || !ok {
		return invalid("FileExtension must match %s", extension)
	}
	if _, err := d.zone(); err != nil {
		return invalid("CustomTimeZone %s is not valid", d.CustomTimeZone)
	}
	return nil
}

// zone is where the timestamps of prefixes are; UTC unless CustomTimeZone says
// otherwise.
func (d *Destination) zone() (*time.Location, error) {
	return time.LoadLocation(d.CustomTimeZone)
}
