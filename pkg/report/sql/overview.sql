-- What came in, from whom, and what was refused?
-- Columns: visitors is the different visitor ids of people's hits (else ids of
-- the network cookie); people, mail proxies, prefetch (browsers that load
-- ahead), bots, synthetic (pixelctl itself) and unknown are hits by who asked;
-- dropped is hits that were refused; copies is rows that repeat another.
-- Left out: copies. A hit without an id is no visitor.

-- The table is read once: rows of the second grouping set have a visitor and
-- nothing else, so they come together where there is no bucket, and that number
-- stands in the first row.
-- Copies of a record have its received_at. An instant that one record has holds
-- no copy, so ids are compared at the others only: what a copy counts too much
-- is taken away again. That is a third of the work of comparing every id, and
-- none for rows of which the target knows that they have no copy.

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
WITH record AS (
  SELECT bucket, client_class, status, visitor, count(*) AS records
  FROM (
    SELECT $bucket AS bucket, client_class, status,
           CASE WHEN status = 'recorded' AND client_class = 'human' THEN coalesce(visitor_id, network_id) END AS visitor
    FROM tp_hits
    WHERE $window
  ) AS hit
  GROUP BY GROUPING SETS ((bucket, client_class, status), (visitor))
),
shared AS (
  SELECT received_at
  FROM $repeatable
  WHERE $window
  GROUP BY received_at
  HAVING count(*) > 1
),
repeated AS (
  SELECT $bucket AS bucket, client_class, status, count(*) - 1 AS copies
  FROM $repeatable
  WHERE $window AND received_at IN (SELECT received_at FROM shared)
  GROUP BY event_id, received_at, client_class, status
  HAVING count(*) > 1
),
classed AS (
  SELECT bucket, visitor, records, copies,
         CASE WHEN status <> 'recorded' THEN 'dropped'
              WHEN client_class IN ('human', 'mail_proxy', 'prefetch', 'bot', 'synthetic') THEN client_class
              ELSE 'unknown' END AS class
  FROM (
    SELECT bucket, client_class, status, visitor, records, 0 AS copies FROM record
    UNION ALL
    SELECT bucket, client_class, status, NULL AS visitor, -copies AS records, copies FROM repeated
  ) AS counts
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
         CAST(sum(copies) AS bigint) AS copies,
         max(count(visitor)) OVER () AS visitors,
         row_number() OVER (ORDER BY bucket) AS place
  FROM classed
  GROUP BY bucket
)
SELECT bucket, people, proxies, prefetch, bots, synthetic, unknown, dropped, copies,
       CASE WHEN place = 1 THEN visitors END AS visitors
FROM counted
WHERE bucket IS NOT NULL
ORDER BY bucket;
