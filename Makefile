# Two commands matter: `make demo` and `make test`. Both install what they need into .venv.
PYTHON ?= python3
BIN := .venv/bin
HOME_FOLDER ?= gateways-home
FAULTS ?= 1000
TORTURE ?= torture.json
# Three files of tests at once, also on two cores: many wait for a browser, a server or a disk.
AT_ONCE ?= -n 3 --dist loadfile --no-loadscope-reorder
# Each process gets a core; more threads would wait for one another.
tests test-quick coverage torture: export OMP_NUM_THREADS := 1
# The checks run beside the tests, which begin with what waits most.
MAKEFLAGS += --jobs=2
export HF_HUB_OFFLINE := 1
export TOKENIZERS_PARALLELISM := false

.PHONY: help install demo test tests test-quick coverage torture check fix fuzz soak audit pictures measure-pages messages lock clean

help:  ## Show this list.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 14

install: .venv/installed  ## Make .venv with the locked dependencies and the package.

# Nothing is installed whose checksum is not in locks/. torch is fetched first: asked for with checksums,
# pip would take a build for GPUs before one for CPUs that lies beside the index. Where there is only a
# build for GPUs, asking for torch again brings the libraries that this one needs, and else nothing.
LOCKED := install --quiet --no-deps --require-hashes --requirement
TORCH = $$(grep -o '^torch==[^ ]*' locks/torch.txt)
.venv/torch: locks/torch.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip download --quiet --no-deps --dest .venv/fetched $(TORCH)
	$(BIN)/pip $(LOCKED) locks/torch.txt --no-index --find-links .venv/fetched
	rm -r .venv/fetched
	touch $@

.venv/installed: pyproject.toml .venv/torch locks/run.txt
	$(BIN)/pip $(LOCKED) locks/run.txt
	$(BIN)/pip install --quiet $(TORCH)
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

.venv/installed-dev: .venv/installed locks/dev.txt
	$(BIN)/pip $(LOCKED) locks/dev.txt
	touch $@

.venv/browser: .venv/installed-dev
	@command -v chromium >/dev/null || tests/install-browser
	touch $@

demo: install  ## Import the sample catalogue, index it, and serve it on http://127.0.0.1:8000.
	$(BIN)/gateways --home $(HOME_FOLDER) import data/sample
	$(BIN)/gateways --home $(HOME_FOLDER) index
	$(BIN)/gateways --home $(HOME_FOLDER) serve

check: .venv/installed-dev  ## Lint, format, types and the direction of imports.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test-quick: .venv/installed-dev  ## The tests but for the service's and those that take seconds: three minutes.
	$(BIN)/pytest $(AT_ONCE) -m 'not slow' --ignore=tests/service

test: check tests  ## Every check and every test.

tests: .venv/browser
	$(BIN)/pytest $(AT_ONCE) --durations=20

coverage: .venv/browser  ## Every test, and which lines none runs; takes half as long again.
	$(BIN)/pytest $(AT_ONCE) --cov --cov-report=term

# Seconds that atheris has for each reader, examples that the others draw of each kind.
SECONDS ?= 60
EXAMPLES ?= 200
fuzz: .venv/browser  ## Bad input, much of it: the whole interface and every reader of files.
	GATEWAYS_FUZZ_EXAMPLES=$(EXAMPLES) $(BIN)/pytest -q -o junit_family=xunit1 --junitxml=.hypothesis/fuzz.xml tests/fuzzing tests/service/test_interface.py
	$(BIN)/pip $(LOCKED) locks/fuzz.txt
	$(BIN)/python tests/fuzzing/search.py $(SECONDS)

SUPPLY_CHAIN := .venv/supply-chain
$(SUPPLY_CHAIN)/installed: locks/supply-chain.txt  # in a place of its own, since it brings a pip
	$(PYTHON) -m venv $(SUPPLY_CHAIN)
	$(SUPPLY_CHAIN)/bin/pip $(LOCKED) locks/supply-chain.txt
	touch $@

audit: install $(SUPPLY_CHAIN)/installed  ## Licences, a bill of materials (sbom.json), known vulnerabilities; the last takes network.
	$(BIN)/python deploy/supply_chain.py licences
	$(BIN)/python deploy/supply_chain.py bill sbom.json
	$(SUPPLY_CHAIN)/bin/python deploy/supply_chain.py vulnerabilities locks/*.txt

MINUTES ?= 30
soak: install  ## Mixed load on a real server; JSON that tells whether what it holds grows.
	$(BIN)/gateways bench soak --minutes $(MINUTES)

fix: .venv/installed-dev  ## Mend what the linter can mend, and format.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

torture: fuzz  ## A thousand faults under load, and what was lost; some half an hour, may be gone on with.
	$(BIN)/python -m tests.torture --faults $(FAULTS) --file $(TORTURE)

pictures: .venv/browser  ## Take the pictures of the documentation.
	$(BIN)/python tests/pages/pictures.py

measure-pages: .venv/browser  ## Weigh the pages and time them over slow 3G.
	$(BIN)/python tests/pages/measure.py

messages: .venv/installed-dev  ## Bring new texts of the pages into the message catalogues.
	$(BIN)/pybabel -q extract -F pyproject.toml -k message --omit-header -o messages.pot .
	for po in service/web/translations/*.po; do \
		$(BIN)/pybabel -q update -i messages.pot -o $$po -l $$(basename $$po .po) --no-fuzzy-matching --omit-header --ignore-obsolete; \
	done
	rm messages.pot

lock: $(SUPPLY_CHAIN)/installed  ## Write locks/ after pyproject.toml; UPGRADE=--upgrade takes what is newest.
	$(SUPPLY_CHAIN)/bin/python deploy/lock.py $(UPGRADE)

clean:  ## Remove .venv and the caches; the workspace stays.
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage *.egg-info
