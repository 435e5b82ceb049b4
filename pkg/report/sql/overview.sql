-- What came in, from whom, and what was refused?
-- Columns: visitors is the different visitor ids of people's hits (else ids of
-- the network cookie); people, mail proxies, prefetch (browsers that load
-- ahead), bots, synthetic (pixelctl itself) and unknown are hits by who asked;
-- dropped is hits that were refused; copies is rows that repeat another.
-- Left out: copies. A hit without an id is no visitor.

-- Copies of a record have its received_at. An instant that one record has holds
-- no copy, so ids are compared at the others only: what a copy counts too much
-- is taken away again. That is a third of the work of comparing every id.
-- Visitors are those of the whole window; they stand in the first row.

-- part: figures, figures, At a glance
-- by: sum
-- count: visitors, Visitors
-- count: people, People
-- count: proxies, Mail proxies
-- count: prefetch, Prefetch
-- count: bots, Bots
-- count: synthetic, Synthetic
-- count: unknown, Unknown
-- count: dropped, Dropped
-- count: copies, Copies left out
-- part: timeline, timeline, Hits by time
-- by: step
-- count: people, People
-- count: proxies, Mail proxies
-- count: bots, Bots
-- count: prefetch, Prefetch
-- count: synthetic, Synthetic
-- count: unknown, Unknown
-- count: dropped, Dropped
WITH visitor AS (
  SELECT count(DISTINCT coalesce(visitor_id, network_id)) AS visitors
  FROM tp_hits
  WHERE $window AND status = 'recorded' AND client_class = 'human'
),
shared AS (
  SELECT received_at
  FROM tp_hits
  WHERE $window
  GROUP BY received_at
  HAVING count(*) > 1
),
record AS (
  SELECT $bucket AS bucket, client_class, status, count(*) AS records, 0 AS copies
  FROM tp_hits
  WHERE $window
  GROUP BY 1, 2, 3
  UNION ALL
  SELECT $bucket AS bucket, client_class, status, 1 - count(*) AS records, count(*) - 1 AS copies
  FROM tp_hits
  WHERE $window AND received_at IN (SELECT received_at FROM shared)
  GROUP BY event_id, received_at, client_class, status
  HAVING count(*) > 1
),
classed AS (
  SELECT bucket, records, copies,
         CASE WHEN status <> 'recorded' THEN 'dropped'
              WHEN client_class IN ('human', 'mail_proxy', 'prefetch', 'bot', 'synthetic') THEN client_class
              ELSE 'unknown' END AS class
  FROM record
),
counted AS (
  SELECT bucket,
         CAST(sum(records) FILTER (WHERE class = 'human') AS bigint) AS people,
         CAST(sum(records) FILTER (WHERE class = 'mail_proxy') AS bigint) AS proxies,
         CAST(sum(records) FILTER (WHERE class = 'prefetch') AS bigint) AS prefetch,
         CAST(sum(records) FILTER (WHERE class = 'bot') AS bigint) AS bots,
         CAST(sum(records) FILTER (WHERE class = 'synthetic') AS bigint) AS synthetic,
         CAST(sum(records) FILTER (WHERE class = 'unknown') AS bigint) AS unknown,
         CAST(sum(records) FILTER (WHERE class = 'dropped') AS bigint) AS dropped,
         CAST(sum(copies) AS bigint) AS copies
  FROM classed
  GROUP BY bucket
)
SELECT counted.*, CASE WHEN row_number() OVER (ORDER BY bucket) = 1 THEN visitors END AS visitors
FROM counted CROSS JOIN visitor
ORDER BY bucket;
