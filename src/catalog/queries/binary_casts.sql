-- The types whose values are stored as those of another type.
SELECT pg_catalog.format_type(c.castsource, NULL) AS source, pg_catalog.format_type(c.casttarget, NULL) AS target_type
FROM pg_catalog.pg_cast c
WHERE c.castmethod = 'b'
