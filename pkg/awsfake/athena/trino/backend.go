package trino

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"

	"pixelctl/pkg/awsfake/athena"
	"pixelctl/pkg/query"
)

// Backend has a Trino answer. Its catalog must be one of the Hive connector
// over the same metastore and objects as the fake's.
type Backend struct {
	client  *Client
	store   athena.Store // lists what UNLOAD wrote
	unloads atomic.Int64
}

var _ athena.Backend = (*Backend)(nil)

// New returns a back end; it calls nothing.
func New(client *Client, store athena.Store) *Backend { return &Backend{client: client, store: store} }

// Check has Trino parse a statement, without looking at its names.
func (b *Backend) Check(ctx context.Context, s athena.Statement) error {
	_, err := b.client.Query(ctx, "PREPARE athena_check FROM\n"+s.SQL, Session{Schema: s.Database})
	var e *Error
	if errors.As(err, &e) && e.ErrorName == "SYNTAX_ERROR" {
		return &athena.QueryError{Name: athena.MalformedQuery, Message: oneUp(e.Message)}
	}
	return err
}

var placed = regexp.MustCompile(`^line (\d+):`)

// oneUp takes the line before the statement from a place.
func oneUp(message string) string {
	return placed.ReplaceAllStringFunc(message, func(m string) string {
		n, err := strconv.Atoi(strings.Trim(m, "line :"))
		if err != nil {
			return m
		}
		return fmt.Sprintf("line %d:", max(n-1, 1))
	})
}

// Run has Trino answer a statement.
func (b *Backend) Run(ctx context.Context, s athena.Statement) (r athena.Result, err error) {
	a, err := b.client.Query(ctx, s.SQL, Session{Schema: s.Database})
	r.Scanned = a.Stats.PhysicalInputBytes
	if err != nil {
		return r, b.failure(err, r.Scanned)
	}
	for _, c := range a.Columns {
		r.Columns = append(r.Columns, query.Column(c))
	}
	for _, values := range a.Rows {
		line := make([]*string, len(values))
		for i, v := range values {
			read, err := value(v, r.Columns[i].Type)
			if err != nil {
				return r, err
			}
			line[i] = athena.Text(read, r.Columns[i].Type)
		}
		r.Rows = append(r.Rows, line)
	}
	return r, nil
}

// failure gives an error of Trino the words that Athena puts around it.
func (b *Backend) failure(err error, scanned int64) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	message := strings.ReplaceAll(e.Message, "'"+b.client.Catalog+".", "'awsdatacatalog.")
	if e.ErrorName == "COLUMN_NOT_FOUND" {
		message += " or requester is not authorized to access requested resources"
	}
	return &athena.QueryError{Name: e.ErrorName, Message: message, Scanned: scanned, System: e.ErrorType != "USER_ERROR"}
}

// Unload does as Athena does: a table of its own at the location, filled from
// the query and forgotten; files outside of a warehouse stay.
func (b *Backend) Unload(ctx context.Context, s athena.Statement, u athena.Unload) (done athena.Unloaded, err error) {
	session := Session{Schema: s.Database, Properties: map[string]string{}}
	if u.Codec != "" {
		session.Properties[b.client.Catalog+".compression_codec"] = u.Codec
	}
	table := "athena_unload_" + strconv.FormatInt(b.unloads.Add(1), 10)
	a, err := b.client.Query(ctx, fmt.Sprintf("CREATE TABLE %s WITH (format = %s, external_location = %s) AS\n%s",
		table, literal(u.Format), literal(u.Location), s.SQL), session)
	if err != nil {
		return done, b.failure(err, a.Stats.PhysicalInputBytes)
	}
	if _, err := b.client.Query(ctx, "DROP TABLE "+table, session); err != nil {
		return done, b.failure(err, a.Stats.PhysicalInputBytes)
	}
	done.Scanned = a.Stats.PhysicalInputBytes
	if a.UpdateCount != nil {
		done.Rows = *a.UpdateCount
	}
	bucket, prefix, _ := athena.SplitURL(u.Location)
	keys, err := b.store.List(ctx, bucket, prefix)
	for _, key := range keys {
		done.Files = append(done.Files, "s3://"+bucket+"/"+key)
	}
	return done, err
}

func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
