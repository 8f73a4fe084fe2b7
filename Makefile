# Everything a fresh machine with Python 3.11+ and make needs: `make run`, `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
KERNELS := $(VENV)/.compiled
WEB := server/web
WEB_PACKAGES := $(WEB)/node_modules/.installed
PAGE := server/liqbands_server/web/page/.built
NPM := npm --prefix $(WEB) --loglevel=error
HAS_NODE := node -e 'process.exit(+(parseInt(process.versions.node) < 20))' 2>/dev/null && npm --version >/dev/null 2>&1

.PHONY: run test check install lint types layers unit format bench bench-http bench-feed feed-kills soak fuzz mutations \
  pine-picture scorecard golden lock clean web web-test shots bench-web

run: install
	@$(MAKE) --no-print-directory web || echo "The chart was not built (see above); the server shows its overview instead."
	@$(BIN)/liqbands up

test: lint types layers web-test unit
check: test

install: $(STAMP) $(KERNELS)

$(STAMP): requirements/dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "liqbands needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "Python's venv module is missing (on Debian and Ubuntu: apt install python3-venv)"; exit 1; }
	@echo "Installing the locked dependencies into $(VENV) (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

# numba's cache looks at one file of the kernel only, so it is cleared when any of them changes.
$(KERNELS): $(STAMP) $(wildcard engine/liqbands/kernel/*.py engine/liqbands/sim/kernel/*.py)
	@echo "Compiling the engine's loops (once, about half a minute)"
	@find engine -name '*.nbi' -delete -o -name '*.nbc' -delete
	@$(BIN)/python -m liqbands.precompile
	@touch $(KERNELS)

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

layers: install
	$(BIN)/lint-imports

unit: install web
	$(BIN)/pytest --numprocesses 2 --dist loadfile

# The chart page, when its sources have changed.
web:
	@if $(HAS_NODE); then $(MAKE) --silent --no-print-directory $(PAGE); \
	else echo "The interactive chart is not built: Node 20 or newer with npm was not found. Everything else works."; fi

$(WEB_PACKAGES): $(WEB)/package-lock.json
	@echo "Installing the locked packages into $(WEB)/node_modules (once)"
	@$(NPM) ci --ignore-scripts --no-progress
	@touch $@

$(PAGE): $(WEB_PACKAGES) $(WEB)/index.html $(WEB)/vite.config.ts $(WEB)/tsconfig.json \
  $(shell find $(WEB)/src -type f ! -name '*.test.ts' ! -name '*.md')
	@echo "Building the chart page and the chart libraries"
	@$(NPM) run --silent build
	@touch $@

web-test:
	@if $(HAS_NODE); then $(MAKE) --silent --no-print-directory $(WEB_PACKAGES) && $(NPM) run --silent test; \
	else echo "Skipped: types, style and unit tests of $(WEB), because Node 20 or newer with npm was not found"; fi

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	@if test -e $(WEB_PACKAGES); then $(NPM) run --silent format; fi

bench: install
	$(BIN)/pytest tests/bench --benchmark-only --benchmark-disable-gc

# Against a hello-world in the same run; uses wrk where it is installed.
bench-http: install
	$(BIN)/python -m tests.bench.http

# From emulated venues to a stream's client: latency, share of a core, memory.
bench-feed: install
	$(BIN)/python -m tests.bench.feed_latency

# Draw times, frames, weight and first picture of the chart page, in Chromium.
bench-web: install web
	$(BIN)/python -m tests.server.web_page.run_script bench.script.ts

# The pictures of the chart page in docs/, taken in Chromium from the simulated market.
shots: install web
	$(BIN)/python -m tests.server.web_page.run_script shots.script.ts

# A feed killed a hundred times at random moments against an emulated market.
feed-kills: install
	$(BIN)/python -m tests.bench.feed_kills --kills 100

soak: install
	$(BIN)/python -m tests.bench.soak

fuzz: install
	FUZZ_CASES=20000 $(BIN)/pytest tests/server/udf/test_fuzz.py
	FUZZ_CASES=3000 $(BIN)/pytest tests/server/api/test_schemathesis.py
	LIQBANDS_FUZZ_CASES=20000 $(BIN)/pytest tests/pine/test_importer_fuzz.py
	LIQBANDS_FUZZ_CASES=100000 $(BIN)/pytest tests/mt5_bridge/test_indicator_fuzz.py

# Faults put into the scripts one by one: are they noticed?  About ten minutes.
mutations: install
	LIQBANDS_MUTATIONS=1 $(BIN)/pytest -s tests/pine/test_mutations.py tests/mt5_bridge/test_mutations.py

pine-picture: install
	$(BIN)/python -m tests.pine.picture docs/pine.png

# About five minutes; goes on where it was interrupted.
scorecard: install
	$(BIN)/liqbands score --sim held-out --seeds 201-203 --days 45 --png

golden: install
	LIQBANDS_REGENERATE=1 $(BIN)/pytest -m "not live"

# Needs uv; writes versions and hashes, no addresses.
lock:
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --quiet -o requirements/dev.lock

clean:
	rm -rf $(WEB)/node_modules $(dir $(PAGE))
	rm -rf $(VENV) out .mypy_cache .ruff_cache .pytest_cache .benchmarks .cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
