# make run: the demo city · make test: every test · make test-long: a hundred kills · make check: style and types.
# Needs Python 3.11 or newer.
PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
# Compiled modules are kept, whatever the surroundings say: the tests start a hundred processes of the program.
export PYTHONDONTWRITEBYTECODE :=
MAKE_ENVIRONMENT := $(PYTHON) scripts/environment.py

.PHONY: run test test-long check bench format assets lock environment

run:
	@$(MAKE_ENVIRONMENT) run
	@$(BIN)/python scripts/run_demo.py

test: environment assets
	@$(BIN)/pytest -n auto --maxprocesses 4 --dist loadgroup $(ARGS)

test-long: environment assets
	@CPS_TEST_ROUNDS=100 $(BIN)/pytest -s tests/polls/sentences $(ARGS)

check: environment
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

bench: environment assets
	@$(BIN)/python -m bench $(ARGS)

format: environment
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

assets:
	@$(BIN)/python hatch_build.py

lock: environment
	@$(BIN)/python scripts/lock.py $(ARGS)

environment:
	@$(MAKE_ENVIRONMENT) dev
