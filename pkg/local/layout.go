// Package local is the whole pipeline on one machine, in one directory: the
// beacon behind net/http, a durable spool, Parquet files in Hive layout, a
// catalog file and DuckDB. It needs no account and speaks no AWS API.
package local

import (
	"path/filepath"

	"pixelctl/pkg/lake"
)

// Layout names what lies in a stack's directory.
type Layout struct {
	Dir   string
	Flags string // that lead a command here, such as " --target local --dir /srv/px"
}

// command is a line that a user can run on this stack.
func (l Layout) command(name string) string { return "pixelctl " + name + l.Flags }

func (l Layout) path(elem ...string) string {
	return filepath.Join(append([]string{l.Dir}, elem...)...)
}

// Settings is what a template's parameters are on AWS.
func (l Layout) Settings() string { return l.path("stack.json") }

// Keys is the secret of the day; there is none unless the spec needs it. Mode
// 0600.
func (l Layout) Keys() string { return l.path("keys.json") }

// Server says who serves: pid, endpoint, control address. Mode 0600.
func (l Layout) Server() string { return l.path("server.json") }

// ServerLock is held by the serving process for as long as it lives.
func (l Layout) ServerLock() string { return l.path("server.lock") }

// Log is the background server's standard error.
func (l Layout) Log() string { return l.path("server.log") }

// Counts are the hits since the stack was made.
func (l Layout) Counts() string { return l.path("counts.json") }

// Catalog is the database, table and registered partitions.
func (l Layout) Catalog() string { return l.path("catalog.json") }

// CatalogLock is held while the catalog is changed.
func (l Layout) CatalogLock() string { return l.path("catalog.lock") }

// OperationLock is held by whatever changes the stack or its files.
func (l Layout) OperationLock() string { return l.path("operation.lock") }

// Compaction is the journal of a compaction.
func (l Layout) Compaction() string { return l.path("compaction.json") }

// Erasure is the journal of an erasure that is under way.
func (l Layout) Erasure() string { return l.path("erase.json") }

// Compacting holds files of a compaction before they are in their place, on
// the lake's file system and outside the table's location.
func (l Layout) Compacting() string { return l.path("lake", ".compacting") }

// Spool holds the NDJSON segments of records that are not files yet.
func (l Layout) Spool() string { return l.path("spool") }

// Snapshots holds hard links to spool segments that queries read.
func (l Layout) Snapshots() string { return l.path("snapshots") }

// Replay is the journal of a replay of error lines that has not ended.
func (l Layout) Replay() string { return l.path("replay.json") }

// Lake holds data and errors.
func (l Layout) Lake() string { return l.path("lake") }

// Data is the table's location.
func (l Layout) Data() string { return l.path("lake", lake.DataPrefix) }

// Errors holds what did not become rows, outside the table's location.
func (l Layout) Errors() string { return l.path("lake", lake.ErrorPrefix) }
