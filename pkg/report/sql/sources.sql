-- Which sources and which ad networks bring people?
-- Columns: people is hits of people, visitors their different visitor ids (else
-- ids of the network cookie), proxies hits of mail proxies, bots those of bots
-- and of browsers that load ahead, synthetic those of pixelctl itself, unknown
-- the rest; people of all has its 95 % interval.
-- Left out: dropped hits, and copies of a record, which are equal in every
-- column: DISTINCT leaves one.

-- part: sources, bars, Hits by source and medium
-- label: source, Source
-- label: medium, Medium
-- count: people, People
-- count: visitors, Visitors
-- count: proxies, Proxies
-- count: bots, Bots
-- count: synthetic, Synthetic
-- count: unknown, Unknown
-- share: people_share, people, hits, People of all
WITH hit AS (
  SELECT DISTINCT event_id, client_class, visitor_id, network_id, utm_source, utm_medium
  FROM tp_hits
  WHERE $window AND status = 'recorded'
)
SELECT coalesce(utm_source, '') AS source,
       coalesce(utm_medium, '') AS medium,
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
ORDER BY people DESC, hits DESC, source, medium
LIMIT $limit;

-- part: clicks, bars, Clicks on ads by network
-- note: Hits that carry a click id of an ad network.
-- label: network, Network
-- count: people, People
-- count: visitors, Visitors
-- count: proxies, Proxies
-- count: bots, Bots
-- count: synthetic, Synthetic
-- count: unknown, Unknown
-- share: people_share, people, hits, People of all
WITH hit AS (
  SELECT DISTINCT event_id, client_class, visitor_id, network_id, click_id_platform
  FROM tp_hits
  WHERE $window AND status = 'recorded' AND click_id IS NOT NULL
)
SELECT coalesce(click_id_platform, '') AS network,
       count_if(client_class = 'human') AS people,
       count(DISTINCT CASE WHEN client_class = 'human' THEN coalesce(visitor_id, network_id) END) AS visitors,
       count_if(client_class = 'mail_proxy') AS proxies,
       count_if(client_class IN ('bot', 'prefetch')) AS bots,
       count_if(client_class = 'synthetic') AS synthetic,
       count_if(client_class NOT IN ('human', 'mail_proxy', 'bot', 'prefetch', 'synthetic')) AS unknown,
       count(*) AS hits,
       count(*) OVER () AS all_rows
FROM hit
GROUP BY 1
ORDER BY people DESC, hits DESC, network
LIMIT $limit;
