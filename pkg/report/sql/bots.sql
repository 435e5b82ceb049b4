-- Which machines ask, and how much of all hits are they?
-- Columns: hits of each class and reason as the classifier gave them, and their
-- share of all recorded hits with its 95 % interval; below, the user agents of
-- bots. People and mail proxies are in the share's whole and have no line.
-- Left out: dropped hits, and copies of a record, which are equal in every
-- column: DISTINCT leaves one.

-- part: reasons, bars, Machines by class and reason
-- label: class, Class
-- label: reason, Reason
-- count: hits, Hits
-- share: of_all, hits, all_hits, Of all hits
WITH hit AS (
  SELECT DISTINCT event_id, client_class, bot_reason
  FROM tp_hits
  WHERE $window AND status = 'recorded'
),
counted AS (
  SELECT client_class AS class, coalesce(bot_reason, '') AS reason, count(*) AS hits
  FROM hit
  GROUP BY 1, 2
),
shared AS (
  SELECT class, reason, hits, CAST(sum(hits) OVER () AS bigint) AS all_hits
  FROM counted
)
SELECT class, reason, hits, all_hits, count(*) OVER () AS all_rows
FROM shared
WHERE class NOT IN ('human', 'mail_proxy')
ORDER BY hits DESC, class, reason
LIMIT $limit;

-- part: agents, bars, Bots by user agent
-- label: agent, User agent
-- count: hits, Hits
WITH hit AS (
  SELECT DISTINCT event_id, user_agent
  FROM tp_hits
  WHERE $window AND status = 'recorded' AND client_class = 'bot'
)
SELECT coalesce(user_agent, '') AS agent,
       count(*) AS hits,
       count(*) OVER () AS all_rows
FROM hit
GROUP BY 1
ORDER BY hits DESC, agent
LIMIT $limit;
