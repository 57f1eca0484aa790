# Two commands do it all: `make demo` and `make test`. Both set up by themselves, in .venv.
PYTHON ?= $(firstword $(shell command -v python3.11 python3 python))
BIN := .venv/bin
export VIRTUAL_ENV := $(CURDIR)/.venv
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PYTHONUTF8 := 1
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test check dev bench docs lock clean

demo: .venv/run.stamp
	@$(BIN)/hearth demo

test: check
	$(BIN)/pytest -m "not journey" -n 2
	$(BIN)/pytest -m journey -n 2 --dist loadfile

check: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/dg check defs

# Dagster's pages on the demonstration's store, or on the one that hearth.toml names.
dev: .venv/run.stamp
	@$(if $(wildcard hearth.toml),,HEARTH_SETTINGS=demo/hearth.toml) $(BIN)/dg dev

bench: .venv/bench.stamp
	$(BIN)/python -m bench

docs: .venv/dev.stamp
	$(BIN)/python -m schemas.document
	$(BIN)/python tests/specs/render.py

# Writes the lock files anew from pyproject.toml and package.json; needs uv (pip install uv).
LOCK := uv pip compile pyproject.toml requirements/build.in --generate-hashes --no-header --no-strip-extras \
        --python-version 3.11 --universal --quiet
lock:
	$(LOCK) --extra dev --extra bench -o requirements/bench.lock
	$(LOCK) --extra dev -c requirements/bench.lock -o requirements/dev.lock
	$(LOCK) -c requirements/bench.lock -o requirements/run.lock
	$(BIN)/npm install --package-lock-only --silent
	$(BIN)/python -c 'import json, pathlib; f = pathlib.Path("package-lock.json"); lock = json.loads(f.read_text()); \
	  [p.pop("funding", None) for p in lock["packages"].values()]; f.write_text(json.dumps(lock, indent=2) + "\n")'

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
	  { echo "Hearth needs Python 3.11; this is $$($(PYTHON) --version). Name one: make demo PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .venv

# Node comes with the Python packages; what it installs are the desk's styles and, for the tests, axe and a browser.
NPM_CI := $(BIN)/npm ci --silent --ignore-scripts

.venv/%.stamp: requirements/%.lock pyproject.toml package-lock.json | .venv/bin/python
	@echo "Setting up .venv from requirements/$*.lock (about a minute)"
	@$(PIP) install --no-compile --require-hashes -r requirements/$*.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(NPM_CI) $(if $(filter run,$*),--omit=dev)
	@touch $@

clean:
	rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis dist
