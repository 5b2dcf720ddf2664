# Two commands: `make run` serves the portal on this machine, `make test` proves it.
# Both need only Python 3.11 or newer and make; what is missing they install themselves.

.DEFAULT_GOAL := help
.SHELLFLAGS := -eu -c
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
LOCAL := $(BIN)/python -m kaysis.local
TEMPLATES := $(wildcard templates */templates kaysis/*/templates)
# The Python that makes .venv: PYTHON=… or the first one that is new enough.
PYTHON ?= $(or $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,$(shell \
	$(name) -c 'import sys; sys.version_info >= (3, 11) and print("$(name)")' 2>/dev/null))),python3)
# An existing .venv knows its own Python.
SETUP = $(or $(wildcard $(BIN)/python),$(PYTHON)) -I kaysis/local/setup.py
# Tests that share two cores gain from two processes; PYTEST= adds arguments.
PYTEST ?=
WORKERS ?= 2

# The order of the checks is meant: the quick ones first, and the first that fails ends it.
.NOTPARALLEL:

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

# --- The two commands -------------------------------------------------------------------------

.PHONY: run
run: setup ## serve the portal on this machine (PORT=8000, RELOAD=1)
	@$(LOCAL) run

.PHONY: test
test: setup-test ## every check: lint, architecture, types, migrations, deployment, tests
	@$(LOCAL) with $(MAKE) checks

# --- Parts of them ----------------------------------------------------------------------------

.PHONY: checks
checks: lint migrations-complete deployable tests

.PHONY: setup
setup:
	@$(SETUP) run

.PHONY: setup-test
setup-test:
	@$(SETUP) test

.PHONY: up
up: setup ## start PostgreSQL and Valkey alone, for pytest or manage.py
	@$(LOCAL) up
	@$(LOCAL) status

# Only the owner of the tables may: the portal itself runs as a role that may not.
.PHONY: migrate
migrate: setup ## bring the local database up to the code (make run does it too)
	@$(LOCAL) with sh -euc 'eval "$$($(LOCAL) env)"; DATABASE_URL=$$DATABASE_OWNER_URL exec $(MANAGE) migrate'

.PHONY: stop
stop: ## end `make run`, PostgreSQL and Valkey; the data stays
	@if [ -x $(BIN)/python ]; then $(LOCAL) stop; fi

.PHONY: clean
clean: ## remove .venv, caches and the local database, for good
	@if [ -x $(BIN)/python ]; then $(LOCAL) stop; $(LOCAL) destroy; fi
	rm -rf .venv .local staticfiles test-results .pytest_cache .mypy_cache .ruff_cache \
		.import_linter_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

# --- Checks -----------------------------------------------------------------------------------

.PHONY: lint
lint: setup-test ruff templates imports types ## style, templates, architecture, types

.PHONY: ruff
ruff:
	@echo "→ ruff"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .

.PHONY: templates
templates:
	@echo "→ djlint"
	@$(BIN)/djlint --lint --quiet $(TEMPLATES)

.PHONY: imports
imports:
	@echo "→ lint-imports"
	@$(BIN)/lint-imports --no-logo >.local/lint-imports.log 2>&1 || { cat .local/lint-imports.log; exit 1; }

.PHONY: types
types:
	@echo "→ mypy"
	@$(BIN)/mypy --no-error-summary

.PHONY: migrations-complete
migrations-complete:
	@echo "→ makemigrations --check"
	@DJANGO_SETTINGS_MODULE=kaysis.settings.test $(MANAGE) makemigrations --check --dry-run

.PHONY: deployable
deployable:
	@echo "→ check --deploy"
	@servers=$$($(LOCAL) env); set -a; . deploy/check.env; eval "$$servers"; \
		$(MANAGE) check --deploy --fail-level WARNING

.PHONY: tests
tests:
	@echo "→ pytest"
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup $(PYTEST)

# --- Tools ------------------------------------------------------------------------------------

.PHONY: fmt
fmt: setup-test ## format code and sort imports
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format .

.PHONY: benchmark
benchmark: setup ## measure the speed table (UNITS="10000 100000 1000000")
	@$(LOCAL) with $(MANAGE) benchmark $(UNITS)

.PHONY: translations
translations: setup ## collect English texts from the source and compile the catalogue
	@$(MANAGE) makemessages --locale en --no-location --no-wrap --no-obsolete \
		--ignore .venv --ignore .local --ignore staticfiles --ignore tests
	@$(SETUP) run
	@msgfmt --statistics --check-format -o /dev/null locale/en/LC_MESSAGES/django.po

.PHONY: screenshots
screenshots: setup-test ## take the pictures of README.md from a running portal (URL=)
	@$(BIN)/python docs/screenshots.py $(URL)

# The test set is resolved first; what production installs is the same versions or fewer.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

.PHONY: lock
lock: setup-test ## resolve requirements/*.in to exact versions with hashes (UPGRADE=1)
	@[ -x $(BIN)/uv ] || $(BIN)/python -m pip install --quiet uv
	$(COMPILE) requirements/test.in -o requirements/test.txt
	$(COMPILE) requirements/base.in -c requirements/test.txt -o requirements/base.txt
	$(COMPILE) requirements/local.in -c requirements/test.txt -o requirements/local.txt
