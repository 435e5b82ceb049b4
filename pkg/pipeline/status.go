package pipeline

import "time"

// States of a stack.
const (
	Running = "running"
	Stopped = "stopped"
)

// Status is the state of a stack in numbers.
type Status struct {
	Stack    string `json:"stack"`
	Target   string `json:"target"`
	State    string `json:"state"`
	Endpoint string `json:"endpoint"`
	Location string `json:"location"` // directory, or account and region
	PID      int    `json:"pid,omitempty"`

	Hits          Hits          `json:"hits"`
	Spool         Stored        `json:"spool"` // records that are not files yet
	Data          Stored        `json:"data"`
	Errors        Stored        `json:"errors"` // lines that did not become rows
	Partitions    Partitions    `json:"partitions"`
	LastFlush     time.Time     `json:"last_flush,omitzero"`
	Buffer        time.Duration `json:"-"`
	BufferSeconds int           `json:"buffer_seconds"`
	RetentionDays int           `json:"retention_days,omitempty"` // age at which records are removed; 0 keeps them
	Problems      []Problem     `json:"problems"`
}

// Hits are counts since the stack was made.
type Hits struct {
	Received int64            `json:"received"` // requests on a pixel path
	Recorded int64            `json:"recorded"` // records stored
	Dropped  map[string]int64 `json:"dropped"`  // by reason
}

// Stored is an amount of data. Records is -1 when it was not counted.
type Stored struct {
	Files   int64 `json:"files"`
	Bytes   int64 `json:"bytes"`
	Records int64 `json:"records"`
}

// Partitions counts the hours of the lake.
type Partitions struct {
	Registered int `json:"registered"`
	OnDisk     int `json:"on_disk"` // in the lake, registered or not
}

// Problem is something an operator should look at, with what mends it.
type Problem struct {
	What   string `json:"what"`
	Action string `json:"action"`
}
