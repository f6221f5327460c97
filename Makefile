# Two commands on a bare machine with Python 3.11 to 3.13: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2

export PREFECT_SERVER_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1
unexport PYTHONDONTWRITEBYTECODE # with it, each process of the tests would compile everything anew

.DEFAULT_GOAL := help
.PHONY: help install install-dev browser run test fast docs check format serve lock clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

install: $(VENV)/installed ## Install coopledger into .venv from the hashed lock
install-dev: $(VENV)/installed-dev ## The same with what the tests need

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/installed-dev: requirements-dev.lock $(VENV)/installed
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

browser: ## Install Debian's Chromium for the page's tests, as root and on Debian alone
	@if command -v chromium >/dev/null; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "installing the package chromium with apt-get (some 300 MB), for the tests in a browser"; \
	  apt-get update -qq && apt-get install -y -qq chromium >/dev/null && exit 0; \
	fi; \
	echo "no Chromium: the tests in a browser will be skipped (on Debian: sudo apt-get install chromium)"

run: install ## Publish a release of seeds/ to output/
	$(BIN)/coopledger run

test: install-dev browser ## All tests, warnings as errors
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

fast: install-dev ## The tests that take seconds
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup -m "not slow"

docs: install-dev ## Build the site of the documentation into build/site
	$(BIN)/python -m mkdocs build --quiet

check: install-dev ## Format, lint, types, import law, the site, the package, then the tests
	PATH="$(CURDIR)/$(BIN):$$PATH" nox --no-venv --session lint package
	$(MAKE) test

format: install-dev ## Format and sort imports
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

serve: install ## Run the deployments from one process
	$(BIN)/coopledger serve

lock: install-dev ## Renew both locks; they name no index
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --no-annotate --extra flows --extra review --extra build --upgrade -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --no-annotate --extra dev --extra build -c requirements.lock --upgrade -o requirements-dev.lock pyproject.toml

clean: ## Remove .venv and caches; output/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache build dist .nox *.egg-info
