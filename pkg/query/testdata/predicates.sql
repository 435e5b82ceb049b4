-- … to …, buffer 1m0s
true
-- … to …, buffer 15m0s
true
-- 2026-07-05T09:20:00Z to 2026-07-05T09:40:00Z, buffer 1m0s
(year = 2026 AND month = 7 AND day = 5 AND hour = 9 AND received_at >= TIMESTAMP '2026-07-05 09:20:00.000' AND received_at < TIMESTAMP '2026-07-05 09:40:00.000')
-- 2026-07-05T09:20:00Z to 2026-07-05T09:40:00Z, buffer 15m0s
(year = 2026 AND month = 7 AND day = 5 AND hour = 9 AND received_at >= TIMESTAMP '2026-07-05 09:20:00.000' AND received_at < TIMESTAMP '2026-07-05 09:40:00.000')
-- 2026-07-05T09:00:00Z to 2026-07-05T10:00:00Z, buffer 1m0s
(year = 2026 AND month = 7 AND day = 5 AND hour BETWEEN 8 AND 10 AND received_at >= TIMESTAMP '2026-07-05 09:00:00.000' AND received_at < TIMESTAMP '2026-07-05 10:00:00.000')
-- 2026-07-05T09:00:00Z to 2026-07-05T10:00:00Z, buffer 15m0s
(year = 2026 AND month = 7 AND day = 5 AND hour BETWEEN 8 AND 10 AND received_at >= TIMESTAMP '2026-07-05 09:00:00.000' AND received_at < TIMESTAMP '2026-07-05 10:00:00.000')
-- 2026-07-05T09:00:59.999Z to 2026-07-05T09:59:00Z, buffer 1m0s
(year = 2026 AND month = 7 AND day = 5 AND hour BETWEEN 8 AND 9 AND received_at >= TIMESTAMP '2026-07-05 09:00:59.999' AND received_at < TIMESTAMP '2026-07-05 09:59:00.000')
-- 2026-07-05T09:00:59.999Z to 2026-07-05T09:59:00Z, buffer 15m0s
(year = 2026 AND month = 7 AND day = 5 AND hour BETWEEN 8 AND 9 AND received_at >= TIMESTAMP '2026-07-05 09:00:59.999' AND received_at < TIMESTAMP '2026-07-05 09:59:00.000')
-- 2026-07-05T00:00:00Z to 2026-07-06T00:00:00Z, buffer 1m0s
(year = 2026 AND month = 7 AND day BETWEEN 4 AND 6 AND (day > 4 OR hour >= 23) AND (day < 6 OR hour <= 0) AND received_at >= TIMESTAMP '2026-07-05 00:00:00.000' AND received_at < TIMESTAMP '2026-07-06 00:00:00.000')
-- 2026-07-05T00:00:00Z to 2026-07-06T00:00:00Z, buffer 15m0s
(year = 2026 AND month = 7 AND day BETWEEN 4 AND 6 AND (day > 4 OR hour >= 23) AND (day < 6 OR hour <= 0) AND received_at >= TIMESTAMP '2026-07-05 00:00:00.000' AND received_at < TIMESTAMP '2026-07-06 00:00:00.000')
-- 2026-07-04T22:00:00Z to 2026-07-05T22:00:00Z, buffer 1m0s
(year = 2026 AND month = 7 AND day BETWEEN 4 AND 5 AND (day > 4 OR hour >= 21) AND (day < 5 OR hour <= 22) AND received_at >= TIMESTAMP '2026-07-04 22:00:00.000' AND received_at < TIMESTAMP '2026-07-05 22:00:00.000')
-- 2026-07-04T22:00:00Z to 2026-07-05T22:00:00Z, buffer 15m0s
(year = 2026 AND month = 7 AND day BETWEEN 4 AND 5 AND (day > 4 OR hour >= 21) AND (day < 5 OR hour <= 22) AND received_at >= TIMESTAMP '2026-07-04 22:00:00.000' AND received_at < TIMESTAMP '2026-07-05 22:00:00.000')
-- 2026-07-01T00:00:00Z to 2026-08-01T00:00:00Z, buffer 1m0s
(year = 2026 AND month BETWEEN 6 AND 8 AND (month > 6 OR day > 30 OR day = 30 AND hour >= 23) AND (month < 8 OR day < 1 OR day = 1 AND hour <= 0) AND received_at >= TIMESTAMP '2026-07-01 00:00:00.000' AND received_at < TIMESTAMP '2026-08-01 00:00:00.000')
-- 2026-07-01T00:00:00Z to 2026-08-01T00:00:00Z, buffer 15m0s
(year = 2026 AND month BETWEEN 6 AND 8 AND (month > 6 OR day > 30 OR day = 30 AND hour >= 23) AND (month < 8 OR day < 1 OR day = 1 AND hour <= 0) AND received_at >= TIMESTAMP '2026-07-01 00:00:00.000' AND received_at < TIMESTAMP '2026-08-01 00:00:00.000')
-- 2026-02-01T00:00:00Z to 2026-03-01T00:00:00Z, buffer 1m0s
(year = 2026 AND month BETWEEN 1 AND 3 AND (month > 1 OR day > 31 OR day = 31 AND hour >= 23) AND (month < 3 OR day < 1 OR day = 1 AND hour <= 0) AND received_at >= TIMESTAMP '2026-02-01 00:00:00.000' AND received_at < TIMESTAMP '2026-03-01 00:00:00.000')
-- 2026-02-01T00:00:00Z to 2026-03-01T00:00:00Z, buffer 15m0s
(year = 2026 AND month BETWEEN 1 AND 3 AND (month > 1 OR day > 31 OR day = 31 AND hour >= 23) AND (month < 3 OR day < 1 OR day = 1 AND hour <= 0) AND received_at >= TIMESTAMP '2026-02-01 00:00:00.000' AND received_at < TIMESTAMP '2026-03-01 00:00:00.000')
-- 2024-02-29T12:00:00Z to 2024-03-01T12:00:00Z, buffer 1m0s
(year = 2024 AND month BETWEEN 2 AND 3 AND (month > 2 OR day > 29 OR day = 29 AND hour >= 11) AND (month < 3 OR day < 1 OR day = 1 AND hour <= 12) AND received_at >= TIMESTAMP '2024-02-29 12:00:00.000' AND received_at < TIMESTAMP '2024-03-01 12:00:00.000')
-- 2024-02-29T12:00:00Z to 2024-03-01T12:00:00Z, buffer 15m0s
(year = 2024 AND month BETWEEN 2 AND 3 AND (month > 2 OR day > 29 OR day = 29 AND hour >= 11) AND (month < 3 OR day < 1 OR day = 1 AND hour <= 12) AND received_at >= TIMESTAMP '2024-02-29 12:00:00.000' AND received_at < TIMESTAMP '2024-03-01 12:00:00.000')
-- 2026-01-01T00:00:00Z to 2027-01-01T00:00:00Z, buffer 1m0s
(year BETWEEN 2025 AND 2027 AND (year > 2025 OR month > 12 OR month = 12 AND (day > 31 OR day = 31 AND hour >= 23)) AND (year < 2027 OR month < 1 OR month = 1 AND (day < 1 OR day = 1 AND hour <= 0)) AND received_at >= TIMESTAMP '2026-01-01 00:00:00.000' AND received_at < TIMESTAMP '2027-01-01 00:00:00.000')
-- 2026-01-01T00:00:00Z to 2027-01-01T00:00:00Z, buffer 15m0s
(year BETWEEN 2025 AND 2027 AND (year > 2025 OR month > 12 OR month = 12 AND (day > 31 OR day = 31 AND hour >= 23)) AND (year < 2027 OR month < 1 OR month = 1 AND (day < 1 OR day = 1 AND hour <= 0)) AND received_at >= TIMESTAMP '2026-01-01 00:00:00.000' AND received_at < TIMESTAMP '2027-01-01 00:00:00.000')
-- 2026-01-01T00:15:00Z to 2026-12-31T23:59:00Z, buffer 1m0s
(year = 2026 AND month BETWEEN 1 AND 12 AND received_at >= TIMESTAMP '2026-01-01 00:15:00.000' AND received_at < TIMESTAMP '2026-12-31 23:59:00.000')
-- 2026-01-01T00:15:00Z to 2026-12-31T23:59:00Z, buffer 15m0s
(year = 2026 AND month BETWEEN 1 AND 12 AND received_at >= TIMESTAMP '2026-01-01 00:15:00.000' AND received_at < TIMESTAMP '2026-12-31 23:59:00.000')
-- 2021-06-15T13:30:00.0005Z to 2026-03-02T04:05:06.7Z, buffer 1m0s
(year BETWEEN 2021 AND 2026 AND (year > 2021 OR month > 6 OR month = 6 AND (day > 15 OR day = 15 AND hour >= 13)) AND (year < 2026 OR month < 3 OR month = 3 AND (day < 2 OR day = 2 AND hour <= 4)) AND received_at >= TIMESTAMP '2021-06-15 13:30:00.001' AND received_at < TIMESTAMP '2026-03-02 04:05:06.700')
-- 2021-06-15T13:30:00.0005Z to 2026-03-02T04:05:06.7Z, buffer 15m0s
(year BETWEEN 2021 AND 2026 AND (year > 2021 OR month > 6 OR month = 6 AND (day > 15 OR day = 15 AND hour >= 13)) AND (year < 2026 OR month < 3 OR month = 3 AND (day < 2 OR day = 2 AND hour <= 4)) AND received_at >= TIMESTAMP '2021-06-15 13:30:00.001' AND received_at < TIMESTAMP '2026-03-02 04:05:06.700')
-- 2026-07-05T09:00:00Z to …, buffer 1m0s
(year >= 2026 AND (year > 2026 OR month > 7 OR month = 7 AND (day > 5 OR day = 5 AND hour >= 8)) AND received_at >= TIMESTAMP '2026-07-05 09:00:00.000')
-- 2026-07-05T09:00:00Z to …, buffer 15m0s
(year >= 2026 AND (year > 2026 OR month > 7 OR month = 7 AND (day > 5 OR day = 5 AND hour >= 8)) AND received_at >= TIMESTAMP '2026-07-05 09:00:00.000')
-- 2026-01-01T00:15:00Z to …, buffer 1m0s
(year >= 2026 AND received_at >= TIMESTAMP '2026-01-01 00:15:00.000')
-- 2026-01-01T00:15:00Z to …, buffer 15m0s
(year >= 2026 AND received_at >= TIMESTAMP '2026-01-01 00:15:00.000')
-- 2026-01-01T01:00:00Z to …, buffer 1m0s
(year >= 2026 AND received_at >= TIMESTAMP '2026-01-01 01:00:00.000')
-- 2026-01-01T01:00:00Z to …, buffer 15m0s
(year >= 2026 AND received_at >= TIMESTAMP '2026-01-01 01:00:00.000')
-- … to 2026-07-05T09:00:00Z, buffer 1m0s
(year <= 2026 AND (year < 2026 OR month < 7 OR month = 7 AND (day < 5 OR day = 5 AND hour <= 9)) AND received_at < TIMESTAMP '2026-07-05 09:00:00.000')
-- … to 2026-07-05T09:00:00Z, buffer 15m0s
(year <= 2026 AND (year < 2026 OR month < 7 OR month = 7 AND (day < 5 OR day = 5 AND hour <= 9)) AND received_at < TIMESTAMP '2026-07-05 09:00:00.000')
-- … to 2026-12-31T23:30:00Z, buffer 1m0s
(year <= 2026 AND received_at < TIMESTAMP '2026-12-31 23:30:00.000')
-- … to 2026-12-31T23:30:00Z, buffer 15m0s
(year <= 2026 AND received_at < TIMESTAMP '2026-12-31 23:30:00.000')
