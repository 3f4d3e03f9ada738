# Two commands on a bare machine (Python 3.11, make, git): `make run` and `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: run dev mlflow test lint lock

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[pipeline,serve,dev]"
	touch $@

# The whole pipeline (about a quarter of an hour the first time), then one question.
run: $(INSTALLED)
	$(BIN)/python -m pipelines.run

# Dagster on http://127.0.0.1:3001, its history in dagster_home/.
dev: $(INSTALLED)
	PATH="$(CURDIR)/$(BIN):$$PATH" DAGSTER_HOME="$(CURDIR)/dagster_home" $(BIN)/dagster dev -h 127.0.0.1 -p 3001

# MLflow on http://127.0.0.1:5000: runs, comparisons, the model registry.
mlflow: $(INSTALLED)
	MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false $(BIN)/mlflow server --backend-store-uri sqlite:///mlflow.db \
		--workers 1 --host 127.0.0.1 --port 5000

test: $(INSTALLED)
	OMP_NUM_THREADS=2 $(BIN)/python -m pytest

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# After an upgrade: the versions of this environment, for everyone and for the bento.
lock: $(INSTALLED)
	$(BIN)/python .ci/lock.py
