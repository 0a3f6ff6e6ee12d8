# Two commands do all set-up on a fresh machine: make demo, make test.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: test demo check lint typecheck benchmark clean

test: $(STAMP)
	$(BIN)/python -m pytest -n auto --dist worksteal

demo: $(STAMP)
	$(BIN)/highdicom demo --output demo-output

benchmark: $(STAMP)
	$(BIN)/python benchmarks/run.py $(WORKLOADS)

check: lint typecheck

lint: $(STAMP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

typecheck: $(STAMP)
	$(BIN)/mypy
	$(BIN)/basedpyright

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@

clean:
	rm -rf $(VENV) demo-output .pytest_cache .mypy_cache .ruff_cache .hypothesis
