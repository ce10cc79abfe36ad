# make run | test | lint | bench | pages | users | contact-sheet | detectors | fuzz | mutants | lock     (Windows: see README.md)
# Another Python: make run PYTHON=/path/to/python3.11

VENV := .venv
BIN := $(VENV)/bin
CHROMIUM ?= /usr/bin/chromium
SOFFICE ?= soffice
PDFTOPPM ?= pdftoppm
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
# The first of these that starts and is new enough.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3 python; do \
	$$p -c '$(NEW_ENOUGH)' >/dev/null 2>&1 && { echo $$p; break; }; done)
export CHROMIUM SOFFICE PDFTOPPM

.PHONY: run test lint bench pages users contact-sheet detectors fuzz mutants lock chromium office
.DEFAULT_GOAL := run

run: $(VENV)/.app
	$(BIN)/python -m streamlit run app.py $(ARGS)

test: $(VENV)/.dev chromium office
	$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/pyright --pythonpath $(BIN)/python

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/bench.py

# How long each page takes to answer, with 1,200 and with 5,000 cases loaded.
pages: $(VENV)/.dev
	$(BIN)/python benchmarks/pages.py

# Fifty supervisors at once on one server, each with 20,000 sessions: about five minutes. Fewer: make users ARGS="--visitors 10"
users: $(VENV)/.dev
	$(BIN)/python benchmarks/users.py $(ARGS)

# Every page in every state, light and dark, at three widths: pictures in out/contact-sheet. Some of them: make contact-sheet ONLY="dark phone"
contact-sheet: $(VENV)/.dev chromium
	$(BIN)/python benchmarks/contact_sheet.py $(if $(ONLY),--only $(ONLY))

# How often each rule is wrong, and what it finds, on simulated cases: writes benchmarks/results.
detectors: $(VENV)/.dev
	$(BIN)/python -m benchmarks.detectors

# Damaged workbooks, new ones each time: make fuzz RUNS=5000
RUNS ?= 2000
fuzz: $(VENV)/.dev
	FUZZ_RUNS=$(RUNS) $(BIN)/python -m pytest tests/reading/test_fuzz.py

# Small changes to the measures, each of which some test should notice. Hours for all: make mutants ONLY="alliance_core.measures.pooling*"
ONLY ?=
mutants: $(VENV)/.dev
	nice $(BIN)/mutmut run $(ONLY)
	$(BIN)/mutmut results

# New versions within the bounds of requirements*.txt, for every platform, each with its hashes.
UV := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate --no-header
lock: $(VENV)/.dev
	$(UV) requirements.txt -o requirements.lock
	$(UV) requirements-dask.txt -c requirements.lock -o requirements-dask.lock
	$(UV) requirements-dev.txt -c requirements-dask.lock -o requirements-dev.lock

# The second install finds everything in place; it fails where the lock no longer fits the bounds.
$(VENV)/.app: $(VENV)/.made requirements.lock requirements.txt
	@echo "Installing into $(VENV): about a minute, once."
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.app requirements-dev.lock requirements-dev.txt requirements-dask.txt
	$(PIP) --require-hashes -r requirements-dev.lock
	$(PIP) -r requirements-dev.txt
	@touch $@

$(VENV)/.made:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is missing: install it, or say where it is: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@"$(PYTHON)" -c '$(NEW_ENOUGH)' 2>/dev/null || { echo "Python 3.11 or newer is needed, and $(PYTHON) is not: install it, or say where it is: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing: install it (Debian, Ubuntu: apt-get install python3-venv)" >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)
	@touch $@

# What the tests drive besides: Debian's Chromium, LibreOffice and poppler's tools. Installed here where they are missing and can be.
define fetched
	@[ -x "$$(command -v $(1))" ] || { \
		as=; [ "$$(id -u)" = 0 ] || as=sudo; \
		command -v apt-get >/dev/null && $$as apt-get update -qq && $$as apt-get install -y -qq $(4) $(2); \
		[ -x "$$(command -v $(1))" ]; \
	} || { echo "$(1) is missing: install it ($(2)), or say where it is: make test $(3)=/path/to/it" >&2; exit 1; }
endef

chromium:
	$(call fetched,$(CHROMIUM),chromium,CHROMIUM)

office:
	$(call fetched,$(SOFFICE),libreoffice-calc-nogui,SOFFICE,--no-install-recommends)
	$(call fetched,$(PDFTOPPM),poppler-utils,PDFTOPPM)
