# Everything a developer calls; the work is done by scripts/. PG chooses the PostgreSQL major version: make test PG=18
PG ?= 15

.PHONY: help setup demo demo-shell test test-sql test-majors test-package test-archives test-security fuzz bench bench-commits new-kind new-family new-rule install uninstall package sql fmt lint doc clean
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

demo: ## shows what pgmeta does, on a throwaway server
	@scripts/demo.sh --pg $(PG)

demo-shell: ## psql on a throwaway server that holds the demo database
	@scripts/demo.sh --pg $(PG) --shell

test: ## lints, the pure crates, pg_regress and e2e; PG=16: pg_regress and e2e
	@scripts/test.sh $(PG)

test-sql: ## the SQL surface only: pg_regress, and e2e without what no server's version changes
	@scripts/test.sh $(PG) --sql

test-majors: ## all tests on 15, and the SQL surface on 14, 16, 17 and 18
	@scripts/test.sh 15
	@for major in 14 16 17 18; do scripts/test.sh $$major --sql || exit 1; done

test-package: ## the Debian package of 15: installed with apt, used, updated, removed
	@scripts/test_package.sh

test-archives: ## archives, and Spark reading them
	@scripts/test_archives.sh $(PG)

test-security: ## what SECURITY.md promises: names, rights, memory, cancels, leaks
	@scripts/test_security.sh $(PG)

fuzz: ## feeds the snapshot parser and the renderer with nonsense for a minute
	@scripts/fuzz.sh

bench: ## measures exports against pg_dump, diffs against migra, lint against queries by hand, deployments and archives against psql
	@scripts/bench.sh --pg $(PG)
	@scripts/bench_diff.sh --pg $(PG)
	@scripts/bench_lint.sh --pg $(PG) --no-build
	@scripts/bench_registry.sh --pg $(PG) --no-build
	@scripts/bench_archive.sh --pg $(PG) --no-build
	@scripts/bench_archive_traffic.sh --pg $(PG) --no-build

bench-commits: ## measures this tree against the commit BEFORE: fails where it is more than 5 % slower
	@scripts/bench_commits.sh $(BEFORE) --pg $(PG)

new-kind: ## writes the files of a kind of object and its place in all lists: make new-kind NAME=security_class
	@scripts/new_kind.sh $(NAME)

new-family: ## writes the crate and the SQL functions of a family over the model: make new-family NAME=codegen
	@scripts/new_family.sh $(NAME)

new-rule: ## writes the stub, the case and the page of a lint rule: make new-rule NAME=no_primary_key
	@scripts/new_rule.sh $(NAME)

install: ## builds pgmeta and installs it into the machine's PostgreSQL, or that of PG_CONFIG
	@scripts/setup.sh $(PG) --for build
	@scripts/install_extension.sh $(PG) --release --machine

uninstall: ## removes pgmeta from the machine's PostgreSQL, and what demo and tests keep outside of this folder
	@scripts/uninstall.sh $(PG)

package: ## a Debian package, in target/packages
	@scripts/package.sh $(PG)

sql: ## writes sql/pgmeta--VERSION.sql from the sources
	@scripts/generate_sql.sh

setup: ## installs what building and testing needs
	@scripts/setup.sh $(PG)

fmt: ## formats the Rust code
	@cargo fmt --all

lint: setup ## rejected phrases, rustfmt, clippy, rustdoc, unused dependencies, cargo-deny
	@scripts/lint.sh

doc: setup ## the Rust documentation, in target/doc
	@cargo doc --workspace --no-deps --document-private-items

clean: ## removes what was built
	@cargo clean
