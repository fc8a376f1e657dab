#!/usr/bin/env bash
# Writes what a new family over the model begins with: its crate, and a thin file of SQL functions.
#   new_family.sh NAME      NAME is a noun in snake_case; the crate is crates/pgmeta-NAME
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
name=${1:-}
[[ $name =~ ^[a-z][a-z0-9_]*$ ]] || fail "usage: new_family.sh NAME (snake_case)"
crate=pgmeta-${name//_/-}
folder=$repo/crates/$crate
[ ! -e "$folder" ] && [ ! -e "$repo/src/api/$name.rs" ] || fail "family $name exists already"
mkdir -p "$folder/src"

cat >"$folder/Cargo.toml" <<EOF
[package]
name = "$crate"
version = "$(pgmeta_version)"
edition.workspace = true
rust-version.workspace = true
license.workspace = true
publish = false
description = "What the family says of a schema. Reads pgmeta-core's model"

[dependencies]
pgmeta-core.workspace = true

[lints]
workspace = true
EOF

cat >"$folder/src/lib.rs" <<EOF
//! What the family says of a schema, from the model alone. No server, no I/O, no clock. Reads no catalog and prints no DDL.

#![warn(missing_docs)]

use pgmeta_core::model::Model;

/// Returns the number of objects that the family has something to say of.
pub fn count(model: &Model) -> usize {
    model.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_model_has_no_objects() {
        assert_eq!(count(&Model::default()), 0);
    }
}
EOF

cat >"$repo/src/api/$name.rs" <<EOF
//! The SQL functions of the family $name.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::sides;
use crate::jsonb::SnapshotArgument;

#[pg_extern(stable, parallel_unsafe)]
fn pgmeta_$name(snapshot: Option<SnapshotArgument>) -> Result<Option<i64>, ErrorReport> {
    let Some(snapshot) = snapshot else { return Ok(None) };
    let model = sides::snapshot("snapshot", snapshot)?.model()?;
    Ok(i64::try_from(${crate//-/_}::count(&model)).ok())
}
EOF

python3 - "$repo" "$name" "$crate" <<'EOF'
import re
import sys

repo, name, crate = sys.argv[1:]


def edit(path, change):
    text = open(path).read()
    changed = change(text)
    if changed == text:
        sys.exit(f"{path}: no place for the family was found")
    open(path, "w").write(changed)


def with_line(text, pattern, line):
    """Puts a line among those that match, in alphabetical order."""
    lines = text.split("\n")
    at = [number for number, own in enumerate(lines)
          if re.match(pattern, own) and lines[number - 1] != "#[macro_use]"]
    lines.insert(next((number for number in at if lines[number] > line), at[-1] + 1), line)
    return "\n".join(lines)


edit(f"{repo}/Cargo.toml", lambda text: re.sub(
    r'((?:default-)?members = \[.*?"crates/pgmeta-lint")', rf'\1, "crates/{crate}"',
    text.replace('pgmeta-lint = { path', f'{crate} = {{ path = "crates/{crate}" }}\npgmeta-lint = {{ path', 1)))
edit(f"{repo}/src/api/mod.rs", lambda text: with_line(text, r"mod \w+;$", f"mod {name};"))
edit(f"{repo}/tests/e2e/tests/house/imports.rs", lambda text: text.replace(
    "const FAMILIES: &[(&str, &[&str])] = &[\n",
    f'const FAMILIES: &[(&str, &[&str])] = &[\n    ("{crate}", &["ident", "interrupt", "model"]),\n'))
EOF

cd "$repo"
cargo fmt
cat >&2 <<EOF
It compiles; pgmeta_$name(snapshot) counts objects. Now:
  1. crates/$crate: one file for each thing, unit and golden tests beside them
  2. src/api/$name.rs: the real signatures, at most 200 lines
  3. sql/comments.sql, scripts/generate_sql.sh, and the functions again in the upgrade script of sql/
  4. docs/${name//_/-}.md with executed examples, README.md, docs/options.md, ARCHITECTURE.md, CHANGELOG.md
  5. tests: regress (NULLs, odd names, a role without rights), tests/e2e/tests/interrupts/calls.rs, name_lookup/calls.sql, readers.rs
EOF
