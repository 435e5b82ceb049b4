package glue

import (
	"context"
	"hash/fnv"

	"pixelctl/pkg/awsfake/wire"
)

// Limits of the batch operations and of one page.
const (
	maxCreate     = 100
	maxDelete     = 25
	maxGet        = 1_000
	maxPage       = 1_000
	maxExpression = 2_048
)

// partitionsOf names a table in the operations on partitions.
type partitionsOf struct{ DatabaseName, TableName string }

func (s *Server) partitionOperations() map[string]wire.Operation {
	return map[string]wire.Operation{
		"GetPartition":         wire.Bind(s.getPartition),
		"GetPartitions":        wire.Bind(s.getPartitions),
		"CreatePartition":      wire.Bind(s.createPartition),
		"UpdatePartition":      wire.Bind(s.updatePartition),
		"DeletePartition":      wire.Bind(s.deletePartition),
		"BatchCreatePartition": wire.Bind(s.batchCreate),
		"BatchDeletePartition": wire.Bind(s.batchDelete),
		"BatchUpdatePartition": wire.Bind(s.batchUpdate),
		"BatchGetPartition":    wire.Bind(s.batchGet),
	}
}

type onePartition struct {
	partitionsOf
	PartitionValues []string
}

type partitionAnswer struct{ Partition Partition }

// on runs f on a table, under the lock.
func on[Out any](s *Server, at partitionsOf, f func(t *table) (Out, error)) (Out, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	t, err := s.table(at.DatabaseName, at.TableName)
	if err != nil {
		var none Out
		return none, err
	}
	return f(t)
}

func (s *Server) getPartition(_ context.Context, in onePartition) (partitionAnswer, error) {
	return on(s, in.partitionsOf, func(t *table) (partitionAnswer, error) {
		p, err := t.partition(in.PartitionValues)
		return partitionAnswer{p}, err
	})
}

type newPartition struct {
	partitionsOf
	PartitionValueList []string // of UpdatePartition: the values that are registered
	PartitionInput     Partition
}

func (s *Server) createPartition(_ context.Context, in newPartition) (empty, error) {
	return on(s, in.partitionsOf, func(t *table) (empty, error) { return empty{}, s.add(t, in.PartitionInput) })
}

func (s *Server) updatePartition(_ context.Context, in newPartition) (empty, error) {
	return on(s, in.partitionsOf, func(t *table) (empty, error) { return empty{}, s.update(t, in.PartitionValueList, in.PartitionInput) })
}

// update replaces the partition that is registered under values.
func (s *Server) update(t *table, values []string, p Partition) error {
	old, err := t.partition(values)
	if err != nil {
		return err
	}
	if keyOf(p.Values) != keyOf(old.Values) {
		if err := s.add(t, p); err != nil {
			return err
		}
		return t.drop(old.Values)
	}
	p.CreationTime = old.CreationTime
	t.set(p)
	return nil
}

func (s *Server) deletePartition(_ context.Context, in onePartition) (empty, error) {
	return empty{}, s.DropPartition(in.DatabaseName, in.TableName, in.PartitionValues)
}

type partitionsQuery struct {
	partitionsOf
	paged
	Expression          string
	ExcludeColumnSchema bool
	Segment             *struct{ SegmentNumber, TotalSegments int }
}

type partitionsAnswer struct {
	Partitions []Partition
	NextToken  string `json:",omitempty"`
}

func (s *Server) getPartitions(_ context.Context, in partitionsQuery) (partitionsAnswer, error) {
	if len(in.Expression) > maxExpression {
		return partitionsAnswer{}, tooLong("expression", maxExpression)
	}
	return on(s, in.partitionsOf, func(t *table) (partitionsAnswer, error) {
		fits, err := compile(in.Expression, t.PartitionKeys)
		if err != nil {
			return partitionsAnswer{}, err
		}
		var keys []string
		for _, key := range sorted(t.partitions) {
			if fits(t.partitions[key].Values) && in.mine(key) {
				keys = append(keys, key)
			}
		}
		keys, token, err := cut(keys, in.paged, maxPage)
		out := partitionsAnswer{Partitions: []Partition{}, NextToken: token}
		for _, key := range keys {
			out.Partitions = append(out.Partitions, t.partitions[key].without(in.ExcludeColumnSchema))
		}
		return out, err
	})
}

// mine tells whether a partition is in the segment that was asked for.
func (in partitionsQuery) mine(key string) bool {
	if in.Segment == nil || in.Segment.TotalSegments < 2 {
		return true
	}
	h := fnv.New32a()
	h.Write([]byte(key)) //nolint:gosec // a hash never fails
	return int(h.Sum32())%in.Segment.TotalSegments == in.Segment.SegmentNumber
}

// without leaves the columns out, as ExcludeColumnSchema asks.
func (p Partition) without(columns bool) Partition {
	if columns && p.StorageDescriptor != nil {
		bare := *p.StorageDescriptor
		bare.Columns = nil
		p.StorageDescriptor = &bare
	}
	return p
}

type errorDetail struct{ ErrorCode, ErrorMessage string }

type partitionError struct {
	PartitionValues []string
	ErrorDetail     errorDetail
}

type errorsAnswer struct {
	Errors []partitionError `json:",omitempty"`
}

// note adds the error of one entry; entries without one leave no trace.
func (e *errorsAnswer) note(values []string, err error) {
	if err != nil {
		w := wire.AsError(err)
		e.Errors = append(e.Errors, partitionError{values, errorDetail{w.Code, w.Message}})
	}
}

type createBatch struct {
	partitionsOf
	PartitionInputList []Partition
}

func (s *Server) batchCreate(_ context.Context, in createBatch) (errorsAnswer, error) {
	if len(in.PartitionInputList) > maxCreate {
		return errorsAnswer{}, tooLong("partitionInputList", maxCreate)
	}
	return on(s, in.partitionsOf, func(t *table) (out errorsAnswer, err error) {
		for _, p := range in.PartitionInputList {
			out.note(p.Values, s.add(t, p))
		}
		return out, nil
	})
}

type updateBatch struct {
	partitionsOf
	Entries []struct {
		PartitionValueList []string
		PartitionInput     Partition
	}
}

func (s *Server) batchUpdate(_ context.Context, in updateBatch) (errorsAnswer, error) {
	if len(in.Entries) > maxCreate {
		return errorsAnswer{}, tooLong("entries", maxCreate)
	}
	return on(s, in.partitionsOf, func(t *table) (out errorsAnswer, err error) {
		for _, e := range in.Entries {
			out.note(e.PartitionValueList, s.update(t, e.PartitionValueList, e.PartitionInput))
		}
		return out, nil
	})
}

type valueList struct{ Values []string }

type deleteBatch struct {
	partitionsOf
	PartitionsToDelete []valueList
}

func (s *Server) batchDelete(_ context.Context, in deleteBatch) (errorsAnswer, error) {
	if len(in.PartitionsToDelete) > maxDelete {
		return errorsAnswer{}, tooLong("partitionsToDelete", maxDelete)
	}
	return on(s, in.partitionsOf, func(t *table) (out errorsAnswer, err error) {
		for _, p := range in.PartitionsToDelete {
			out.note(p.Values, t.drop(p.Values))
		}
		return out, nil
	})
}

type getBatch struct {
	partitionsOf
	PartitionsToGet []valueList
}

type getBatchAnswer struct {
	Partitions      []Partition
	UnprocessedKeys []valueList
}

// batchGet leaves out what is not registered.
func (s *Server) batchGet(_ context.Context, in getBatch) (getBatchAnswer, error) {
	if len(in.PartitionsToGet) > maxGet {
		return getBatchAnswer{}, tooLong("partitionsToGet", maxGet)
	}
	return on(s, in.partitionsOf, func(t *table) (getBatchAnswer, error) {
		out := getBatchAnswer{Partitions: []Partition{}, UnprocessedKeys: []valueList{}}
		for _, want := range in.PartitionsToGet {
			if p, err := t.partition(want.Values); err == nil {
				out.Partitions = append(out.Partitions, p)
			}
		}
		return out, nil
	})
}
