#!/usr/bin/env bash
# Demonstrates pgmeta: builds and installs it, loads a sample application into a throwaway server, prints the DDL of a
# table, the export as files, the JSON model and the coverage of an export. Leaves no process running.
#   demo.sh [--pg MAJOR] [--shell]      --shell: psql in the demo database instead, until you leave it
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
major=15 shell= inside=
arguments=("$@")
while [ $# -gt 0 ]; do
  case $1 in
    --pg) major=${2:?major version}; shift 2 ;;
    --shell) shell=1; shift ;;
    --inside) inside=1; shift ;;
    *) fail "usage: demo.sh [--pg MAJOR] [--shell]" ;;
  esac
done

if [ -z "$inside" ]; then
  say "1 of 3: what building needs, and a PostgreSQL $major of its own"
  "$repo/scripts/setup.sh" "$major" --for demo
  say "2 of 3, after $SECONDS s: building pgmeta, not optimized (250 crates; about 3 minutes the first time on two cores)"
  "$repo/scripts/install_extension.sh" "$major" --demo
  say "3 of 3, after $SECONDS s: a throwaway server"
  exec "$repo/scripts/with_server.sh" --pg "$major" -- "$0" "${arguments[@]}" --inside
fi

export PGDATABASE=shop
createdb shop
psql -qX -1 -v ON_ERROR_STOP=1 -f "$repo/tests/fixtures/sample_app.sql" -c 'CREATE EXTENSION pgmeta' >/dev/null

bold= plain= dim=
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'; fi
title() { printf '\n%s── %s %s%s\n' "$bold" "$1" "$(printf '─%.0s' $(seq $((96 - ${#1}))))" "$plain"; }
show() { printf '%sshop=# %s;%s\n' "$dim" "$1" "$plain"; }
query() { psql -qXAt -v ON_ERROR_STOP=1 -c "$1"; }

if [ -n "$shell" ]; then
  cat <<END
${bold}psql in database shop${plain}, on a throwaway server that goes when you leave (\\q). Try:
  SELECT pgmeta_ddl('app.orders');
  SELECT path, content FROM pgmeta_export_files('reporting');
  SELECT type, identity FROM pgmeta_objects(types => '{function,procedure,trigger}');
  SELECT jsonb_pretty(pgmeta_snapshot('auth'));
END
  exec psql -X
fi

# Prints the folders of two levels, each with its files.
tree() {
  query 'SELECT path FROM pgmeta_export_files() ORDER BY path COLLATE "C"' | awk -F/ '
    function cut(text) { return length(text) > 76 ? substr(text, 1, 75) "…" : text }
    NF == 1 { files[++loose] = $1; next }
    { top = $1; second = NF > 2 ? $2 : ""; leaf = NF > 3 ? $3 "/" : $NF
      if (!(top in seen)) { seen[top] = 1; tops[++n] = top }
      if (NF == 2) { own[top] = own[top] "  " $2; next }
      key = top SUBSEP second
      if (!(key in count)) { count[key] = 0; seconds[top] = seconds[top] (seconds[top] == "" ? "" : "/") second }
      if (!((key, leaf) in had)) { had[key, leaf] = 1; count[key]++; items[key] = items[key] (items[key] == "" ? "" : "  ") leaf } }
    END { for (i = 1; i <= n; i++) { top = tops[i]; print top "/"; m = split(seconds[top], names, "/")
            if (own[top] != "") print (m ? "├── " : "└── ") substr(own[top], 3)
            for (j = 1; j <= m; j++) printf "%s%-20s%s\n", (j < m ? "├── " : "└── "), names[j] "/", cut(items[top, names[j]]) }
          for (i = 1; i <= loose; i++) print files[i] }'
}

title 'The DDL of one table, with what belongs to it'
show "SELECT pgmeta_ddl('app.price_rules')"
query "SELECT pgmeta_ddl('app.price_rules')"

title 'The whole database as files: one for each object, and install.sql that loads them in order'
show 'SELECT path FROM pgmeta_export_files()'
tree
query "SELECT E'\napp/tables/orders/    ' || string_agg(DISTINCT split_part(path, '/', 4) || CASE WHEN path LIKE '%/%/%/%/%' THEN '/' ELSE '' END, '  ')
       FROM pgmeta_export_files() WHERE path LIKE 'app/tables/orders/%'"
printf '\n'
show "SELECT content FROM pgmeta_export_files() WHERE path = 'reporting/views/open_orders.sql'"
query "SELECT content FROM pgmeta_export_files() WHERE path = 'reporting/views/open_orders.sql'"

title 'The JSON model, which the same DDL can be printed from on any server'
show "SELECT jsonb_pretty(pgmeta_snapshot('auth') -> 'tables' -> 0)"
query "SELECT jsonb_pretty(pgmeta_snapshot('auth') -> 'tables' -> 0)" | sed -n 1,20p
echo '    …'

title 'What an export covers: every row of the catalogs is accounted for'
show 'SELECT status, reason, sum(count), … FROM pgmeta_coverage() GROUP BY …'
psql -qX -P border=1 -P footer=off -P null=- -c "
  SELECT status, reason, sum(count) AS objects, left(string_agg(type, ', ' ORDER BY count DESC, type), 60) AS types
  FROM pgmeta_coverage() GROUP BY status, reason ORDER BY sum(count) DESC, status, reason LIMIT 8"

shown() { show "$1"; psql -qX -P border=1 -P footer=off -c "$1"; }
title 'A definition: stored, deployed, altered to version 2 with its rows, and back'
show "SELECT pgmeta_definition_create('notes', '{\"tables\": [{\"name\": \"notes\", \"columns\": […]}]}')"
query "SELECT pgmeta_definition_create('notes', '{\"tables\": [{\"name\": \"notes\", \"columns\": [
  {\"name\": \"id\", \"type\": \"bigint\", \"identity\": \"always\", \"primary_key\": true}, {\"name\": \"text\", \"type\": \"text\", \"nullable\": false}]}]}')"
shown "SELECT step, statement FROM pgmeta_definition_deploy('notes')"
query "INSERT INTO notes.notes (text) VALUES ('milk'), ('bread')"
show "SELECT pgmeta_definition_update('notes', …)     -- a column more"
query "SELECT pgmeta_definition_update('notes', jsonb_set(pgmeta_definition_get('notes'), '{tables,0,columns,2}', '{\"name\": \"done\", \"type\": \"boolean\", \"nullable\": false, \"default\": false}'))"
shown "SELECT effect, identity, detail FROM pgmeta_definition_impact('notes', 2)"
shown "SELECT step, statement FROM pgmeta_definition_deploy('notes', options => '{\"allow_hazards\": \"ACQUIRES_ACCESS_EXCLUSIVE_LOCK\"}')"
shown "SELECT * FROM notes.notes"
shown "SELECT step, statement FROM pgmeta_definition_rollback('notes', 1, '{\"allow_hazards\": \"ACQUIRES_ACCESS_EXCLUSIVE_LOCK,DELETES_DATA\"}')"

title 'Old partitions, archived: stored, read back and proved, dropped; and brought back'
archive=$PGMETA_SERVER_DIR/archive
as_server mkdir -p "$archive"
query "CREATE TABLE app.visits (at timestamptz NOT NULL, page text) PARTITION BY RANGE (at);
  CREATE TABLE app.visits_2024_01 PARTITION OF app.visits FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
  INSERT INTO app.visits SELECT timestamptz '2024-01-01' + g * interval '1 minute', '/' || g FROM generate_series(1, 40000) g"
shown "CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file://$archive')"
shown "SELECT pgmeta_archive_policy_create('visits', 'app.visits', 'cold', interval '6 months', '{\"format\": \"parquet\", \"retire\": \"drop\"}')"
shown "CALL pgmeta_archive_run('visits')"
shown "SELECT id, partition, state, rows, bytes FROM pgmeta.archives"
shown "SELECT file, status FROM pgmeta_archive_verify(1)"
shown "SELECT pgmeta_archive_restore(1, '{\"attach\": true}'), (SELECT count(*) FROM app.visits) AS before"
shown "SELECT count(*) FROM app.visits"

title 'And now'
cat <<END
  make demo-shell                 psql on this database
  make install                    pgmeta into PostgreSQL $major; then, in a database of yours:
    CREATE EXTENSION pgmeta;
    SELECT pgmeta_export();       everything as one script; psql -XAtc 'SELECT pgmeta_export()' > schema.sql
    SELECT pgmeta_ddl('name');    one object; a name that does not exist gets suggestions
  README.md and docs/             the tour, every function, limits

The server was a throwaway one, and is gone. These stay on this machine:
  its PostgreSQL                  in $cache, named in ${PGRX_HOME:-~/.pgrx}/config.toml; \`make uninstall\` removes both
  the build                       in target/; \`make clean\` removes it
  apt packages                    clang, libclang-dev and PostgreSQL, if they were not there before
END
