-- Which campaigns bring people?
-- Columns: people is hits of people, visitors their different visitor ids (else
-- ids of the network cookie), proxies hits of mail proxies, bots those of bots
-- and of browsers that load ahead, synthetic those of pixelctl itself, unknown
-- the rest; people of all has its 95 % interval.
-- Left out: dropped hits, and copies of a record, which are equal in every
-- column: DISTINCT leaves one.

-- part: campaigns, bars, Hits by campaign
-- label: campaign, Campaign
-- count: people, People
-- count: visitors, Visitors
-- count: proxies, Proxies
-- count: bots, Bots
-- count: synthetic, Synthetic
-- count: unknown, Unknown
-- share: people_share, people, hits, People of all
WITH hit AS (
  SELECT DISTINCT event_id, client_class, visitor_id, network_id, utm_campaign
  FROM tp_hits
  WHERE $window AND status = 'recorded'
)
SELECT coalesce(utm_campaign, '') AS campaign,
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
ORDER BY people DESC, hits DESC, campaign
LIMIT $limit;
