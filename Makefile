# Every target sets up what it needs in .venv; the second time that takes no time.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNS := $(VENV)/.runs
READY := $(VENV)/.ready
BENCH := .venv-bench
RIVALS := $(BENCH)/.ready
SEED := seeds/000_f562134c171a77a1.txt

.PHONY: brief test check test-live record golden eval-grounding bench chaos lock clean help

help:  ## what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# What a brief needs; the package runs from the tree.
$(RUNS): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info < (3, 14) else "Python 3.11 to 3.13 is needed, this is " + sys.version.split()[0] + ": set PYTHON=python3.11")'
	@echo "setting up $(VENV): takes about half a minute, once" >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(READY): $(RUNS) pyproject.toml requirements-dev.txt
	@echo "setting up what the tests need" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# What the batch is measured beside has an environment of its own; what cannot be installed is left out, and told.
$(RIVALS): benchmarks/speed/requirements-rivals.txt
	@echo "setting up $(BENCH): the tools that the batch is measured beside, once" >&2
	@$(PYTHON) -m venv $(BENCH)
	@$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $< || echo "they cannot be installed here: the figures come without them" >&2
	@touch $@

brief: $(RUNS)  ## brief the seed article with the embedded model (fetched once)
	@$(BIN)/python -m summarizer brief $(SEED)

test: $(READY)  ## the offline tests
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

check: $(READY)  ## lint, types, import layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

test-live: $(READY)  ## the tests that need the embedded model
	@$(BIN)/python -m pytest -m live -s

record: $(READY)  ## make the cassettes anew with the embedded model (minutes)
	@$(BIN)/python tests/record.py

eval-grounding: $(READY)  ## measure the grounding on labelled data (DATA=folder)
	@test -n "$(DATA)" || { echo "name the folder of labelled data: make eval-grounding DATA=folder" >&2; exit 2; }
	@$(BIN)/python -m benchmarks.grounding $(DATA)

golden: $(READY)  ## make the golden files of the digest anew; look at what git diff shows
	@PYTHONPATH=.:tests $(BIN)/python tests/golden.py

bench: $(READY) $(RIVALS)  ## measure how fast a batch is, beside other tools (ARGS=--quick for a look)
	@$(BIN)/python -m benchmarks.speed $(ARGS)

chaos: $(READY)  ## kill a batch again and again under a server that fails, and see that all adds up (minutes)
	@$(BIN)/python -m benchmarks.chaos $(ARGS)

lock:  ## lock the dependencies: names, versions, hashes (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --all-extras pyproject.toml -o requirements-dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate benchmarks/speed/requirements-rivals.in -o benchmarks/speed/requirements-rivals.txt

clean:
	rm -rf $(VENV) $(BENCH) build dist *.egg-info
