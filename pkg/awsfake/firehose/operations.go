package firehose

import (
	"context"
	"encoding/json"
	"slices"
	"sort"
	"strconv"

	"pixelctl/pkg/awsfake/wire"
)

// destinationID is that of a stream's only destination.
const destinationID = "destinationId-000000000001"

type empty struct{}

type named struct{ DeliveryStreamName string }

// Operations are the operations of the JSON protocol by name, as they stand in
// X-Amz-Target after the dot.
func (s *Server) Operations() map[string]wire.Operation {
	return map[string]wire.Operation{
		"CreateDeliveryStream":      wire.Bind(s.create),
		"DescribeDeliveryStream":    wire.Bind(s.describe),
		"UpdateDestination":         wire.Bind(s.updateDestination),
		"DeleteDeliveryStream":      wire.Bind(func(_ context.Context, in named) (empty, error) { return empty{}, s.Delete(in.DeliveryStreamName) }),
		"ListDeliveryStreams":       wire.Bind(s.list),
		"ListTagsForDeliveryStream": wire.Bind(s.listTags),
		"PutRecord":                 wire.Bind(s.putRecord),
		"PutRecordBatch":            wire.Bind(s.putRecordBatch),
	}
}

// ARN gives the ARN of a stream by its name.
func ARN(name string) string {
	return "arn:aws:firehose:us-east-1:" + account + ":deliverystream/" + name
}

type created struct{ DeliveryStreamARN string }

func (s *Server) create(_ context.Context, in Stream) (created, error) {
	return created{ARN(in.DeliveryStreamName)}, s.Create(in)
}

type destinationDescription struct {
	DestinationID                    string `json:"DestinationId"`
	ExtendedS3DestinationDescription *Destination
}

// description is a stream as DescribeDeliveryStream shows it; times are seconds
// since 1970.
type description struct {
	DeliveryStreamName                    string
	DeliveryStreamARN                     string
	DeliveryStreamStatus                  string
	DeliveryStreamType                    string
	DeliveryStreamEncryptionConfiguration map[string]string
	VersionID                             string `json:"VersionId"`
	CreateTimestamp                       float64
	LastUpdateTimestamp                   *float64 `json:",omitempty"` // absent until the first update
	Destinations                          []destinationDescription
	HasMoreDestinations                   bool
}

type described struct{ DeliveryStreamDescription description }

func (s *Server) describe(_ context.Context, in named) (described, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	st, err := s.stream(in.DeliveryStreamName)
	if err != nil {
		return described{}, err
	}
	d := description{
		DeliveryStreamName: st.DeliveryStreamName, DeliveryStreamARN: ARN(st.DeliveryStreamName),
		DeliveryStreamStatus: "ACTIVE", DeliveryStreamType: st.DeliveryStreamType, VersionID: strconv.Itoa(st.version),
		DeliveryStreamEncryptionConfiguration: st.encryption(),
		CreateTimestamp:                       float64(st.created.UnixMilli()) / 1000,
		Destinations:                          []destinationDescription{{destinationID, st.ExtendedS3DestinationConfiguration}},
	}
	if st.version > 1 {
		at := float64(st.updated.UnixMilli()) / 1000
		d.LastUpdateTimestamp = &at
	}
	return described{d}, nil
}

func (st *stream) encryption() map[string]string {
	e := st.DeliveryStreamEncryptionConfigurationInput
	if e == nil {
		return map[string]string{"Status": "DISABLED"}
	}
	shown := map[string]string{"Status": "ENABLED", "KeyType": e.KeyType}
	if e.KeyARN != "" {
		shown["KeyARN"] = e.KeyARN
	}
	return shown
}

type destinationUpdate struct {
	DeliveryStreamName             string
	CurrentDeliveryStreamVersionID string `json:"CurrentDeliveryStreamVersionId"`
	DestinationID                  string `json:"DestinationId"`
	ExtendedS3DestinationUpdate    json.RawMessage
}

// updateDestination lays the given settings over those that are there.
func (s *Server) updateDestination(_ context.Context, in destinationUpdate) (empty, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	st, err := s.stream(in.DeliveryStreamName)
	switch {
	case err != nil:
		return empty{}, err
	case in.CurrentDeliveryStreamVersionID != strconv.Itoa(st.version):
		return empty{}, wire.Error{Code: "ConcurrentModificationException", Message: "Cannot update firehose: " + in.DeliveryStreamName + " since the current version id: " + strconv.Itoa(st.version) + " and specified version id: " + in.CurrentDeliveryStreamVersionID + " do not match"}
	case in.DestinationID != destinationID:
		return empty{}, invalid("Destination Id %s not found", in.DestinationID)
	case in.ExtendedS3DestinationUpdate == nil:
		return empty{}, invalid("The fake updates ExtendedS3 destinations only")
	}
	merged, err := overlay(st.ExtendedS3DestinationConfiguration, in.ExtendedS3DestinationUpdate)
	if err != nil {
		return empty{}, err
	}
	next := st.Stream
	next.ExtendedS3DestinationConfiguration = merged
	return empty{}, s.replace(st, next)
}

// overlay copies a destination and replaces the members that the update names,
// each as a whole.
func overlay(old *Destination, update []byte) (*Destination, error) {
	body, err := json.Marshal(old)
	if err != nil {
		return nil, err
	}
	members := map[string]json.RawMessage{}
	for _, text := range [][]byte{body, update} {
		if err := json.Unmarshal(text, &members); err != nil {
			return nil, wire.Error{Code: "SerializationException", Message: err.Error()}
		}
	}
	if body, err = json.Marshal(members); err != nil {
		return nil, err
	}
	merged := &Destination{}
	if err := json.Unmarshal(body, merged); err != nil {
		return nil, wire.Error{Code: "SerializationException", Message: err.Error()}
	}
	return merged, nil
}

type listQuery struct {
	ExclusiveStartDeliveryStreamName string
	Limit                            int
}

type listed struct {
	DeliveryStreamNames    []string
	HasMoreDeliveryStreams bool
}

// list pages by the name before the page; 10 names unless asked for more.
func (s *Server) list(_ context.Context, in listQuery) (listed, error) {
	limit := in.Limit
	if limit == 0 {
		limit = 10
	}
	out := listed{DeliveryStreamNames: []string{}}
	for _, name := range s.Streams() {
		if name <= in.ExclusiveStartDeliveryStreamName {
			continue
		}
		if len(out.DeliveryStreamNames) == limit {
			out.HasMoreDeliveryStreams = true
			break
		}
		out.DeliveryStreamNames = append(out.DeliveryStreamNames, name)
	}
	return out, nil
}

type tagsQuery struct {
	named
	ExclusiveStartTagKey string
	Limit                int
}

type tagsAnswer struct {
	Tags        []Tag
	HasMoreTags bool
}

func (s *Server) listTags(_ context.Context, in tagsQuery) (tagsAnswer, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	st, err := s.stream(in.DeliveryStreamName)
	if err != nil {
		return tagsAnswer{}, err
	}
	limit := in.Limit
	if limit == 0 {
		limit = 50
	}
	tags := slices.Clone(st.Tags)
	sort.Slice(tags, func(i, j int) bool { return tags[i].Key < tags[j].Key })
	out := tagsAnswer{Tags: []Tag{}}
	for _, t := range tags {
		if t.Key <= in.ExclusiveStartTagKey {
			continue
		}
		if len(out.Tags) == limit {
			out.HasMoreTags = true
			break
		}
		out.Tags = append(out.Tags, t)
	}
	return out, nil
}

// blob is a record of the wire; JSON has its bytes as base64.
type blob struct{ Data []byte }

type recordInput struct {
	named
	Record blob
}

type recordTaken struct {
	RecordID  string `json:"RecordId"`
	Encrypted bool
}

func (s *Server) putRecord(_ context.Context, in recordInput) (recordTaken, error) {
	id, err := s.put(in.DeliveryStreamName, in.Record.Data)
	return recordTaken{RecordID: id, Encrypted: s.encrypted(in.DeliveryStreamName)}, err
}

func (s *Server) encrypted(name string) bool {
	s.lock.Lock()
	defer s.lock.Unlock()
	st := s.streams[name]
	return st != nil && st.DeliveryStreamEncryptionConfigurationInput != nil
}

type batchInput struct {
	named
	Records []blob
}

type batchEntry struct {
	RecordID     string `json:"RecordId,omitempty"`
	ErrorCode    string `json:",omitempty"`
	ErrorMessage string `json:",omitempty"`
}

type batchAnswer struct {
	FailedPutCount   int
	Encrypted        bool
	RequestResponses []batchEntry
}

func (s *Server) putRecordBatch(_ context.Context, in batchInput) (batchAnswer, error) {
	data := make([][]byte, len(in.Records))
	for i, r := range in.Records {
		data[i] = r.Data
	}
	entries, err := s.putBatch(in.DeliveryStreamName, data)
	out := batchAnswer{Encrypted: s.encrypted(in.DeliveryStreamName)}
	for _, t := range entries {
		e := batchEntry{RecordID: t.id}
		if t.err != nil {
			w := wire.AsError(t.err)
			e.ErrorCode, e.ErrorMessage = w.Code, w.Message
			out.FailedPutCount++
		}
		out.RequestResponses = append(out.RequestResponses, e)
	}
	return out, err
}
