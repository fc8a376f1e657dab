SELECT p.oid, p.pubname AS name, p.pubowner AS owner, p.puballtables AS all_tables,
       p.pubinsert AS inserts, p.pubupdate AS updates, p.pubdelete AS deletes, p.pubtruncate AS truncates,
       p.pubviaroot AS via_root, {{pubgencols}} AS generated_columns, n.schemas
FROM pg_catalog.pg_publication p
LEFT JOIN (
    SELECT pnpubid, pg_catalog.array_agg(pnnspid) AS schemas
    FROM {{pg_publication_namespace}} n GROUP BY pnpubid
) n ON n.pnpubid = p.oid
