-- How far can the rows be trusted?
-- Columns: each check counts the recorded hits that it is about, and their share
-- with its 95 % interval. copies is rows beyond the first of each record; late is
-- rows in the directory of another hour than they were received in, as
-- Firehose files an object by its oldest record; clock is hits whose client_ts
-- is over 5 minutes from received_at, of those that have one.
-- Left out: dropped hits (report drops), and lines that did not become rows
-- (pixelctl status).

-- part: checks, table, What to look at
-- label: check, Check
-- label: advice, What it means
-- check: copies, rows, Rows that repeat another, reports and the view hits count each once
-- check: late, hits, In another hour's directory, free SQL needs $window rather than the keys alone
-- check: cut, hits, Something was cut, a value was longer than the column allows
-- check: full, hits, No room for parameters, 30 are kept: name the others in the spec
-- check: agentless, hits, No user agent, classes and devices are guesses
-- check: pageless, hits, No page, mails have none; a tag can name it with url=
-- check: unknown, hits, Class unknown, neither counted as people nor as bots
-- check: unnamed, people, People without an id, not among the visitors
-- check: skewed, clocked, Client's clock is off, trust received_at
-- count: count, Hits
-- share: share, count, whole, Share
WITH record AS (
  SELECT event_id, client_class, received_at, client_ts, truncated,
         user_agent IS NULL AS agentless,
         page_url IS NULL AND page_path IS NULL AS pageless,
         coalesce(visitor_id, network_id) IS NULL AS unnamed,
         coalesce(cardinality(params), 0) >= 30 AS full_params,
         count(*) AS copies,
         max(CASE WHEN year(received_at) = year AND month(received_at) = month
                   AND day(received_at) = day AND hour(received_at) = hour THEN 0 ELSE 1 END) AS late
  FROM tp_hits
  WHERE $window AND status = 'recorded'
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
)
SELECT count(*) AS hits,
       CAST(sum(copies) AS bigint) AS "rows",
       CAST(sum(copies) - count(*) AS bigint) AS copies,
       count_if(late = 1) AS late,
       count_if(truncated) AS cut,
       count_if(full_params) AS "full",
       count_if(agentless) AS agentless,
       count_if(pageless) AS pageless,
       count_if(client_class NOT IN ('human', 'mail_proxy', 'bot', 'prefetch', 'synthetic')) AS unknown,
       count_if(client_class = 'human') AS people,
       count_if(client_class = 'human' AND unnamed) AS unnamed,
       count_if(client_ts IS NOT NULL) AS clocked,
       count_if(abs(date_diff('millisecond', client_ts, received_at)) > 300000) AS skewed
FROM record;
