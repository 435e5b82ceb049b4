-- Where were people before?
-- Columns: people is hits of people, visitors their different visitor ids (else
-- ids of the network cookie), proxies hits of mail proxies, bots those of bots
-- and of browsers that load ahead, synthetic those of pixelctl itself, unknown
-- the rest; people of all has its 95 % interval.
-- Left out: dropped hits, and copies of a record, which are equal in every
-- column: DISTINCT leaves one. Ways within a site are told
-- apart: there the page and the page before it have the same host.

-- part: referrers, bars, Hits by the page before
-- note: Only a tag with JavaScript tells the page before; without it there is none.
-- label: referrer, Referrer
-- label: way, Way
-- count: people, People
-- count: visitors, Visitors
-- count: proxies, Proxies
-- count: bots, Bots
-- count: synthetic, Synthetic
-- count: unknown, Unknown
-- share: people_share, people, hits, People of all
WITH hit AS (
  SELECT DISTINCT event_id, client_class, visitor_id, network_id, referrer_host, page_host
  FROM tp_hits
  WHERE $window AND status = 'recorded'
)
SELECT coalesce(referrer_host, '') AS referrer,
       CASE WHEN referrer_host IS NULL THEN 'not told' WHEN referrer_host = page_host THEN 'same site' ELSE 'other site' END AS way,
       count_if(client_class = 'human') AS people,
       count(DISTINCT CASE WHEN client_class = 'human' THEN coalesce(visitor_id, network_id) END) AS visitors,
       count_if(client_class = 'mail_proxy') AS proxies,
       count_if(client_class IN ('bot', 'prefetch')) AS bots,
       count_if(client_class = 'synthetic') AS synthetic,
       count_if(client_class NOT IN ('human', 'mail_proxy', 'bot', 'prefetch', 'synthetic')) AS unknown,
       count(*) AS hits,
       count(*) OVER () AS all_rows
FROM hit
GROUP BY 1, 2
ORDER BY people DESC, hits DESC, referrer, way
LIMIT $limit;
