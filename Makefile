# Works on a bare machine with Python 3.11+, pip, git, make and a C compiler.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install demo up test check format bench docs fuzz clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(STAMP) ## create the environment in .venv, from hashed pins

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/pip check --disable-pip-version-check >/dev/null
	@touch $@

demo: $(STAMP) ## stage the sample packets through the Dagster job, and show what came out
	@$(BIN)/release-staging demo

up: $(STAMP) ## local deployment: PostgreSQL, Dagster UI and daemon with the sensors on, desk
	@$(BIN)/release-staging up

test: $(STAMP) ## all tests, with the real PostgreSQL and a real Dagster instance
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: $(STAMP) ## ruff, mypy, import-linter and the project's own checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/check_parsers.py
	$(BIN)/python tools/make_schemas.py --check
	$(BIN)/python tools/make_docs.py --check

format: $(STAMP) ## format and fix what ruff can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(STAMP) ## write docs/FORMATS.md and docs/RULES.md from readers and rules
	$(BIN)/python tools/make_docs.py

fuzz: $(STAMP) ## fuzz every reader for FUZZ_SECONDS (600)
	FUZZ_SECONDS=$${FUZZ_SECONDS:-600} $(BIN)/python -m pytest --timeout 0 tests/evidence/test_fuzz.py

bench: $(STAMP) ## speed and memory
	$(BIN)/python -m bench

clean: ## remove the environment and the local state
	rm -rf $(VENV) .release-staging
