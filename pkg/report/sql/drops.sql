-- Which hits were refused, and what can be done about it?
-- Columns: hits by the reason that their status gives, and their share of all
-- hits with its 95 % interval. Such rows keep no personal columns, so who asked
-- is not known.
-- Left out: copies (DISTINCT leaves one), and requests that leave no row at
-- all, such as wrong paths; pixelctl status counts those.

-- part: reasons, bars, Dropped hits by reason
-- label: reason, Reason
-- label: advice, What to do
-- count: hits, Hits
-- share: of_all, hits, all_hits, Of all hits
WITH record AS (
  SELECT DISTINCT event_id, status
  FROM tp_hits
  WHERE $window
),
counted AS (
  SELECT status, count(*) AS hits
  FROM record
  GROUP BY status
),
shared AS (
  SELECT status, hits, CAST(sum(hits) OVER () AS bigint) AS all_hits
  FROM counted
)
SELECT substr(status, 9) AS reason,
       CASE substr(status, 9)
         WHEN 'site' THEN 'add the site to sites: in the spec, or remove the tag'
         WHEN 'gpc' THEN 'the browser objects; privacy.gpc: strip keeps the hit'
         WHEN 'dnt' THEN 'the browser objects; privacy.dnt: record keeps the hit'
         WHEN 'consent' THEN 'have the page send the consent parameter'
         ELSE '' END AS advice,
       hits, all_hits,
       count(*) OVER () AS all_rows
FROM shared
WHERE status <> 'recorded'
ORDER BY hits DESC, reason
LIMIT $limit;
