SELECT EXISTS (SELECT FROM pg_catalog.pg_timezone_names WHERE name = $1) AS zone,
    $2::text IS NULL OR pg_catalog.to_regnamespace(pg_catalog.quote_ident($2)) IS NOT NULL AS schema,
    COALESCE($3::interval > '0'::interval, true) AS positive
