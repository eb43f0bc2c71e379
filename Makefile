# Needs git, make and Python ≥ 3.11. Everything else goes into .venv, pinned and hashed.
PYTHON ?= python3
BIN = .venv/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check --quiet
# The locks are complete, so pip need not resolve (--no-deps): 30 s less, and what is locked is what is installed.
INSTALL = $(PIP) install --no-deps --require-hashes

.PHONY: demo test check lock audit licences fuzz clean help

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

demo: .venv/run ## run the whole pipeline, twice, on the built-in newspapers
	@$(BIN)/newsmill demo

test: .venv/dev ## pass the tests, the slow ones first
	$(BIN)/python -m pytest -q -n 3 --dist loadscope --no-loadscope-reorder

check: .venv/dev ## lint, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: ## write requirements*.lock anew from pyproject.toml (needs uv)
	uv pip compile $(LOCK) -o requirements.lock
	uv pip compile $(LOCK) --group dev -c requirements.lock -o requirements-dev.lock
	echo 'duckdb>=2,<3' | uv pip compile --no-config $(HASHED) - -o requirements-duckdb2.lock
	printf 'dbt-core>=1.11,<1.12\ndbt-duckdb>=1.10\npandas\npolars\ndatasets\nduckdb==1.5.5\n' | uv pip compile --no-config $(HASHED) - -o requirements-consumers.lock

audit: .venv/dev ## known vulnerabilities of what is locked (needs the network)
	@test -x .venv/audit/bin/pip-audit || { $(PYTHON) -m venv .venv/audit && .venv/audit/bin/python -m pip --quiet install pip-audit==2.10.1; } \
		|| { echo "audit: pip-audit could not be installed, so nothing was checked. Is there a network?" >&2; exit 2; }
	@$(BIN)/python -m tests.audit .venv/audit/bin/pip-audit

licences: .venv/run ## write docs/licences.md anew
	$(BIN)/python -m tests.licences

fuzz: .venv/dev ## try many thousand broken documents on every parser (FUZZ_EXAMPLES, 5000 each: hours)
	FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-5000} $(BIN)/python -m pytest -q tests/fuzz

HASHED = --universal --generate-hashes --no-strip-extras --python-version 3.11 --no-annotate --no-header --no-emit-index-url --quiet
LOCK = $(HASHED) pyproject.toml --group build

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "newsmill needs Python 3.11 or newer: make PYTHON=python3.12 …" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/run: .venv/made requirements.lock pyproject.toml
	@echo "installing into .venv, about a minute the first time …"
	$(INSTALL) -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# What must not live beside newsmill: the next DuckDB, and what consumers use (dbt's pathspec and ours exclude each other).
.venv/dev: .venv/run requirements-dev.lock requirements-duckdb2.lock requirements-consumers.lock
	$(INSTALL) -r requirements-dev.lock
	$(INSTALL) -r requirements-duckdb2.lock --target .venv/other-duckdb --upgrade
	test -x .venv/consumers/bin/python || $(PYTHON) -m venv .venv/consumers
	.venv/consumers/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --require-hashes -r requirements-consumers.lock
	@touch $@

clean: ## remove what make made; the data folder stays
	rm -rf .venv dist
