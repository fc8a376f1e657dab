SELECT pg_catalog.pg_cancel_backend($1::int) AS sent
