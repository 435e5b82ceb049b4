-- Which campaigns bring visits, and how many visitors stand behind them?
SELECT coalesce(utm_campaign, '(none)') AS campaign,
       count(*) AS hits,
       count(DISTINCT visitor_id) AS visitors
FROM hits
GROUP BY 1
ORDER BY hits DESC, campaign
LIMIT 8
