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

test: .venv/dev ## pass the tests
	$(BIN)/python -m pytest -q -n 2

check: .venv/dev ## lint, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: ## write requirements*.lock anew from pyproject.toml (needs uv)
	uv pip compile $(LOCK) -o requirements.lock
	uv pip compile $(LOCK) --group dev -c requirements.lock -o requirements-dev.lock

audit: .venv/dev ## known vulnerabilities of what is locked (needs the network)
	@test -x .venv/audit/bin/pip-audit || { $(PYTHON) -m venv .venv/audit && .venv/audit/bin/python -m pip --quiet install pip-audit==2.10.1; } \
		|| { echo "audit: pip-audit could not be installed, so nothing was checked. Is there a network?" >&2; exit 2; }
	@$(BIN)/python -m tests.audit .venv/audit/bin/pip-audit

licences: .venv/run ## write docs/licences.md anew
	$(BIN)/python -m tests.licences

fuzz: .venv/dev ## try many thousand broken documents on every parser (FUZZ_EXAMPLES, 5000 each: hours)
	FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-5000} $(BIN)/python -m pytest -q tests/fuzz

LOCK = --universal --generate-hashes --no-strip-extras --python-version 3.11 --no-annotate --no-header --no-emit-index-url --quiet \
	pyproject.toml --group build

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "newsmill needs Python 3.11 or newer: make PYTHON=python3.12 …" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/run: .venv/made requirements.lock pyproject.toml
	@echo "installing into .venv, about a minute the first time …"
	$(INSTALL) -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: .venv/run requirements-dev.lock
	$(INSTALL) -r requirements-dev.lock
	@touch $@

clean: ## remove what make made; the data folder stays
	rm -rf .venv dist
