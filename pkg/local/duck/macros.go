//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import _ "embed"

// macrosSQL gives DuckDB the names that Trino has for its functions.
//
//go:embed macros.sql
var macrosSQL string

// trinoSettings makes operators and order agree with Trino.
const trinoSettings = `SET GLOBAL integer_division = true;
SET GLOBAL default_null_order = 'NULLS LAST';
`
