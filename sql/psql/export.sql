-- Writes the file tree of pgmeta_export_files on the client:
--   psql -X -d DATABASE -v directory=DIR [-v schemas=LIST] [-v types=LIST] [-v name_pattern=REGEX] [-v options=JSON]
--        -f export.sql
-- Files whose content is the same are left alone, files of vanished objects are removed, other files in the
-- directory are never touched. Prints one line for each change. Needs psql 13 or later, sh, base64, tar and cmp.
SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', false) \g /dev/null
\set ON_ERROR_STOP on
\set SHOW_CONTEXT never
\if :{?directory} \else
  DO $$ BEGIN RAISE 'the variable "directory" is not set' USING HINT = 'Call psql with -v directory=DIR.'; END $$;
\endif
\if :{?schemas} \else
  \set schemas ALL
\endif
\if :{?types} \else
  \set types ''
\endif
\if :{?name_pattern} \else
  \set name_pattern ''
\endif
\if :{?options} \else
  \set options '{}'
\endif

SELECT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'pgmeta') AS pgmeta_installed \gset
\if :pgmeta_installed \else
  DO $$ BEGIN RAISE 'pgmeta is not installed in this database' USING HINT = 'Run CREATE EXTENSION pgmeta.'; END $$;
\endif
SELECT pg_catalog.quote_ident(n.nspname) AS pgmeta_schema
FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
WHERE e.extname = 'pgmeta' \gset

-- What the shell does with the archive. The paths in it are plain: no blank, quote or backslash, no part "..".
SELECT $sh$
set -eu
LC_ALL=C; export LC_ALL
mkdir -p -- "$PGMETA_DIRECTORY"
cd -- "$PGMETA_DIRECTORY"
work=$(mktemp -d ./.pgmeta.XXXXXX)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT PIPE TERM
mkdir "$work/new"
base64 -d | tar -x -m -f - -C "$work/new"
# The last file of the archive: with it, all are there.
[ -f "$work/new/install.sql" ]
(cd "$work/new" && find . -type f | sed 's|^\./||' | sort) >"$work/now"
if [ -f .pgmeta-files ]; then grep -v '^#' .pgmeta-files | sort >"$work/before" || :; else : >"$work/before"; fi
list() { echo '# Files written by pgmeta_export_to_directory; it removes those whose objects are gone.'; cat "$@"; }
# Listed before they exist: when this is interrupted, no file is left that nobody owns.
sort -u "$work/before" "$work/now" >"$work/both"
list "$work/both" >"$work/list"; mv -f "$work/list" .pgmeta-files
while IFS= read -r path; do
  if [ ! -e "./$path" ]; then action=created
  elif cmp -s "$work/new/$path" "./$path"; then continue
  else action=updated; fi
  if [ -d "./$path" ]; then echo "$path is a folder" >&2; exit 1; fi
  folder=./$path; folder=${folder%/*}
  [ -d "$folder" ] || mkdir -p "$folder"
  mv -f "$work/new/$path" "./$path"
  echo "$action $path"
done <"$work/now"
comm -23 "$work/before" "$work/now" >"$work/gone"
while IFS= read -r path; do
  case /$path/ in //* | */../* | */./*) continue ;; esac
  [ -f "./$path" ] || continue
  rm -f "./$path"
  case $path in */*) rmdir -p "./${path%/*}" 2>/dev/null || : ;; esac
  echo "deleted $path"
done <"$work/gone"
list "$work/now" >"$work/list"; mv -f "$work/list" .pgmeta-files
echo ok >.pgmeta-status
$sh$ AS pgmeta_shell \gset
\setenv PGMETA_SHELL :pgmeta_shell
\setenv PGMETA_DIRECTORY :directory
\set pgmeta_status `rm -f -- "$PGMETA_DIRECTORY/.pgmeta-status"`

SELECT pg_catalog.encode(:pgmeta_schema.pgmeta_export_tar(
  schemas => :'schemas'::pg_catalog.text,
  types => pg_catalog.string_to_array(NULLIF(:'types', '')::pg_catalog.text, ','::pg_catalog.text),
  name_pattern => NULLIF(:'name_pattern', '')::pg_catalog.text,
  on_error => 'fail'::pg_catalog.text,
  options => :'options'::pg_catalog.jsonb), 'base64') \g (format=unaligned tuples_only=on) | sh -c "$PGMETA_SHELL"

-- psql 15 does not tell how a program ended.
\set pgmeta_status `cd -- "$PGMETA_DIRECTORY" 2>/dev/null && cat .pgmeta-status 2>/dev/null; rm -f .pgmeta-status`
SELECT :'pgmeta_status' = 'ok' AS pgmeta_done \gset
\setenv PGMETA_SHELL
\setenv PGMETA_DIRECTORY
\if :pgmeta_done \else
  DO $$ BEGIN RAISE 'the files were not written' USING ERRCODE = 'io_error', HINT = 'The shell''s message is above.'; END $$;
\endif
