#!/usr/bin/env bash
# Creates the files of a new lint rule: source, registration, case and page.
#   new_rule.sh NAME      NAME is a noun in snake_case, such as unindexed_foreign_key
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
name=${1:-}
[[ $name =~ ^[a-z][a-z0-9_]*$ ]] || fail "usage: new_rule.sh NAME (snake_case)"
crate=$repo/crates/pgmeta-lint
file=$crate/src/rules/$name.rs
case=$crate/tests/rules/$name
[ ! -e "$file" ] || fail "rule $name exists already"

cat >"$file" <<EOF
//! Rule $name.

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Table without columns
    ///
    /// Reports which objects exactly, and which similar ones it does not.
    ///
    /// # Why
    ///
    /// What goes wrong because of it.
    ///
    /// # Fix
    ///
    /// What to do.
    ///
    /// # Bad
    ///
    /// \`\`\`sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.t ();
    /// \`\`\`
    ///
    /// # Good
    ///
    /// \`\`\`sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.t (id bigint PRIMARY KEY);
    /// \`\`\`
    Rule {
        name: "$name",
        level: Level::Warning,
        category: Category::Design,
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for table in cx.own_tables().filter(|table| table.columns.is_empty()) {
        let key = table.object_key();
        let detail = format!("Table {} has no columns.", key.identity());
        report.add(Draft::of(key, detail));
    }
}
EOF

mkdir -p "$case"
cat >"$case/bad.sql" <<'EOF'
CREATE SCHEMA app;
CREATE TABLE app.t ();
EOF
cat >"$case/good.sql" <<'EOF'
CREATE SCHEMA app;
-- The near misses.
CREATE TABLE app.t (id bigint PRIMARY KEY);
EOF

python3 - "$crate/src/rules/mod.rs" "$name" <<'EOF'
import sys
path, name = sys.argv[1:]
lines = open(path).read().split("\n")
modules = [line for line in lines if line.startswith("pub(crate) mod ")]
first = lines.index(modules[0])
lines[first:first + len(modules)] = sorted([*modules, f"pub(crate) mod {name};"])
# The rules about the run itself come last.
at = lines.index("    &invalid_directive::RULE,")
lines.insert(at, f"    &{name}::RULE,")
open(path, "w").write("\n".join(lines))
EOF

cd "$repo"
PGMETA_ACCEPT=1 cargo test --quiet -p pgmeta-lint --test rules pages_ >/dev/null
cat >&2 <<EOF
Now:
  1. write the rule in ${file#"$repo"/}, and its place in the list of crates/pgmeta-lint/src/rules/mod.rs
  2. write bad.sql and good.sql in ${case#"$repo"/}
  3. PGMETA_ACCEPT=1 PGMETA_RULE=$name scripts/with_server.sh -- scripts/e2e.sh lint::   (snapshots and findings)
  4. PGMETA_ACCEPT=1 cargo test -p pgmeta-lint --test rules pages_                       (docs/lint/$name.md)
  5. read what was written, and run both without PGMETA_ACCEPT
EOF
