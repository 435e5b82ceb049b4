-- Which devices, browsers and systems do people use?
-- Columns: people is hits of people, visitors their different visitor ids (else
-- ids of the network cookie), proxies hits of mail proxies, bots those of bots
-- and of browsers that load ahead, synthetic those of pixelctl itself, unknown
-- the rest; people of all has its 95 % interval.
-- Left out: dropped hits, and copies of a record, which are equal in every
-- column: DISTINCT leaves one. Each part counts every hit once; one scan gives
-- all three.

-- part: devices, bars, Hits by device
-- label: name, Device
-- count: people, People
-- count: visitors, Visitors
-- count: proxies, Proxies
-- count: bots, Bots
-- count: synthetic, Synthetic
-- count: unknown, Unknown
-- share: people_share, people, hits, People of all
-- part: browsers, bars, Hits by browser
-- label: name, Browser
-- count: people, People
-- count: visitors, Visitors
-- count: proxies, Proxies
-- count: bots, Bots
-- count: synthetic, Synthetic
-- count: unknown, Unknown
-- share: people_share, people, hits, People of all
-- part: systems, bars, Hits by system
-- label: name, System
-- count: people, People
-- count: visitors, Visitors
-- count: proxies, Proxies
-- count: bots, Bots
-- count: synthetic, Synthetic
-- count: unknown, Unknown
-- share: people_share, people, hits, People of all
WITH hit AS (
  SELECT DISTINCT event_id, client_class, visitor_id, network_id,
         coalesce(device, '') AS device, coalesce(browser, '') AS browser, coalesce(os, '') AS os
  FROM tp_hits
  WHERE $window AND status = 'recorded'
),
counted AS (
  SELECT CASE WHEN grouping(device) = 0 THEN 'devices' WHEN grouping(browser) = 0 THEN 'browsers' ELSE 'systems' END AS part,
         coalesce(device, browser, os) AS name,
         count_if(client_class = 'human') AS people,
         count(DISTINCT CASE WHEN client_class = 'human' THEN coalesce(visitor_id, network_id) END) AS visitors,
         count_if(client_class = 'mail_proxy') AS proxies,
         count_if(client_class IN ('bot', 'prefetch')) AS bots,
         count_if(client_class = 'synthetic') AS synthetic,
         count_if(client_class NOT IN ('human', 'mail_proxy', 'bot', 'prefetch', 'synthetic')) AS unknown,
         count(*) AS hits
  FROM hit
  GROUP BY GROUPING SETS ((device), (browser), (os))
),
ranked AS (
  SELECT part, name, people, visitors, proxies, bots, synthetic, unknown, hits,
         row_number() OVER (PARTITION BY part ORDER BY people DESC, hits DESC, name) AS place,
         count(*) OVER (PARTITION BY part) AS all_rows
  FROM counted
)
SELECT part, name, people, visitors, proxies, bots, synthetic, unknown, hits, all_rows
FROM ranked
WHERE place <= $limit
ORDER BY part, place;
