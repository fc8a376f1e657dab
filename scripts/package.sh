#!/usr/bin/env bash
# Builds a Debian package with pgmeta for a PostgreSQL major version: target/packages/postgresql-MAJOR-pgmeta_VERSION-1_ARCH.deb.
#   package.sh [MAJOR=15]
# Files are where the servers of Debian and PGDG look for them. Two builds of one commit in one folder are byte for byte
# equal.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
major=${1:-15}
command -v dpkg-deb >/dev/null || fail "dpkg-deb not found: packages are built on Debian and its like"
"$repo/scripts/setup.sh" "$major" --for demo
cd "$repo"
version=$(pgmeta_version)
architecture=$(dpkg --print-architecture)
name=postgresql-$major-pgmeta
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$repo/target}
build_library "$major" release --locked
# Set after the build: cargo compiles all C sources again if this variable changes, and none of them uses it.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || date +%s); export SOURCE_DATE_EPOCH

indent() { sed -e 's/^[[:space:]]*$/./' -e 's/^/ /' "$1"; } # FILE: as a field of Debian's files
tree=$(mktemp -d); trap 'rm -rf "$tree"' EXIT
lib=$tree/usr/lib/postgresql/$major/lib
share=$tree/usr/share/postgresql/$major/extension
doc=$tree/usr/share/doc/$name
mkdir -p "$lib" "$share" "$doc" "$tree/DEBIAN"
install -m 644 "$CARGO_TARGET_DIR/release/libpgmeta.so" "$lib/pgmeta.so"
strip --strip-unneeded "$lib/pgmeta.so"
control_file >"$share/pgmeta.control"
mapfile -t sql < <(installed_sql)
install -m 644 "${sql[@]}" "$share/"
gzip -9n <CHANGELOG.md >"$doc/changelog.gz"
python3 scripts/third_party.py --pg "$major" --licenses "$doc/THIRD_PARTY_LICENSES" --sbom "$doc/pgmeta.cdx.json"
cat >"$doc/copyright" <<END
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: pgmeta

Files: *
Copyright: the maintainers of pgmeta
License: MIT or Apache-2.0
$(indent LICENSE-MIT)
 .
 or, at your option:
 .
$(indent LICENSE-APACHE)
Comment: the library holds code of others, under their own licenses: THIRD_PARTY_LICENSES in this folder has the
 texts, pgmeta.cdx.json is the list for programs (CycloneDX).
END
# The oldest C library that provides all functions that the library calls.
libc=$(objdump -T "$lib/pgmeta.so" | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -1)
cat >"$tree/DEBIAN/control" <<END
Package: $name
Version: $version-1
Architecture: $architecture
Section: database
Priority: optional
Maintainer: the maintainers of pgmeta <maintainers@users.noreply.invalid>
Depends: postgresql-$major, libc6 (>= ${libc#GLIBC_}), libgcc-s1
Installed-Size: $(du -sk "$tree/usr" | cut -f1)
Description: PostgreSQL $major as its own schema tool
 DDL of every object, exports of whole databases, JSON snapshots, diffs, plans with
 locks and hazards, and archives of old partitions in files or object storage.
END
(cd "$tree" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
find "$tree" -type d -exec chmod 755 {} +
mkdir -p "$CARGO_TARGET_DIR/packages"
file=$CARGO_TARGET_DIR/packages/${name}_$version-1_$architecture.deb
dpkg-deb --root-owner-group -Zxz --build "$tree" "$file" >/dev/null
echo "$file"
