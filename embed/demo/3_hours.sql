-- When do they come? One value an hour, also for hours without a hit.
SELECT date_trunc('hour', received_at) AS hour, count(*) AS hits
FROM hits
GROUP BY 1
ORDER BY 1
