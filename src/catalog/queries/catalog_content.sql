-- A short text that differs whenever this snapshot sees another row in the catalogs that discovery reads, or another role asks. Each version of a row
-- has a place and a transaction of its own, which are hashed. Statistics of tables are updated in place, and change nothing here.
SELECT pg_catalog.string_agg(pg_catalog.concat_ws(':', c.rows, c.hash), ' ' ORDER BY c.place) AS content
FROM (
    SELECT 0 AS place, r.oid::int8 AS rows, r.rolsuper::int4::int8 AS hash FROM pg_catalog.pg_roles r WHERE r.rolname = CURRENT_USER
    UNION ALL SELECT 1, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hashtextextended(r.rolname::text, r.oid::int8)) FROM pg_catalog.pg_roles r
    UNION ALL SELECT 2, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_auth_members t
    UNION ALL SELECT 3, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_namespace t
    UNION ALL SELECT 4, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_class t
    UNION ALL SELECT 5, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_attribute t WHERE t.attnum > 0
    UNION ALL SELECT 6, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_attrdef t
    UNION ALL SELECT 7, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_constraint t
    UNION ALL SELECT 8, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_index t
    UNION ALL SELECT 9, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_inherits t
    UNION ALL SELECT 10, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_partitioned_table t
    UNION ALL SELECT 11, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_foreign_table t
    UNION ALL SELECT 12, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_type t
    UNION ALL SELECT 13, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_enum t
    UNION ALL SELECT 14, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_range t
    UNION ALL SELECT 15, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_proc t
    UNION ALL SELECT 16, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_aggregate t
    UNION ALL SELECT 17, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_rewrite t
    UNION ALL SELECT 18, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_trigger t
    UNION ALL SELECT 19, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_policy t
    UNION ALL SELECT 20, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_description t
    UNION ALL SELECT 21, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_depend t WHERE t.deptype = 'e'
    UNION ALL SELECT 22, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_extension t
    UNION ALL SELECT 23, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_collation t
    UNION ALL SELECT 24, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_opclass t
    UNION ALL SELECT 25, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_language t
    UNION ALL SELECT 26, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_am t
    UNION ALL SELECT 27, pg_catalog.count(*), pg_catalog.bit_xor(pg_catalog.hash_record_extended(ROW(t.xmin, t.ctid), 0)) FROM pg_catalog.pg_foreign_server t
) c
