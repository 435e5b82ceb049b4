-- The article's query: five columns of every hit, under its own names.
SELECT * FROM seed_view ORDER BY date DESC LIMIT 3
