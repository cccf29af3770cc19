# Two commands matter: `make demo` to look, `make test` to be sure.
# Everything is built inside .venv from the hashed requirements files.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
CHROMIUM := $(or $(CHROMIUM),$(shell command -v chromium || command -v chromium-browser || command -v google-chrome))
COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header -q

export CHROMIUM

.PHONY: help setup setup-dev demo run test test-long check fix bench screenshots lock browser

help: ## List what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

setup: .venv/.ran-requirements-dev .env ## Build the environment, with the tools for development

demo: .venv/.ran-requirements .env ## Load an invented trust and show it on http://localhost:8000 (PORT=8001 for another)
	@DEBUG=false $(MANAGE) serve --demo --port $(PORT)

run: .venv/.ran-requirements .env ## Run the site for development: reloads what you change, loads no demo
	@DEBUG=true $(MANAGE) migrate --verbosity 0
	@DEBUG=true $(MANAGE) createcachetable
	@DEBUG=true $(MANAGE) runserver 127.0.0.1:$(PORT)

test: setup browser ## Run the whole suite on SQLite, then on PostgreSQL
	@$(BIN)/python tests/on_both_databases.py "not long"

test-long: setup browser ## Run the tests that take minutes, on both databases
	@$(BIN)/python tests/on_both_databases.py long

check: setup ## Check style, types of the rules, migrations, imports, start-up and what files may not name
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	DJANGO_SETTINGS_MODULE=tests.settings $(MANAGE) makemigrations --check --dry-run
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/trustplan/test_files.py

fix: setup ## Mend what the linters can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## Measure the pages against their floors, and keep the results in docs/benchmarks.md
	@$(BIN)/python -m bench --write docs/benchmarks.md

screenshots: setup browser .env ## Take every page at 1366, 820 and 390 pixels into docs/screenshots
	@$(BIN)/python -m tests.screenshots

lock: .venv/bin/uv ## Pin the newest allowed versions into the hashed requirements files
	echo 'uv' | $(BIN)/uv pip compile - --universal --python-version 3.11 --generate-hashes --no-header -q -o requirements-uv.txt
	$(COMPILE) --upgrade -o requirements.txt
	$(COMPILE) --upgrade --group dev -c requirements.txt -o requirements-dev.txt

.venv/bin/uv: requirements-uv.txt
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv module is missing. Install it: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-uv.txt
	@touch $@

.venv/.ran-%: %.txt .venv/bin/uv
	@echo "Installing $<"
	@$(BIN)/uv pip install -q --python .venv --require-hashes -r $<
	@touch $@

# Made once: a new key would sign everybody out.
.env:
	@umask 077; key=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(48))'); \
	sed "s/^SECRET_KEY=$$/SECRET_KEY=$$key/" .env.example > .env
	@echo "Wrote .env, with a SECRET_KEY of its own"

browser:
	@if [ -n "$(CHROMIUM)" ]; then echo "Browser: $(CHROMIUM)"; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -q && apt-get install -qy --no-install-recommends chromium fonts-liberation; \
	elif [ -n "$(REQUIRE_BROWSER)" ]; then \
	  echo "No Chromium. Install it: sudo apt-get install chromium fonts-liberation"; exit 1; \
	else \
	  echo "THE BROWSER TESTS WILL BE SKIPPED: no Chromium (sudo apt-get install chromium fonts-liberation)"; fi
