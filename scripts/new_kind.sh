#!/usr/bin/env bash
# Writes what a new kind of object begins with: its files, and its place in each list that names all kinds.
#   new_kind.sh NAME      NAME is the kind in snake_case, such as security_class; its list in the model is NAMEs
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
name=${1:-}
[[ $name =~ ^[a-z][a-z0-9_]*$ ]] || fail "usage: new_kind.sh NAME (snake_case)"
core=$repo/crates/pgmeta-core/src
[ ! -e "$core/model/$name.rs" ] || fail "kind $name exists already"
type=$(sed -E 's/(^|_)([a-z])/\U\2/g' <<<"$name")
word=${name//_/ }
list=${name}s

cat >"$core/model/$name.rs" <<EOF
//! The kind $word.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Structure};

object! {
    /// What it is, in the words of PostgreSQL's documentation.
    pub struct $type {
        /// The schema.
        schema: Name,
        /// The name.
        name: Name;
    }
}

impl $type {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::$type, &self.schema, &self.name)
    }
}

impl Structure for $type {
    fn requires(&self) -> Vec<ObjectKey> {
        vec![ObjectKey::global(ObjectKind::Schema, &self.schema)]
    }
}
EOF

cat >"$core/catalog_rows/$name.rs" <<EOF
//! Rows of the kind $word.

use crate::catalog_rows::builder::{Address, Builder, Ingest};
use crate::catalog_rows::class;
use crate::cells::RowError;
use crate::ident::Name;
use crate::model::$type;

row! { pub struct ${type}Row = "$list" of CLASS { oid: u32, schema: u32, name: Name, owner: u32 } }

impl Ingest for ${type}Row {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::CLASS, self.oid) {
            return Ok(());
        }
        let schema = builder.names.schema(self.schema)?;
        let mut object = $type { schema, name: self.name, ..$type::default() };
        builder.describe(&mut object, Address::of(class::CLASS, self.oid), Some(self.owner), None)?;
        builder.model.$list.push(object);
        Ok(())
    }
}
EOF

cat >"$core/ddl/$name.rs" <<EOF
//! The kind $word as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::ident::qualified;
use crate::model::$type;

impl Render for $type {
    fn target(&self) -> String {
        format!("${word^^} {}", qualified(&self.schema, &self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        out.create(cx, format_args!("CREATE {}", self.target()));
    }
}
EOF

cat >"$repo/src/catalog/queries/$list.sql" <<'EOF'
-- Reads nothing yet: the kind's own catalog comes here, in place of pg_class, which has none of this kind.
SELECT c.oid, c.relnamespace AS schema, c.relname AS name, c.relowner AS owner
FROM pg_catalog.pg_class c
WHERE false AND ($1 IS NULL OR c.relnamespace = ANY ($1)) AND ($2 IS NULL OR c.oid = ANY ($2))
EOF

python3 - "$repo" "$name" "$type" "$word" "$list" <<'EOF'
import re
import sys

repo, name, type_, word, list_ = sys.argv[1:]
core = f"{repo}/crates/pgmeta-core/src/"


def edit(path, change):
    text = open(path).read()
    changed = change(text)
    if changed == text:
        sys.exit(f"{path}: no place for the kind was found")
    open(path, "w").write(changed)


def with_line(text, pattern, line):
    """Puts a line among those that match, in alphabetical order."""
    lines = text.split("\n")
    at = [number for number, own in enumerate(lines)
          if re.match(pattern, own) and lines[number - 1] != "#[macro_use]"]
    lines.insert(next((number for number in at if lines[number] > line), at[-1] + 1), line)
    return "\n".join(lines)


edit(core + "model/mod.rs", lambda text: with_line(
    with_line(text, r"mod \w+;$", f"mod {name};"), r"pub use \w+::\*;$", f"pub use {name}::*;"))
edit(core + "model/registry.rs", lambda text: re.sub(
    r"(kinds! \{\n.*?)(\n\}\n)",
    lambda found: f'{found[1]}\n    {type_} "{word}" {{ InSchema, InSchema("{list_}"), 91 }}{found[2]}',
    text, count=1, flags=re.S).replace(
    "        }\n    };\n}\npub(crate) use for_each_kind",
    f"            /// The objects of the kind {word}.\n            {list_}: {type_},\n        }}\n    }};\n}}\npub(crate) use for_each_kind"))
edit(core + "catalog_rows/mod.rs", lambda text: with_line(text, r"(pub )?mod \w+;$", f"mod {name};").replace(
    "    in_schemas: default_privileges::", f"    in_schemas: {name}::{type_}Row;\n    in_schemas: default_privileges::"))
edit(core + "ddl/mod.rs", lambda text: re.sub(r"(\n\n(?:pub(?:\(crate\))? )?mod access_method;)", rf"\1\nmod {name};", text))
edit(core + "plan/replaced.rs", lambda text: text.replace("    Rule, LargeObject,", f"    Rule, {type_}, LargeObject,"))
edit(f"{repo}/crates/pgmeta-dialect/src/others.rs", lambda text: text.replace(
    "        ObjectRef::LargeObject(_) => drop(", f'        ObjectRef::{type_}(_) => drop("{word}"),\n        ObjectRef::LargeObject(_) => drop('))
edit(f"{repo}/src/catalog/queries.rs", lambda text: with_line(text, r'    "\w+",$', f'    "{list_}",'))
EOF

cd "$repo"
cargo fmt
cat >&2 <<EOF
It compiles, and reads nothing yet. Now, in this order:
  1. crates/pgmeta-core/src/model/registry.rs   what it is called, its folder, its place in the order, its privileges
  2. crates/pgmeta-core/src/model/$name.rs      its attributes, what it requires
  3. src/catalog/queries/$list.sql and crates/pgmeta-core/src/catalog_rows/$name.rs   its rows, its catalog
  4. crates/pgmeta-core/src/ddl/$name.rs        how it is printed
  5. crates/pgmeta-core/src/plan/replaced.rs    leave it there, or write plan/$name.rs with Alter
  6. src/catalog/queries/coverage.sql           count its catalog rows
  7. tests/fixtures/kinds/ and tests/fixtures/strange_names.sql; docs/json-model.md, docs/file-tree.md, CHANGELOG.md
EOF
