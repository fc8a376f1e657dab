SELECT r.partition,
    (pg_catalog.array_agg(r.state ORDER BY r.id DESC) FILTER (WHERE r.counts))[1] AS state,
    (pg_catalog.array_agg(r.held ORDER BY r.id DESC) FILTER (WHERE r.counts))[1] AS held,
    pg_catalog.count(*) FILTER (WHERE r.fails AND r.id > r.success) AS failures,
    pg_catalog.count(*) FILTER (WHERE r.ended = {{class.lost}} AND NOT r.waived AND r.id > r.other) AS lost,
    (pg_catalog.array_agg(r.error ORDER BY r.id DESC) FILTER (WHERE r.id > r.success
        AND (r.fails OR r.state = {{state.stored}}) AND r.error IS NOT NULL))[1] AS error,
    (pg_catalog.max(r.next_try_at) FILTER (WHERE (r.fails OR r.ended = {{class.lost}} OR r.state = {{state.stored}}) AND NOT r.waived
        AND r.next_try_at > pg_catalog.clock_timestamp()))::text AS waits_until,
    (pg_catalog.array_agg(r.id ORDER BY r.id DESC) FILTER (WHERE r.state IN ({{states.proved}})))[1] AS stored,
    (pg_catalog.array_agg(r.changes ORDER BY r.id DESC) FILTER (WHERE r.state IN ({{states.proved}})))[1] AS changes
FROM (SELECT {{partition_here}} AS partition, r.id, r.held, r.state, r.error, r.next_try_at, r.changes, r.waived,
        COALESCE(r.class, '') AS ended, COALESCE(r.class, '') <> {{class.interrupted}} OR r.state = {{state.cancelled}} AS counts,
        r.state = {{state.failed}} AND NOT r.waived AND r.archived_by = p.owner
            AND COALESCE(r.class, '') NOT IN ({{classes.interruption}}) AS fails,
        COALESCE(pg_catalog.max(r.id) FILTER (WHERE r.class IS DISTINCT FROM {{class.lost}}) OVER same, 0) AS other,
        COALESCE(pg_catalog.max(r.id) FILTER (WHERE r.state = {{state.retired}} OR r.state = {{state.stored}} AND r.error IS NULL) OVER same, 0) AS success
    FROM pgmeta.archive_records r JOIN pgmeta.archive_policies p ON p.name = r.policy WHERE r.policy = $1 AND (r.upper IS NOT NULL) = ($2 <> 0)
    WINDOW same AS (PARTITION BY {{partition_here}})) AS r GROUP BY 1
