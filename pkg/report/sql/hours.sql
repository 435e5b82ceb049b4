-- When do hits come: by hour, by weekday, and in time?
-- Columns: people, mail proxies, bots (with browsers that load ahead), synthetic
-- (pixelctl itself) and unknown are hits by who asked. Hours and days are those
-- of the report's zone: rows are counted by the hour of UTC, or the quarter of
-- an hour where a zone needs it, and put into the zone's hours afterwards.
-- Left out: dropped hits and copies.

-- part: day, bars, By hour of the day
-- by: hour of day
-- label: hour, Hour
-- count: people, People
-- count: proxies, Mail proxies
-- count: bots, Bots
-- count: synthetic, Synthetic
-- count: unknown, Unknown
-- part: week, bars, By day of the week
-- by: day of week
-- label: day, Day
-- count: people, People
-- count: proxies, Mail proxies
-- count: bots, Bots
-- count: synthetic, Synthetic
-- count: unknown, Unknown
-- part: timeline, timeline, Hits by time
-- by: step
-- count: people, People
-- count: proxies, Mail proxies
-- count: bots, Bots
-- count: synthetic, Synthetic
-- count: unknown, Unknown
WITH hit AS (
  SELECT DISTINCT event_id, received_at, client_class
  FROM tp_hits
  WHERE $window AND status = 'recorded'
)
SELECT $bucket AS bucket,
       count_if(client_class = 'human') AS people,
       count_if(client_class = 'mail_proxy') AS proxies,
       count_if(client_class IN ('bot', 'prefetch')) AS bots,
       count_if(client_class = 'synthetic') AS synthetic,
       count_if(client_class NOT IN ('human', 'mail_proxy', 'bot', 'prefetch', 'synthetic')) AS unknown
FROM hit
GROUP BY 1
ORDER BY 1;
