# Two commands do all the set-up: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
# What tests need is much more than what the demo needs.
TOOLS := $(VENV)/tools
# More than there are cores, usually: many tests wait for processes of their own.
WORKERS ?= 4
# Kept even where the environment says otherwise: else each of the hundreds of processes that the
# tests start compiles anew all that it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test lint compiled soak bench mutants clean

demo: $(READY)  ## a sample desk with live agents, and the console on it
	@$(BIN)/overread demo

test: $(TOOLS)  ## everything that must hold, as CI runs it
	@$(MAKE) --no-print-directory --jobs=2 lint compiled
	@$(BIN)/python -m pytest -q --numprocesses=$(WORKERS) --dist=worksteal

lint: $(TOOLS)  ## style, types and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache --no-logo

compiled: $(TOOLS)  ## what the tests import, once, rather than by every worker at the same time
	@-$(BIN)/python -m pytest -q --collect-only >$(VENV)/collected 2>&1

soak: $(TOOLS)  ## the long runs: kills, power cuts, storms, histories of 100,000 calls; about an hour
	@$(BIN)/python -m pytest -q -m soak
	@$(BIN)/python -m pytest -q tests/briefs tests/queue --hypothesis-profile=default

bench: $(TOOLS)  ## ratios against the limit of this machine, in the same run
	@$(BIN)/python tests/bench/run.py

mutants: $(TOOLS)  ## small changes that a test must notice; prints those that none did
	@$(BIN)/python tests/mutants.py

clean:
	rm -rf $(VENV) demo-desk

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Overread needs Python 3.11 or newer; set PYTHON=/path/to/python3")'
	@echo "setting up $(VENV) (once)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade pip
	@$(BIN)/python -m pip install --quiet --editable .
	@touch $(READY)

$(TOOLS): $(READY)
	@echo "adding to $(VENV) what the tests need (once; a gigabyte of agent runtimes and statistics)"
	@# What is imported is compiled then; to compile all of it takes longer than to install it.
	@$(BIN)/python -m pip install --quiet --no-compile --editable '.[dev]'
	@touch $(TOOLS)
