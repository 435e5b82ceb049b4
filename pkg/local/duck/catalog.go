//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import "pixelctl/pkg/lake"

// catalogSQL makes what Athena's information_schema says of table and views, for
// which the dialect writes athena. The precision of times is that of its Hive
// tables.
const catalogSQL = `CREATE SCHEMA athena;
CREATE MACRO athena.current_schema() AS '` + lake.Database + `';
CREATE VIEW athena.tables AS SELECT 'awsdatacatalog' AS table_catalog, '` + lake.Database + `' AS table_schema, table_name,
  CASE WHEN table_name = '` + lake.Table + `' THEN 'BASE TABLE' ELSE 'VIEW' END AS table_type
  FROM system.information_schema.tables WHERE table_catalog = 'memory' AND table_schema = 'main';
CREATE VIEW athena.columns AS SELECT 'awsdatacatalog' AS table_catalog, '` + lake.Database + `' AS table_schema, table_name, lower(column_name) AS column_name,
  CAST(ordinal_position AS BIGINT) AS ordinal_position, CAST(NULL AS VARCHAR) AS column_default, 'YES' AS is_nullable,
  replace(lower(data_type), 'timestamp', 'timestamp(3)') AS data_type
  FROM system.information_schema.columns WHERE table_catalog = 'memory' AND table_schema = 'main';
`
