package athena

import (
	"time"

	"pixelctl/pkg/awsfake/glue"
)

func epoch(t time.Time) glue.Epoch { return glue.Epoch(float64(t.UnixMilli()) / 1000) }

// ResultConfiguration says where results go.
type ResultConfiguration struct {
	OutputLocation          string         `json:",omitempty"`
	EncryptionConfiguration map[string]any `json:",omitempty"`
	ExpectedBucketOwner     string         `json:",omitempty"`
	ACLConfiguration        map[string]any `json:"AclConfiguration,omitempty"`
}

// EngineVersion is the version that was asked for and that runs.
type EngineVersion struct {
	SelectedEngineVersion  string `json:",omitempty"`
	EffectiveEngineVersion string `json:",omitempty"`
}

// QueryContext is where a statement looks for names.
type QueryContext struct {
	Database string `json:",omitempty"`
	Catalog  string `json:",omitempty"`
}

// QueryExecution is what GetQueryExecution tells.
type QueryExecution struct {
	QueryExecutionID      string `json:"QueryExecutionId"`
	Query                 string
	StatementType         string
	SubstatementType      string `json:",omitempty"`
	ResultConfiguration   ResultConfiguration
	QueryExecutionContext QueryContext
	Status                Status
	Statistics            Statistics
	WorkGroup             string
	EngineVersion         EngineVersion
	ExecutionParameters   []string `json:",omitempty"`
}

// States of a statement.
const (
	queued    = "QUEUED"
	running   = "RUNNING"
	succeeded = "SUCCEEDED"
	failed    = "FAILED"
	cancelled = "CANCELLED"
)

// Status is the state of a statement.
type Status struct {
	State              string
	StateChangeReason  string     `json:",omitempty"`
	SubmissionDateTime glue.Epoch // seconds since 1970
	CompletionDateTime glue.Epoch `json:",omitempty"`
	AthenaError        *Error     `json:",omitempty"`
}

func (s Status) ended() bool { return s.State != queued && s.State != running }

// Error is why a statement failed: category 1 is the system, 2 the user.
type Error struct {
	ErrorCategory int
	ErrorType     int
	Retryable     bool
	ErrorMessage  string
}

// Statistics are the times, in milliseconds, and what was read.
type Statistics struct {
	EngineExecutionTimeInMillis      int64
	DataScannedInBytes               int64
	TotalExecutionTimeInMillis       int64
	QueryQueueTimeInMillis           int64
	QueryPlanningTimeInMillis        int64
	ServicePreProcessingTimeInMillis int64
	ServiceProcessingTimeInMillis    int64
	DataManifestLocation             string `json:",omitempty"`
	ResultReuseInformation           struct{ ReusedPreviousResult bool }
}
