# The two commands: `make demo` shows it, `make test` proves it. Both set up what they need, and are quick the second time.
# Needed beforehand: Python 3.11 or later and make.

PYTHON ?= python3
BIN := .venv/bin
# An empty home, for what dbt must have built before it can compile the models for sqlfluff: the tables that models are made from.
EMPTY_HOME := $(CURDIR)/.venv/empty-home
DBT_ENVIRONMENT := MUNIMON_RAW=$(EMPTY_HOME)/raw MUNIMON_LEDGER=$(EMPTY_HOME)/ledger MUNIMON_REFERENCE=$(EMPTY_HOME)/reference \
	MUNIMON_BUILD_FILE=$(EMPTY_HOME)/build.duckdb DBT_TARGET_PATH=$(EMPTY_HOME)/target DBT_LOG_PATH=$(EMPTY_HOME)/logs
DBT_PLACES := --project-dir dbt_project --profiles-dir dbt_project

.PHONY: setup demo test lint types tests fuzz replay browser benchmark-ingest benchmark-build dictionary wheel requirements format clean

setup: .venv/installed

demo: setup
	$(BIN)/munimon demo

test: lint types tests

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	rm -rf $(addprefix $(EMPTY_HOME)/,raw ledger reference build.duckdb)
	$(BIN)/python -c "from pathlib import Path; from tests.dbt.warehouse import make_warehouse; make_warehouse(Path('$(EMPTY_HOME)'))"
	$(DBT_ENVIRONMENT) $(BIN)/dbt --quiet build --resource-type seed --resource-type model --select +int_indicator_series +dim_measures stg_reference__plausible_changes $(DBT_PLACES)
	$(DBT_ENVIRONMENT) $(BIN)/sqlfluff lint --nocolor --disable-progress-bar dbt_project

types: setup
	$(BIN)/mypy

tests: setup browser
	$(BIN)/python -m pytest -n 2 --dist loadfile

browser: setup
	$(BIN)/python -m tests.browser

# Readers and value parsers against generated files and cells, with new ones each time: make fuzz MINUTES=5
MINUTES ?= 60
fuzz: setup
	$(BIN)/python -m tests.fuzz --minutes $(MINUTES)

# The tables of docs/safety.md: what refusing each hostile file takes, and what taking in 100,000 rows takes in each format.
measure-hostile: setup
	$(BIN)/python -W ignore -m tests.ingest.hostile_table

measure-large: setup
	$(BIN)/python -m tests.ingest.large_files

# Published figures found again by as-of, with other histories of reports and decisions each time: make replay MINUTES=15
replay: setup
	$(BIN)/python -m tests.replay --minutes $(MINUTES)

# Histories of reports as files, received in any order, with new ones each time, and shrunk where one fails: make any-order MINUTES=10
any-order: setup
	$(BIN)/python -m tests.end_to_end --minutes $(MINUTES)

# The lines of the code that a program can set right.
format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# What a workbook costs beside the limit and beside what people use today; takes some minutes, and installs dlt for the comparison.
benchmark-ingest: setup
	$(BIN)/uv pip install --quiet --python $(BIN)/python --group benchmarks
	$(BIN)/python -m benchmarks.ingest

# What a build costs beside the same SQL sent straight to DuckDB, up to ten million rows; takes a while and some 10 GB of disk.
benchmark-build: setup
	$(BIN)/python -m benchmarks.build

dictionary: setup
	$(BIN)/python -m munimon.dictionary

wheel: setup
	$(BIN)/python -m hatchling build --target wheel

# The locked versions, from the ranges in pyproject.toml.
requirements: setup
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--group dev --quiet --output-file requirements.txt pyproject.toml

# What was received stays: remove data/warehouse yourself if you mean to.
clean:
	rm -rf .venv dist .pytest_cache .mypy_cache .ruff_cache .hypothesis dbt_project/target dbt_project/logs

# uv, itself locked, installs the rest in seconds; where it cannot, pip does the same more slowly. Compiled once here, or by every process
# where Python may not write: an import of dbt takes half the time then.
.venv/locked: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "munimon needs Python 3.11 or later; name one with: make PYTHON=/path/to/python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	sed -n '/^uv==/,/[^\\]$$/p' requirements.txt > .venv/uv.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt \
		&& $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.txt \
		|| $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

.venv/installed: .venv/locked pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@
