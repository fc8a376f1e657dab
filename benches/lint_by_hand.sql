-- What a linter of hand-written catalog queries asks, one query a rule, for comparison: tables without a primary key, foreign
-- keys without an index, equal indexes, unused indexes, invalid constraints, types to avoid, wide varchar keys, sequences that
-- run out. Prints the number of findings of each.
SELECT 'no_primary_key', count(*) FROM pg_class c
WHERE c.relkind IN ('r', 'p') AND c.relnamespace::regnamespace::text ~ '^bench_'
  AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary);
SELECT 'unindexed_foreign_keys', count(*) FROM pg_constraint k
WHERE k.contype = 'f' AND k.connamespace::regnamespace::text ~ '^bench_'
  AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = k.conrelid AND i.indpred IS NULL
                  AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey);
SELECT 'duplicate_index', count(*) FROM pg_index a JOIN pg_index b
  ON a.indrelid = b.indrelid AND a.indexrelid < b.indexrelid AND a.indkey::text = b.indkey::text AND a.indclass = b.indclass
  AND pg_get_expr(a.indpred, a.indrelid) IS NOT DISTINCT FROM pg_get_expr(b.indpred, b.indrelid)
  AND pg_get_expr(a.indexprs, a.indrelid) IS NOT DISTINCT FROM pg_get_expr(b.indexprs, b.indrelid);
SELECT 'unused_index', count(*) FROM pg_stat_user_indexes s JOIN pg_index i USING (indexrelid)
WHERE s.idx_scan = 0 AND NOT i.indisunique AND pg_relation_size(s.indexrelid) > 0 AND s.schemaname ~ '^bench_';
SELECT 'not_validated_constraint', count(*) FROM pg_constraint WHERE NOT convalidated AND connamespace::regnamespace::text ~ '^bench_';
SELECT 'types_to_avoid', count(*) FROM information_schema.columns
WHERE table_schema ~ '^bench_' AND data_type IN ('character', 'money', 'timestamp without time zone', 'time with time zone', 'json');
SELECT 'varchar_key', count(*) FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
WHERE i.indisprimary AND a.atttypid IN ('varchar'::regtype, 'text'::regtype);
SELECT 'sequence_exhaustion', count(*) FROM pg_sequences WHERE schemaname ~ '^bench_' AND last_value > max_value * 0.8;
SELECT 'no_comment', count(*) FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text ~ '^bench_'
  AND obj_description(c.oid, 'pg_class') IS NULL;
