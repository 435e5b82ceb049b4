-- Which mails are opened, by readers and through mail proxies?
-- Columns: opens is hits of people and of mail proxies; direct those of people;
-- via proxy those of proxies that load images in a reader's place, perhaps
-- before or without the reader opening the mail; readers is the different user
-- ids among opens; bots is hits of bots and of browsers that load ahead. The
-- share of proxies has its 95 % interval.
-- Left out: dropped hits, copies (DISTINCT leaves one of each), synthetic and
-- unknown hits, and people's hits that name no message: those are pages.

-- part: messages, bars, Opens by message
-- note: A proxy may load the image of a mail that nobody opened: read opens as between direct and the whole.
-- label: message, Message
-- count: opens, Opens
-- count: direct, Direct
-- count: via_proxy, Via proxy
-- count: readers, Readers
-- count: bots, Bots
-- share: proxy_share, via_proxy, opens, Via proxy of opens
WITH hit AS (
  SELECT DISTINCT event_id, client_class, user_id, message_id
  FROM tp_hits
  WHERE $window AND status = 'recorded'
    AND client_class IN ('human', 'mail_proxy', 'bot', 'prefetch')
    AND (message_id IS NOT NULL OR client_class = 'mail_proxy')
)
SELECT coalesce(message_id, '') AS message,
       count_if(client_class IN ('human', 'mail_proxy')) AS opens,
       count_if(client_class = 'human') AS direct,
       count_if(client_class = 'mail_proxy') AS via_proxy,
       count(DISTINCT CASE WHEN client_class IN ('human', 'mail_proxy') THEN user_id END) AS readers,
       count_if(client_class IN ('bot', 'prefetch')) AS bots,
       count(*) OVER () AS all_rows
FROM hit
GROUP BY 1
ORDER BY opens DESC, bots DESC, message
LIMIT $limit;

-- part: proxies, bars, Mail proxies
-- label: proxy, Proxy
-- count: opens, Opens
-- count: messages, Messages
-- count: readers, Readers
WITH hit AS (
  SELECT DISTINCT event_id, bot_reason, user_id, message_id
  FROM tp_hits
  WHERE $window AND status = 'recorded' AND client_class = 'mail_proxy'
)
SELECT coalesce(bot_reason, '') AS proxy,
       count(*) AS opens,
       count(DISTINCT message_id) AS messages,
       count(DISTINCT user_id) AS readers,
       count(*) OVER () AS all_rows
FROM hit
GROUP BY 1
ORDER BY opens DESC, proxy
LIMIT $limit;
