# Two commands on a bare machine (Python 3.11, make, git; node for the web UI): `make run` and `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
NPM := $(shell command -v npm)
NODE_MODULES := frontend/node_modules/.package-lock.json
UI := havoc/serving/static/index.html

.PHONY: run dev mlflow ui test test-ui lint lint-ui lock

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[pipeline,serve,dev]"
	touch $@

# The whole pipeline (about a quarter of an hour the first time), then one question.
run: $(INSTALLED) ui
	$(BIN)/python -m pipelines.run

# Dagster on http://127.0.0.1:3001, its history in dagster_home/.
dev: $(INSTALLED)
	PATH="$(CURDIR)/$(BIN):$$PATH" DAGSTER_HOME="$(CURDIR)/dagster_home" $(BIN)/dagster dev -h 127.0.0.1 -p 3001

# MLflow on http://127.0.0.1:5000: runs, comparisons, the model registry.
mlflow: $(INSTALLED)
	MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false $(BIN)/mlflow server --backend-store-uri sqlite:///mlflow.db \
		--workers 1 --host 127.0.0.1 --port 5000

ifneq ($(NPM),)
# The web UI, built into the Python package. Browser tests need Chromium, some of them a trained
# model too; what is missing is said.
ui: $(UI)

test-ui: $(UI)
	cd frontend && npm run -s size && npm test --silent && npm run -s e2e

lint-ui: $(NODE_MODULES)
	cd frontend && npm run -s lint

$(NODE_MODULES): frontend/package-lock.json
	cd frontend && npm ci --silent --no-progress
	touch $@

$(UI): $(NODE_MODULES) $(shell find frontend/src frontend/public -type f) frontend/index.html frontend/vite.config.js
	cd frontend && npm run -s build
else
ui test-ui lint-ui:
	@echo "note: there is no npm here (node 20.19 or later), so the web UI is neither built nor tested ($@)"
endif

test: $(INSTALLED) test-ui
	OMP_NUM_THREADS=2 $(BIN)/python -m pytest

lint: $(INSTALLED) lint-ui
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# After an upgrade: the versions of this environment, for everyone and for the bento.
lock: $(INSTALLED)
	$(BIN)/python .ci/lock.py
